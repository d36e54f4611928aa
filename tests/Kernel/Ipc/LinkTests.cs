using Atoll.Arch;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Ipc;

/// <summary>An open link: what it delivers, what it refuses, how it ends.</summary>
public sealed unsafe class LinkTests
{
    private const uint Goodbye = 4;
    private const uint NotUnderstood = 3;
    private const uint FirstOfLayerAbove = 16;

    /// <summary>
    /// Reserved, epoch and the ring's meta word are the link's to check: one wrong bit is enough, and nobody is told.
    /// </summary>
    [Fact]
    public void CorruptAndStaleMessages_AreCountedAndDropped()
    {
        using var pair = new LinkFixture();
        RawPeer peer = pair.OpenLeftToRaw();
        LinkMessage good = new() { Kind = FirstOfLayerAbove, Epoch = LinkFixture.Epoch };
        for (int bit = 0; bit < 32; bit++)
        {
            peer.Send(good, LinkMessage.Meta ^ (1u << bit));
            peer.Send(good with { Reserved = 1u << bit });
            peer.Send(good with { Epoch = LinkFixture.Epoch ^ (1ul << (2 * bit)) });

            Assert.Equal(Enumerable.Repeat(LinkReceiveResult.Handled, 3), LinkFixture.Drain(ref pair.Left));
            Assert.Equal((2u * (uint)bit) + 2, pair.Left.CorruptCount);
            Assert.Equal(((uint)bit + 1, 0u), (pair.Left.StaleCount, pair.Left.UnknownCount));
        }

        peer.Send(good);
        Assert.Equal(LinkReceiveResult.Message, pair.Left.TryReceive<CoherentMemory>(out _));
        Assert.Empty(peer.TakeAll());
    }

    /// <summary>
    /// Below the layer above only two kinds mean something on an open link; the rest is answered, a second Hello too.
    /// </summary>
    [Fact]
    public void EveryKindOfTheLink_HasItsMeaning()
    {
        for (uint kind = 0; kind < FirstOfLayerAbove; kind++)
        {
            using var pair = new LinkFixture();
            RawPeer peer = pair.OpenLeftToRaw();
            peer.Send(kind, LinkFixture.Epoch, argument0: Link.ProtocolVersion, operation: 5);

            bool ends = kind is 2 or Goodbye;
            Assert.Equal(
                ends ? LinkReceiveResult.PeerDied : LinkReceiveResult.Handled,
                pair.Left.TryReceive<CoherentMemory>(out _));
            Assert.Equal(ends ? LinkState.Closed : LinkState.Open, pair.Left.State);
            Assert.Equal(ends ? 0u : 1u, pair.Left.UnknownCount);
            Assert.Equal(
                ends || kind == NotUnderstood ? [] : [(NotUnderstood, 5ul, (ulong)kind)],
                peer.TakeAll().Select(answer => (answer.Kind, answer.Operation, answer.Argument0)));
        }
    }

    [Fact]
    public void KindsOfTheLayerAbove_ArePassedOnWhole() => Seeds.ForEach(50, random =>
    {
        using var pair = new LinkFixture();
        pair.OpenBoth();
        LinkMessage message = new()
        {
            Kind = (uint)random.NextInt64(FirstOfLayerAbove, uint.MaxValue + 1L),
            Operation = (ulong)random.NextInt64(),
            Argument0 = (ulong)random.NextInt64(),
            Argument1 = (ulong)random.NextInt64(),
            Argument2 = (ulong)random.NextInt64(),
            Argument3 = (ulong)random.NextInt64(),
        };
        LinkMessage sent = message;

        Assert.Equal(LinkSendResult.Sent, pair.Right.TrySend<CoherentMemory>(ref sent));
        Assert.Equal(LinkReceiveResult.Message, pair.Left.TryReceive<CoherentMemory>(out LinkMessage received));
        Assert.Equal(message with { Epoch = LinkFixture.Epoch, RingMeta = 0x3801 }, received);
    });

    /// <summary>
    /// A peer that floods with nonsense and reads nothing: 64 slots of answers, then none; its messages are still
    /// taken.
    /// </summary>
    [Fact]
    public void Flood_FillsTheAnswerRingAndHarmsNobody()
    {
        using var pair = new LinkFixture();
        RawPeer peer = pair.OpenLeftToRaw();
        for (int i = 0; i < 500; i++)
        {
            peer.Send(kind: 9, LinkFixture.Epoch, operation: (ulong)i);
            Assert.Equal(LinkReceiveResult.Handled, pair.Left.TryReceive<CoherentMemory>(out _));
        }

        Assert.Equal((500u, 436u), (pair.Left.UnknownCount, pair.Left.DroppedCount));
        Assert.Equal(Enumerable.Range(0, 64).Select(i => (ulong)i), peer.TakeAll().Select(answer => answer.Operation));
        Assert.Equal(LinkState.Open, pair.Left.State);
        pair.AssertGuardsIntact();
    }

