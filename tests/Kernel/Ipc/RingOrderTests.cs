using Atoll.Abi;
using Atoll.Arch;
using Atoll.Ipc;

namespace Atoll.Kernel.Tests.Ipc;

/// <summary>
/// The order in which a ring touches shared memory, and what the other side sees between any two accesses.
/// </summary>
public sealed class RingOrderTests
{
    [Fact]
    public void Send_StoresThePayloadBeforeTheHeader()
    {
        using var ring = new RingFixture();

        IReadOnlyList<AccessKind> accesses = AccessLog.Record(() => Send<RecordingMemory>(ring, 0));

        Assert.Equal([.. Enumerable.Repeat(AccessKind.StorePayload, 7), AccessKind.StoreHeader],
            accesses);
        Assert.True(IsOrdered(accesses));
    }

    [Fact]
    public void Receive_LoadsThePayloadOnceBeforeItGivesTheSlotBack()
    {
        using var ring = new RingFixture();
        Send<CoherentMemory>(ring, 0);
        Send<CoherentMemory>(ring, 1);
        ring.Receiver.TryReceive<CoherentMemory>(out _);

        IReadOnlyList<AccessKind> accesses = AccessLog.Record(() => ring.Receiver.TryReceive<RecordingMemory>(out _));

        Assert.Equal([AccessKind.LoadHeader, AccessKind.LoadPayload, AccessKind.StoreHeader], accesses);
        Assert.True(IsOrdered(accesses));
    }

    /// <summary>At the start of a group: one look at the end of the next, and only if that is full are its sixteen lines asked for.</summary>
    [Theory]
    [InlineData(31u, 0)]
    [InlineData(32u, 16)]
    public void ReadAhead_FetchesTheNextGroupWhenAllOfItIsThere(uint sent, int fetched)
    {
        using var ring = new RingFixture();
        for (ulong number = 0; number < sent; number++)
        {
            Send<CoherentMemory>(ring, number);
        }

        IReadOnlyList<AccessKind> accesses = AccessLog.Record(() => ring.Receiver.TryReceive<RecordingMemory>(out _));

        Assert.Equal(
            [AccessKind.LoadHeader, AccessKind.LoadHeader, .. Enumerable.Repeat(AccessKind.Prefetch, fetched), AccessKind.LoadPayload, AccessKind.StoreHeader],
            accesses);
        for (uint position = 1; position < 16; position++)
        {
            Assert.DoesNotContain(AccessKind.Prefetch, AccessLog.Record(() => ring.Receiver.TryReceive<RecordingMemory>(out _)));
        }
    }

    [Fact]
    public void FullAndEmpty_AreOneLoad()
    {
        using var ring = new RingFixture();

        Assert.Equal([AccessKind.LoadHeader], AccessLog.Record(() => ring.Receiver.TryReceive<RecordingMemory>(out _)));
        for (ulong i = 0; i < RingFixture.SlotCount - RingSender.ReservedSlots; i++)
        {
            Send<CoherentMemory>(ring, i);
        }

        Assert.Equal([AccessKind.LoadHeader], AccessLog.Record(() => Send<RecordingMemory>(ring, 64)));
    }

    [Fact]
    public void ConsumerBetweenAnyTwoStores_SeesWholeMessagesOnly() => Assert.Equal(0, TornMessages<RecordingMemory>());

    /// <summary>
    /// The two checks above can fail: memory that lets the header overtake the payload is found by both.
    /// </summary>
    [Fact]
    public void MemoryThatReorders_IsFound()
    {
        using var ring = new RingFixture();

        Assert.False(IsOrdered(AccessLog.Record(() => Send<ReorderingMemory>(ring, 0))));
        Assert.False(IsOrdered(AccessLog.Record(() => ring.Receiver.TryReceive<ReorderingMemory>(out _))));
        Assert.NotEqual(0, TornMessages<ReorderingMemory>());
    }

    // What the argument for the ring's correctness rests on: no payload access after the header store that passes the
    // slot on.
    private static bool IsOrdered(IReadOnlyList<AccessKind> accesses) =>
        accesses.Count(kind => kind == AccessKind.StoreHeader) == 1 && accesses[^1] == AccessKind.StoreHeader;

    private static SendResult Send<TMemory>(RingFixture ring, ulong number)
        where TMemory : ISharedMemory
    {
        RingMessage message = RingFixture.Message(number);
        return ring.Sender.TrySend<TMemory>(in message);
    }

    // A consumer that looks after every single access of the producer.
    private static int TornMessages<TMemory>()
        where TMemory : ISharedMemory
    {
        using var ring = new RingFixture();
        ulong received = 0;
        int torn = 0;
        for (ulong number = 1; number <= 1000; number++)
        {
            AccessLog.Record(() => Send<TMemory>(ring, number), Look);
        }

        Assert.Equal(1000UL, received);
        return torn;

        void Look()
        {
            if (ring.Receiver.TryReceive<CoherentMemory>(out RingMessage message) == ReceiveResult.Received)
            {
                received++;
                torn += RingFixture.Is(in message, received) ? 0 : 1;
            }
        }
    }
}
