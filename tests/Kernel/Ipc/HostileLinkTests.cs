using Atoll.Abi;
using Atoll.Arch;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Ipc;

/// <summary>
/// A peer that writes any word of any page it can write, at any time: a link answers with nothing, a message that is
/// whole by
/// its own words, garbage that is counted, or a death; and touches nothing beside its pages.
/// </summary>
public sealed unsafe class HostileLinkTests
{
    private const uint FirstOfLayerAbove = 16;

    [Fact]
    public void AnyWordsAtAnyTime() => Seeds.ForEach(40, random =>
    {
        using var pair = new LinkFixture();
        Vandalise(random, pair, writes: random.Next(200));
        pair.OpenLeft();
        bool isOver = false;
        int seen = 0;
        for (int step = 0; step < 3000; step++)
        {
            Vandalise(random, pair, writes: random.Next(4));
            LinkReceiveResult result = pair.Left.TryReceive<CoherentMemory>(out LinkMessage message);
            seen += result is LinkReceiveResult.Message or LinkReceiveResult.Handled ? 1 : 0;
            if (result == LinkReceiveResult.Message)
            {
                Assert.Equal((0u, LinkFixture.Epoch), (message.Reserved, message.Epoch));
                Assert.True(message.Kind >= FirstOfLayerAbove && pair.Left.State == LinkState.Open);
            }

            if (result == LinkReceiveResult.PeerDied)
            {
                Assert.False(isOver);
                isOver = true;
            }

            Assert.Equal(isOver, pair.Left.State == LinkState.Closed);
            LinkMessage answer = new() { Kind = FirstOfLayerAbove };
            LinkSendResult sent = random.Next(2) == 0
                ? pair.Left.TrySend<CoherentMemory>(ref answer)
                : pair.Left.TrySendControl<CoherentMemory>(ref answer);
            Assert.Equal(pair.Left.State != LinkState.Open, sent == LinkSendResult.NotOpen);
            pair.Left.MustRing<CoherentMemory>();
            pair.Left.HasNews<CoherentMemory>();
        }

        Assert.True(isOver || seen > 0);
        pair.AssertGuardsIntact();
    });

    /// <summary>
    /// Each slot, first and later round, with each value near those that mean something, and its meta with each bit
    /// wrong.
    /// </summary>
    [Fact]
    public void EverySlot_WithEveryHeaderNearItsOwn()
    {
        for (uint slot = 0; slot < RingSlot.PerPage; slot++)
        {
            IEnumerable<uint> near = Enumerable.Range(-130, 260).Select(offset => slot + 1 + (uint)offset);
            foreach (uint sequence in near.Append(0u).Append(uint.MaxValue))
            {
                using var pair = new LinkFixture();
                RawPeer peer = pair.OpenLeftToRaw();
                for (uint i = 1; i < slot; i++)
                {
                    peer.Send(FirstOfLayerAbove, LinkFixture.Epoch);
                    pair.Left.TryReceive<CoherentMemory>(out _);
                }

                // The next message that the link waits for has this slot's number, after the Hello.
                uint position = uint.Max(slot, 1);
                pair.ToLeft[position].Sequence = sequence;
                pair.ToLeft[position].Meta = LinkMessage.Meta ^ (1u << (int)(slot % 32));
                LinkReceiveResult result = pair.Left.TryReceive<CoherentMemory>(out _);

                Assert.Equal(sequence == position + 1 ? LinkReceiveResult.Handled : LinkReceiveResult.Empty, result);
                Assert.Equal(sequence == position + 1 ? 1u : 0u, pair.Left.CorruptCount);
                Assert.Equal(LinkState.Open, pair.Left.State);
            }
        }
    }

    // What a peer can write: both rings, its status page and its wake page. Words that mean something are frequent.
    private static void Vandalise(Random random, LinkFixture pair, int writes)
    {
        for (; writes > 0; writes--)
        {
            RingSlot* ring = random.Next(2) == 0 ? pair.ToLeft : pair.ToRight;
            RingSlot* slot = &ring[random.Next(RingSlot.PerPage)];
            uint number = (uint)(slot - ring);
            switch (random.Next(8))
            {
                case 0:
                    slot->Sequence = number + (64 * (uint)random.Next(3)) + (uint)random.Next(-1, 3);
                    break;
                case 1 or 2:
                    Message(random, slot, number + 1 + (64 * (uint)random.Next(3)));
                    break;
                case 3:
                    slot->Header = (ulong)random.NextInt64();
                    break;
                case 4:
                    ulong flip = random.Next(2) == 0 ? ulong.MaxValue : 0;
                    ((ulong*)slot)[random.Next(8)] = (ulong)random.NextInt64() ^ flip;
                    break;
                case 5:
                    ulong wake = random.Next(2) == 0 ? (ulong)random.Next(4) : (ulong)random.NextInt64();
                    pair.RightWake[random.Next(64)] = wake;
                    break;
                default:
                    // Its life changes rarely, or there would be nothing else to see.
                    pair.RightLife[random.Next(500) == 0 ? 0 : random.Next(1, 64)] = (ulong)random.NextInt64();
                    break;
            }
        }
    }

    private static void Message(Random random, RingSlot* slot, uint sequence)
    {
        slot->Payload = default;
        slot->Payload.Word0 = (uint)random.Next(20) | (random.Next(10) == 0 ? 1ul << 40 : 0);
        slot->Payload.Word2 = random.Next(10) == 0 ? (ulong)random.NextInt64() : LinkFixture.Epoch;
        slot->Payload.Word3 = (ulong)random.Next(3);
        slot->Meta = random.Next(10) == 0 ? (uint)random.Next() : LinkMessage.Meta;
        slot->Sequence = sequence;
    }
}