    /// <summary>What only the peer would miss needs no room: 64 slots take it, the rest is dropped and counted.</summary>
    [Fact]
    public void SendOrDrop_CountsWhatFoundNoRoom()
    {
        using var pair = new LinkFixture();
        LinkMessage message = new() { Kind = FirstOfLayerAbove };
        pair.OpenLeft();
        pair.Left.SendOrDrop<CoherentMemory>(ref message);
        Assert.Equal(1u, pair.Left.DroppedCount);

        pair.OpenRight();
        LinkFixture.Drain(ref pair.Left);
        LinkFixture.Drain(ref pair.Right);
        for (int i = 0; i < 70; i++)
        {
            pair.Left.SendOrDrop<CoherentMemory>(ref message);
        }

        Assert.Equal(1u + 6, pair.Left.DroppedCount);
        Assert.Equal(64, LinkFixture.Drain(ref pair.Right).Count);
    }

    /// <summary>60 slots of data, four more for control: a link can say goodbye over a full ring.</summary>
    [Fact]
    public void RingFullOfData_StillTakesControlMessages()
    {
        using var pair = new LinkFixture();
        pair.OpenBoth();
        LinkMessage message = new() { Kind = FirstOfLayerAbove };
        for (int i = 0; i < 60; i++)
        {
            Assert.Equal(LinkSendResult.Sent, pair.Left.TrySend<CoherentMemory>(ref message));
        }

        Assert.Equal(LinkSendResult.Full, pair.Left.TrySend<CoherentMemory>(ref message));
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(LinkSendResult.Sent, pair.Left.TrySendControl<CoherentMemory>(ref message));
        }

        pair.Left.Close<CoherentMemory>();
        List<LinkReceiveResult> seen = LinkFixture.Drain(ref pair.Right);
        Assert.Equal([.. Enumerable.Repeat(LinkReceiveResult.Message, 63), LinkReceiveResult.PeerDied], seen);
        Assert.Equal((LinkState.Closed, LinkState.Closed), (pair.Left.State, pair.Right.State));
    }

    [Fact]
    public void ClosedLink_SaysAndSendsNothing()
    {
        using var pair = new LinkFixture();
        RawPeer peer = pair.OpenLeftToRaw();
        pair.Left.Close<CoherentMemory>();
        Assert.Equal(Goodbye, Assert.Single(peer.TakeAll()).Kind);

        peer.Send(kind: 9, LinkFixture.Epoch);
        peer.Send(Goodbye, LinkFixture.Epoch);
        *pair.RightLife = 0;
        LinkMessage message = new() { Kind = FirstOfLayerAbove };
        pair.Left.Close<CoherentMemory>();

        Assert.DoesNotContain(LinkReceiveResult.PeerDied, LinkFixture.Drain(ref pair.Left));
        Assert.Equal(LinkSendResult.NotOpen, pair.Left.TrySendControl<CoherentMemory>(ref message));
        Assert.Empty(peer.TakeAll());
    }

    /// <summary>Odd: asleep. One ring for each sleep, none for a receiver that is awake, whatever is sent.</summary>
    [Fact]
    public void Doorbell_IsRungAtMostOnceForEachSleep() => Seeds.ForEach(50, random =>
    {
        using var pair = new LinkFixture();
        pair.OpenBoth();
        WakeWord wake = default;
        HashSet<ulong> rungFor = [];
        for (int step = 0; step < 300; step++)
        {
            switch (random.Next(3))
            {
                case 0 when (wake.Value & 1) == 0:
                    wake.Announce<CoherentMemory>(pair.RightWake);
                    break;
                case 1 when (wake.Value & 1) == 1:
                    wake.Withdraw<CoherentMemory>(pair.RightWake);
                    break;
                default:
                    LinkMessage message = new() { Kind = FirstOfLayerAbove };
                    bool sent = pair.Left.TrySend<CoherentMemory>(ref message) == LinkSendResult.Sent;
                    Assert.Equal(sent || pair.Left.HasSent, pair.Left.HasSent);
                    bool rings = pair.Left.MustRing<CoherentMemory>();
                    Assert.False(pair.Left.HasSent);
                    Assert.Equal((wake.Value & 1) == 1 && rungFor.Add(wake.Value), rings);
                    LinkFixture.Drain(ref pair.Right);
                    break;
            }
        }
    });
}
