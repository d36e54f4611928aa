using Atoll.Arch;
using Atoll.Ipc;
using static Atoll.Kernel.Tests.Ipc.AccessKind;

namespace Atoll.Kernel.Tests.Ipc;

/// <summary>When an event loop sleeps, and in which order. What the order is good for is the explorer's (tests/Explorer).</summary>
public sealed unsafe class SleepProtocolTests
{
    [Fact]
    public void Sleep_AnnouncesFencesLooksHaltsWithdraws()
    {
        using var instance = new ProtocolFixture(links: 2);

        // Each quiet link is a look at its ring and one at its peer's life.
        Assert.Equal(
            [StoreHeader, Fence, LoadHeader, LoadHeader, LoadHeader, LoadHeader, Halt, StoreHeader],
            Rest(instance, TurnResult.Idle, timerMicroseconds: 70));
        Assert.Equal((1UL, 2UL, 70UL), (instance.WakeInHalt, instance.Wake, instance.Timer));

        Rest(instance, TurnResult.Worked);
        Assert.Equal((3UL, 4UL, 0UL), (instance.WakeInHalt, instance.Wake, instance.Timer));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void MessageInAnyLink_KeepsAwake(int link)
    {
        using var instance = new ProtocolFixture(links: 2);
        LinkMessage message = new() { Kind = (uint)LinkKind.FirstOfLayerAbove };
        Assert.Equal(LinkSendResult.Sent, instance.Pairs[link].Right.TrySend<CoherentMemory>(ref message));

        Assert.DoesNotContain(Halt, Rest(instance, TurnResult.Idle));
        Assert.Equal(2UL, instance.Wake);
    }

    [Fact]
    public void DeathOfAPeer_KeepsAwake_UntilItsLinkIsClosed()
    {
        using var instance = new ProtocolFixture(links: 2);
        *instance.Pairs[1].RightLife = 0;
        Assert.DoesNotContain(Halt, Rest(instance, TurnResult.Idle));

        Assert.Equal(LinkReceiveResult.PeerDied, instance.Pairs[1].Left.TryReceive<CoherentMemory>(out _));
        Assert.Contains(Halt, Rest(instance, TurnResult.Idle));
    }

    [Fact]
    public void MoreToDo_NeverSleeps()
    {
        using var instance = new ProtocolFixture(links: 1);
        for (int turn = 0; turn < 5; turn++)
        {
            Assert.Equal([Breath], Rest(instance, TurnResult.More));
        }
    }

    /// <summary>Worked begins the count anew; a sleep does not, so that after one without work the next follows.</summary>
    [Fact]
    public void Sleep_ComesAfterEmptyTurnsInARow()
    {
        using var instance = new ProtocolFixture(links: 1) { IdleTurns = 3 };
        TurnResult[] turns =
        [
            TurnResult.Idle, TurnResult.Idle, TurnResult.Worked, TurnResult.Idle, TurnResult.Idle, TurnResult.Idle,
            TurnResult.Idle, TurnResult.More, TurnResult.Idle,
        ];

        bool[] slept = Array.ConvertAll(turns, turn => Rest(instance, turn).Contains(Halt));

        Assert.Equal([false, false, false, false, false, true, true, false, false], slept);
    }

    private static IReadOnlyList<AccessKind> Rest(ProtocolFixture instance, TurnResult result, ulong timerMicroseconds = 0) =>
        AccessLog.Record(() => SleepProtocol.Rest<RecordingMemory, ProtocolFixture.Instance, ProtocolState>(
            ref instance.State, result, timerMicroseconds));
}
