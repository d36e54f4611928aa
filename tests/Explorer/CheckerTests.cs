using Atoll.Explorer.Actors;
using Atoll.Explorer.Defects;
using Atoll.Explorer.Scenarios;
using Atoll.Explorer.Search;
using Atoll.Explorer.Tso;
using Xunit.Abstractions;

namespace Atoll.Explorer;

/// <summary>The checker itself: each property can fail, and its short cuts change no answer.</summary>
public sealed class CheckerTests(ITestOutputHelper output)
{
    private static readonly PlannedSend[] s_one = [new()];
    private static readonly PlannedSend[] s_five = [.. Enumerable.Repeat(new PlannedSend(), 5)];
    private static readonly PlannedSend[] s_tenControl = [.. Enumerable.Repeat(new PlannedSend(IsControl: true), 10)];

    [Fact]
    public void BothWaitForTheOther_IsADeadlock() =>
        Finding.Of(output, ViolationKind.Deadlock, () => ExchangeScenarios<ModelInstance>.NobodyBegins(Setting.Default));

    [Fact]
    public void AReceiverThatNeverSleeps_IsALivelock() =>
        Finding.Of(
            output,
            ViolationKind.Livelock,
            () => SleepScenarios<ModelMemory, ModelMemory, ModelInstance>.TwoSenders(
                Setting.Default with { NeverDone = true }, s_one));

    [Fact]
    public void WithdrawingWithoutAHalt_IsBeingKeptAwake() =>
        Finding.Of(
            output,
            ViolationKind.KeptAwake,
            () => SleepScenarios<ModelMemory, ModelMemory, WithoutHalt>.OneSender(Setting.Default, s_one));

    [Fact]
    public void SequenceReadAsZero_IsFullWhenNotFull() =>
        Finding.Of(
            output,
            ViolationKind.FullWhenNotFull,
            () => SleepScenarios<SequenceReadsZero, ModelMemory, ModelInstance>.OneSender(Setting.Default, s_five));

    [Fact]
    public void PresentTakenForReturned_IsAnOverrun() =>
        Finding.Of(
            output,
            ViolationKind.Overrun,
            () => SleepScenarios<PresentTakenForReturned, ModelMemory, ModelInstance>.OneSender(Setting.Default, s_five));

    [Fact]
    public void SlotReturnedUnread_LosesAMessage() =>
        Finding.Of(
            output,
            ViolationKind.MessageLost,
            () => SleepScenarios<ModelMemory, ReturnsOneAhead, ModelInstance>.OneSender(
                Setting.Default with { Prefill = 8 }, s_tenControl));

    [Fact]
    public void FirstMessageAgain_IsDoubled() =>
        Finding.Of(
            output,
            ViolationKind.MessageDoubled,
            () => SleepScenarios<RepeatsTheFirstMessage, ModelMemory, ModelInstance>.OneSender(Setting.Default, s_one, s_one));

    [Fact]
    public void FoldingStores_LeavesOutStatesButNoEnd()
    {
        Exploration folded = Finding.None(output, () => OneSender(foldsStores: true));
        Exploration whole = Finding.None(output, () => OneSender(foldsStores: false));

        Assert.True(folded.States < whole.States);
        Assert.Equal(whole.Ends, folded.Ends);

        static Model OneSender(bool foldsStores) =>
            SleepScenarios<ModelMemory, ModelMemory, ModelInstance>.OneSender(
                Setting.Default with { FoldsStores = foldsStores }, s_one, s_one, s_one);
    }

    [Fact]
    public void ASearch_RepeatsToTheState()
    {
        Exploration first = Finding.None(output, PingPong);
        Exploration second = Finding.None(output, PingPong);

        Assert.Equal((first.States, first.Transitions, first.Ends), (second.States, second.Transitions, second.Ends));

        static Model PingPong() => ExchangeScenarios<ModelInstance>.PingPong(Setting.Default, rounds: 1);
    }
}
