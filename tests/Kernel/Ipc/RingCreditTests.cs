using Atoll.Abi;
using Atoll.Arch;
using Atoll.Ipc;

namespace Atoll.Kernel.Tests.Ipc;

/// <summary>What a sender knows of the free slots ahead: it looks seldom, and never sends into the reserve.</summary>
public sealed class RingCreditTests
{
    private const uint Room = RingFixture.SlotCount - RingSender.ReservedSlots;

    [Fact]
    public void FreshRing_IsFilledUpToTheReserveAndNoFurther()
    {
        using var ring = new RingFixture();

        Assert.Equal(Room, SendUntilFull(ring));
        Assert.Equal(RingSender.ReservedSlots, SendControlUntilFull(ring));
    }

    /// <summary>Control messages use up slots that were known to be free for data.</summary>
    [Fact]
    public void ControlMessages_CountAgainstTheRoomForData()
    {
        using var ring = new RingFixture();
        RingMessage message = RingFixture.Message(0);
        Assert.Equal(SendResult.Sent, ring.Sender.TrySendControl<CoherentMemory>(in message));

        Assert.Equal(Room - 1, SendUntilFull(ring));
    }

    /// <summary>However many slots come back at once, exactly as many messages follow.</summary>
    [Fact]
    public void ReturnedSlots_AreUsedExactly()
    {
        using var ring = new RingFixture();
        SendUntilFull(ring);
        for (uint returned = 0; returned <= Room; returned++)
        {
            for (uint taken = 0; taken < returned; taken++)
            {
                Assert.Equal(ReceiveResult.Received, ring.Receiver.TryReceive<CoherentMemory>(out _));
            }

            Assert.Equal(returned, SendUntilFull(ring));
        }
    }

    /// <summary>With all data slots full and the reserve used, slots given back fill the reserve first.</summary>
    [Fact]
    public void UsedReserve_IsMadeGoodBeforeDataIsSent()
    {
        using var ring = new RingFixture();
        SendUntilFull(ring);
        SendControlUntilFull(ring);
        for (uint taken = 0; taken < RingSender.ReservedSlots; taken++)
        {
            ring.Receiver.TryReceive<CoherentMemory>(out _);
            Assert.Equal(0u, SendUntilFull(ring));
        }

        ring.Receiver.TryReceive<CoherentMemory>(out _);
        Assert.Equal(1u, SendUntilFull(ring));
    }

    /// <summary>A look ahead at the start of a quarter of the ring stands for all of it: no other send loads anything.</summary>
    [Fact]
    public void Look_StandsForAQuarterOfTheRing()
    {
        using var ring = new RingFixture();
        RingMessage message = RingFixture.Message(0);
        SendUntilFull(ring);
        while (ring.Receiver.TryReceive<CoherentMemory>(out _) == ReceiveResult.Received)
        {
        }

        // Up to the next quarter, a look for each: the reserve came first, so the position is not at the start of one.
        for (uint position = Room; position < RingFixture.SlotCount; position++)
        {
            Assert.Equal(1, Loads());
        }

        for (uint quarter = 0; quarter < 2; quarter++)
        {
            Assert.Equal(2, Loads());
            for (uint sent = 1; sent < RingFixture.SlotCount / 4; sent++)
            {
                Assert.Equal(0, Loads());
            }
        }

        int Loads() => AccessLog.Record(() => ring.Sender.TrySend<RecordingMemory>(in message)).Count(access => access == AccessKind.LoadHeader);
    }

    private static uint SendUntilFull(RingFixture ring)
    {
        uint sent = 0;
        RingMessage message = RingFixture.Message(sent);
        while (ring.Sender.TrySend<CoherentMemory>(in message) == SendResult.Sent)
        {
            message = RingFixture.Message(++sent);
        }

        return sent;
    }

    private static uint SendControlUntilFull(RingFixture ring)
    {
        uint sent = 0;
        RingMessage message = RingFixture.Message(sent);
        while (ring.Sender.TrySendControl<CoherentMemory>(in message) == SendResult.Sent)
        {
            message = RingFixture.Message(++sent);
        }

        return sent;
    }
}
