using Atoll.Abi;
using Atoll.Arch;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Ipc;

/// <summary>
/// The other end writes anything anywhere in the ring: this end answers Full, Empty or Received and touches nothing
/// else.
/// </summary>
public sealed unsafe class HostilePeerTests
{
    [Fact]
    public void HostileConsumer_CanOnlyMakeTheRingFullOrFreeSlots() => Seeds.ForEach(10, random =>
    {
        using var ring = new RingFixture();
        ring.StartAt((uint)random.NextInt64(uint.MaxValue));
        uint position = ring.Sender.Position;
        for (int step = 0; step < 5000; step++)
        {
            Vandalise(random, ring.Slots, position);
            bool isControl = random.Next(2) == 0;
            bool isFree = IsFree(ring.Slots, position);
            bool isAheadFree = IsFree(ring.Slots, position + 4);
            RingSlot before = ring.Slots[position % RingFixture.SlotCount];
            RingMessage message = RingFixture.Message((ulong)step);

            SendResult result = isControl
                ? ring.Sender.TrySendControl<CoherentMemory>(in message)
                : ring.Sender.TrySend<CoherentMemory>(in message);

            // Room that is there is never refused. Room that was there once is used, whatever the slot says now: its owner's loss.
            Assert.True(result == SendResult.Sent || !(isControl ? isFree : isAheadFree));
            Assert.Equal(result == SendResult.Sent ? position + 1 : before.Sequence, ring.Slots[position % RingFixture.SlotCount].Sequence);
            position += result == SendResult.Sent ? 1u : 0u;
            Assert.Equal(position, ring.Sender.Position);
        }

        ring.AssertGuardsIntact();
    });

    [Fact]
    public void HostileProducer_CanOnlySendGarbageOrNothing() => Seeds.ForEach(10, random =>
    {
        using var ring = new RingFixture();
        ring.StartAt((uint)random.NextInt64(uint.MaxValue));
        uint position = ring.Receiver.Position;
        int received = 0;
        for (int step = 0; step < 5000; step++)
        {
            Vandalise(random, ring.Slots, position);
            RingSlot before = ring.Slots[position % RingFixture.SlotCount];
            bool isThere = before.Sequence == position + 1;

            ReceiveResult result = ring.Receiver.TryReceive<CoherentMemory>(out RingMessage message);

            Assert.Equal(isThere ? ReceiveResult.Received : ReceiveResult.Empty, result);
            if (isThere)
            {
                Assert.Equal(before.Meta, message.Meta);
                Assert.Equal(before.Payload.Word6, message.Payload.Word6);
                Assert.Equal(position + RingFixture.SlotCount, ring.Slots[position % RingFixture.SlotCount].Sequence);
                position++;
                received++;
            }

            Assert.Equal(position, ring.Receiver.Position);
        }

        Assert.True(received > 100);
        ring.AssertGuardsIntact();
    });

    /// <summary>A refusal leaves the slot to its owner.</summary>
    [Fact]
    public void EmptyReceive_WritesNothing()
    {
        using var ring = new RingFixture();
        new Span<byte>(ring.Slots, HostPages.PageBytes).Fill(0xEE);

        Assert.Equal(ReceiveResult.Empty, ring.Receiver.TryReceive<CoherentMemory>(out _));
        Assert.Equal(-1, new ReadOnlySpan<byte>(ring.Slots, HostPages.PageBytes).IndexOfAnyExcept((byte)0xEE));
    }

    private static bool IsFree(RingSlot* slots, uint position) => slots[position % RingFixture.SlotCount].Sequence == position;

    // Any value in any header, drawn so that the interesting ones (near the position, far away, near the wrap) are
    // frequent.
    private static void Vandalise(Random random, RingSlot* slots, uint position)
    {
        for (int i = random.Next(4); i >= 0; i--)
        {
            uint number = random.Next(3) == 0 ? position : (uint)random.Next();
            RingSlot* slot = &slots[number % RingFixture.SlotCount];
            slot->Sequence = random.Next(4) switch
            {
                0 => position + (uint)random.Next(-2, 3),
                1 => position + (uint)random.Next(-200, 200),
                2 => (uint)random.Next(-3, 3),
                _ => (uint)random.NextInt64(uint.MaxValue + 1L),
            };
            slot->Meta = (uint)random.Next();
            slot->Payload.Word6 = (ulong)random.NextInt64();
        }
    }
}
