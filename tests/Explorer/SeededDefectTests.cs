using Atoll.Explorer.Actors;
using Atoll.Explorer.Defects;
using Atoll.Explorer.Scenarios;
using Atoll.Explorer.Tso;
using Xunit.Abstractions;
using static Atoll.Explorer.Actors.SleepStep;

namespace Atoll.Explorer;

/// <summary>
/// Defects put under or around the product's own code: each must be found, as what it is, with a run that repeats it.
/// </summary>
public sealed class SeededDefectTests(ITestOutputHelper output)
{
    private static readonly PlannedSend[] s_one = [new()];
    private static readonly PlannedSend[] s_oneControl = [new(IsControl: true)];

    [Fact]
    public void NoFenceAtTheSender_LosesAWakeUp() =>
        Finding.Of(
            output,
            ViolationKind.LostWakeUp,
            () => SleepScenarios<WithoutFence, ModelMemory>.OneSender(Setting.Default, s_one));

    [Fact]
    public void NoFenceAtTheReceiver_LosesAWakeUp() =>
        Finding.Of(
            output,
            ViolationKind.LostWakeUp,
            () => SleepScenarios<ModelMemory, WithoutFence>.OneSender(Setting.Default, s_one));

    [Fact]
    public void NoSecondLook_LosesAWakeUp() => FindLostWakeUp(Announce, Halt, Withdraw);

    [Fact]
    public void SecondLookBeforeInterruptsAreOff_LosesAWakeUp() =>
        FindLostWakeUp(OpenInterrupts, Announce, Look, CloseInterrupts, Halt, Withdraw);

    [Fact]
    public void WakeWordStoredAfterTheSecondLook_LosesAWakeUp() => FindLostWakeUp(Look, Announce, Halt, Withdraw);

    [Fact]
    public void InterruptsOpenBetweenAnnounceAndHalt_LosesAWakeUp() =>
        FindLostWakeUp(Announce, OpenInterrupts, CloseInterrupts, Serve, Halt, Withdraw);

    /// <summary>
    /// The neighbour of the defect above: with interrupts closed the early doorbell stays pending and ends the halt.
    /// </summary>
    [Fact]
    public void ServingUnderAnAnnouncement_WithInterruptsClosed_LosesNothing() =>
        Finding.None(output, () => Sleeping(Announce, Serve, Halt, Withdraw));

    [Fact]
    public void DoorbellRememberedAcrossSleeps_LosesAWakeUp() =>
        Finding.Of(
            output,
            ViolationKind.LostWakeUp,
            () => SleepScenarios<OneNameForEverySleep, ModelMemory>.OneSender(Setting.Default, s_one, s_one));

    [Fact]
    public void DoorbellNotRemembered_RingsAgain() =>
        Finding.Of(
            output,
            ViolationKind.SecondDoorbell,
            () => SleepScenarios<ModelMemory, ModelMemory>.OneSender(
                Setting.Default with { ForgetsDoorbells = true }, s_one, s_one));

    [Fact]
    public void DoorbellRememberedFromAnEarlierLife_LosesAWakeUp() =>
        Finding.Of(
            output,
            ViolationKind.LostWakeUp,
            () => SleepScenarios<ModelMemory, ModelMemory>.OneSender(
                Setting.Default with { RemembersEarlierLife = true }, s_one));

    [Fact]
    public void WithdrawalNotStored_RingsTheAwake() =>
        Finding.Of(
            output,
            ViolationKind.NeedlessDoorbell,
            () => SleepScenarios<ModelMemory, WithdrawalNotStored>.OneSender(Setting.Default, s_one, s_one));

    [Fact]
    public void HeaderBeforePayload_TearsAMessage() =>
        Finding.Of(
            output,
            ViolationKind.MessageTorn,
            () => SleepScenarios<HeaderBeforePayload, ModelMemory>.OneSender(Setting.Default, s_one));

    [Fact]
    public void SlotReturnedBeforeItIsCopied_TearsAMessage() =>
        Finding.Of(
            output,
            ViolationKind.MessageTorn,
            () => SleepScenarios<ModelMemory, ReturnBeforeCopy>.OneSender(
                Setting.Default with { Prefill = 8 }, [.. Enumerable.Repeat(s_oneControl, 9)]));

    [Fact]
    public void TryingAgainOnAFullRingWithoutRinging_LosesAWakeUp() =>
        Finding.Of(
            output,
            ViolationKind.LostWakeUp,
            () => SleepScenarios<ModelMemory, ModelMemory>.OneSender(
                Setting.Default with { KeepsTurnOpenWhenFull = true }, [.. Enumerable.Repeat(new PlannedSend(), 5)]));

    private void FindLostWakeUp(params SleepStep[] order) =>
        Finding.Of(output, ViolationKind.LostWakeUp, () => Sleeping(order));

    private static Model Sleeping(params SleepStep[] order) =>
        SleepScenarios<ModelMemory, ModelMemory>.OneSender(Setting.Default with { Sleep = order }, s_one, s_one);
}
