using Atoll.Abi;
using Atoll.Explorer.Actors;
using Atoll.Explorer.Defects;
using Atoll.Explorer.Scenarios;
using Atoll.Explorer.Tso;
using Atoll.Ipc;
using Xunit.Abstractions;

namespace Atoll.Explorer;

/// <summary>
/// Defects put under the product's own code, as memory or as an instance that is wrong in one point: each must be found, as
/// what it is, with a run that repeats it.
/// </summary>
public sealed class SeededDefectTests(ITestOutputHelper output)
{
    private static readonly PlannedSend[] s_one = [new()];
    private static readonly PlannedSend[] s_oneControl = [new(IsControl: true)];

    [Fact]
    public void NoFenceAtTheSender_LosesAWakeUp() =>
        Find<WithoutFence, ModelMemory, ModelInstance>(ViolationKind.LostWakeUp, Setting.Default, s_one);

    [Fact]
    public void NoFenceAtTheReceiver_LosesAWakeUp() =>
        Find<ModelMemory, WithoutFence, ModelInstance>(ViolationKind.LostWakeUp, Setting.Default, s_one);

    [Fact]
    public void NoSecondLook_LosesAWakeUp() =>
        Find<ModelMemory, WithoutSecondLook, ModelInstance>(ViolationKind.LostWakeUp, Setting.Default, s_one, s_one);

    [Fact]
    public void SecondLookBeforeInterruptsAreOff_LosesAWakeUp() =>
        Find<ModelMemory, InterruptsOpenUntilTheHalt, InterruptsOpenUntilTheHalt.Sleeper>(
            ViolationKind.LostWakeUp, Setting.Default, s_one, s_one);

    [Fact]
    public void WakeWordStoredAfterTheSecondLook_LosesAWakeUp() =>
        Find<ModelMemory, AnnouncesAtTheHalt, AnnouncesAtTheHalt.Sleeper>(
            ViolationKind.LostWakeUp, Setting.Default, s_one, s_one);

    [Fact]
    public void DoorbellTakenBetweenStiAndHlt_LosesAWakeUp() =>
        Find<ModelMemory, ModelMemory, WindowBeforeTheHalt>(ViolationKind.LostWakeUp, Setting.Default, s_one);

    [Fact]
    public void InterruptsOpenBetweenAnnounceAndHalt_LosesAWakeUp() =>
        Find<ModelMemory, ModelMemory, ServesBeforeTheHaltAfterAWindow>(
            ViolationKind.LostWakeUp, Setting.Default, s_one, s_one);

    /// <summary>
    /// The neighbour of the defect above: with interrupts closed the early doorbell stays pending and ends the halt.
    /// </summary>
    [Fact]
    public void ServingUnderAnAnnouncement_WithInterruptsClosed_LosesNothing() =>
        Finding.None(
            output,
            () => SleepScenarios<ModelMemory, ModelMemory, ServesBeforeTheHalt>.OneSender(Setting.Default, s_one, s_one));

    [Fact]
    public void DoorbellRememberedAcrossSleeps_LosesAWakeUp() =>
        Find<OneNameForEverySleep, ModelMemory, ModelInstance>(ViolationKind.LostWakeUp, Setting.Default, s_one, s_one);

    [Fact]
    public void DoorbellNotRemembered_RingsAgain() =>
        Find<AnotherNameAfterEachMessage, ModelMemory, ModelInstance>(
            ViolationKind.SecondDoorbell, Setting.Default, s_one, s_one);

    [Fact]
    public void DoorbellRememberedFromAnEarlierLife_LosesAWakeUp() =>
        Find<ModelMemory, ModelMemory, ModelInstance>(
            ViolationKind.LostWakeUp, Setting.Default with { RemembersEarlierLife = true }, s_one);

    [Fact]
    public void WithdrawalNotStored_RingsTheAwake() =>
        Find<ModelMemory, WithdrawalNotStored, ModelInstance>(
            ViolationKind.NeedlessDoorbell, Setting.Default, s_one, s_one);

    [Fact]
    public void HeaderBeforePayload_TearsAMessage() =>
        Find<HeaderBeforePayload, ModelMemory, ModelInstance>(
            ViolationKind.MessageTorn, Setting.Default with { HasWayBack = true }, s_one);

    [Fact]
    public void SlotReturnedBeforeItIsCopied_TearsAMessage() =>
        Find<ModelMemory, ReturnBeforeCopy, ModelInstance>(
            ViolationKind.MessageTorn,
            Setting.Default with { Prefill = 8 },
            [.. Enumerable.Repeat(s_oneControl, 9)]);

    [Fact]
    public void TryingAgainOnAFullRingWithoutRinging_LosesAWakeUp() =>
        Find<ModelMemory, ModelMemory, ModelInstance>(
            ViolationKind.LostWakeUp,
            Setting.Default with { KeepsTurnOpenWhenFull = true },
            [.. Enumerable.Repeat(new PlannedSend(), 5)]);

    [Fact]
    public void WaitingForRoomWithoutATimer_IsADeadlock() =>
        Finding.Of(
            output,
            ViolationKind.Deadlock,
            () => ExchangeScenarios<WithoutTimer>.Storm(
                Setting.Default, [.. Enumerable.Repeat(new PlannedSend(), 5)], answers: []));

    private void Find<TSender, TReceiver, TSleeper>(ViolationKind kind, Setting setting, params PlannedSend[][] turns)
        where TSender : ISharedMemory
        where TReceiver : ISharedMemory
        where TSleeper : ISleeper<LoopState>, ILinkReader<LoopState, Link>, IDeathBell<LoopState> =>
        Finding.Of(output, kind, () => SleepScenarios<TSender, TReceiver, TSleeper>.OneSender(setting, turns));
}
