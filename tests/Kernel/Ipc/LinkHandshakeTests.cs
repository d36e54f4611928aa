using Atoll.Abi;
using Atoll.Arch;
using Atoll.Ipc;

namespace Atoll.Kernel.Tests.Ipc;

/// <summary>How a link opens, and how it does not.</summary>
public sealed unsafe class LinkHandshakeTests
{
    private const uint Hello = 1;
    private const uint Refused = 2;
    private const uint NotUnderstood = 3;
    private const uint FirstOfLayerAbove = 16;
    private const ulong Version = 1;

    /// <summary>Either end may be first, and either may hear first: 2 ends, each opens before it hears.</summary>
    [Theory]
    [InlineData("LRlr")]
    [InlineData("LRrl")]
    [InlineData("RLlr")]
    [InlineData("RLrl")]
    [InlineData("LlRrl")]
    [InlineData("RrLlr")]
    public void BothOpen_InAnyOrder(string order)
    {
        using var pair = new LinkFixture();
        foreach (char step in order)
        {
            switch (step)
            {
                case 'L':
                    pair.OpenLeft();
                    break;
                case 'R':
                    pair.OpenRight();
                    break;
                case 'l':
                    pair.Left.TryReceive<CoherentMemory>(out _);
                    break;
                default:
                    pair.Right.TryReceive<CoherentMemory>(out _);
                    break;
            }
        }

        Assert.Equal((LinkState.Open, LinkState.Open), (pair.Left.State, pair.Right.State));
        LinkMessage message = new() { Kind = FirstOfLayerAbove, Argument0 = 11 };
        Assert.Equal(LinkSendResult.Sent, pair.Left.TrySend<CoherentMemory>(ref message));
        Assert.Equal(LinkReceiveResult.Message, pair.Right.TryReceive<CoherentMemory>(out LinkMessage received));
        Assert.Equal((11ul, LinkFixture.Epoch), (received.Argument0, received.Epoch));
        Assert.Equal(0u, pair.Left.CorruptCount + pair.Left.StaleCount + pair.Left.UnknownCount);
    }

    [Fact]
    public void Hello_SaysVersionAndLife()
    {
        using var pair = new LinkFixture();
        pair.OpenLeft();

        LinkMessage hello = Assert.Single(pair.PlayRight().TakeAll());
        Assert.Equal((Hello, LinkFixture.Epoch), (hello.Kind, hello.Epoch));
        Assert.Equal((Version, LinkFixture.Alive), (hello.Argument0, hello.Argument1));
        Assert.True(pair.Left.HasSent);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(ulong.MaxValue)]
    public void OtherVersion_IsRefused_AndClosesBothEnds(ulong version)
    {
        using var pair = new LinkFixture();
        pair.OpenLeft();
        RawPeer old = pair.PlayRight();
        old.Send(Hello, LinkFixture.Epoch, version);

        Assert.Equal([LinkReceiveResult.PeerDied], LinkFixture.Drain(ref pair.Left));
        Assert.Equal(LinkState.Closed, pair.Left.State);
        LinkMessage refusal = old.TakeAll()[^1];
        Assert.Equal((Refused, Version), (refusal.Kind, refusal.Argument0));
    }

    /// <summary>The end that is refused: it has said Hello and hears that its version is not spoken.</summary>
    [Fact]
    public void RefusedEnd_ClosesOnce()
    {
        using var pair = new LinkFixture();
        pair.OpenLeft();
        pair.PlayRight().Send(Refused, LinkFixture.Epoch, argument0: 2);

        Assert.Equal([LinkReceiveResult.PeerDied], LinkFixture.Drain(ref pair.Left));
        Assert.Equal(LinkState.Closed, pair.Left.State);
    }

    [Fact]
    public void NothingIsSent_BeforeBothHaveSaidHello()
    {
        using var pair = new LinkFixture();
        LinkMessage message = new() { Kind = FirstOfLayerAbove };
        Assert.Equal(LinkSendResult.NotOpen, pair.Left.TrySend<CoherentMemory>(ref message));
        pair.OpenLeft();

        Assert.Equal(LinkSendResult.NotOpen, pair.Left.TrySend<CoherentMemory>(ref message));
        Assert.Equal(LinkSendResult.NotOpen, pair.Left.TrySendControl<CoherentMemory>(ref message));
        Assert.Single(pair.PlayRight().TakeAll());
    }

    [Fact]
    public void DataBeforeHello_IsNotUnderstood()
    {
        using var pair = new LinkFixture();
        pair.OpenLeft();
        RawPeer peer = pair.PlayRight();
        peer.Send(FirstOfLayerAbove, LinkFixture.Epoch, operation: 99);

        Assert.Equal(LinkReceiveResult.Handled, pair.Left.TryReceive<CoherentMemory>(out _));
        LinkMessage answer = peer.TakeAll()[^1];
        Assert.Equal((NotUnderstood, 99ul, (ulong)FirstOfLayerAbove), (answer.Kind, answer.Operation, answer.Argument0));
        Assert.Equal((1u, LinkState.Greeting), (pair.Left.UnknownCount, pair.Left.State));

        peer.Send(Hello, LinkFixture.Epoch, Version);
        Assert.Equal(LinkReceiveResult.Handled, pair.Left.TryReceive<CoherentMemory>(out _));
        Assert.Equal(LinkState.Open, pair.Left.State);
    }

    /// <summary>A peer that opened first owns nothing of the ring to it but can write there: its damage is its own.</summary>
    [Fact]
    public void RingWrittenIntoBeforeOpening_CarriesTheGreetingAllTheSame()
    {
        using var pair = new LinkFixture();
        pair.ToRight[0].Sequence = 0xDEAD;

        pair.OpenLeft();

        Assert.Equal(LinkState.Greeting, pair.Left.State);
        Assert.True(pair.Left.HasSent);
        Assert.Equal(1u, pair.ToRight[0].Sequence);
        pair.AssertGuardsIntact();
    }

    [Fact]
    public void OpeningAnOpenLink_IsABug()
    {
        using var pair = new LinkFixture();
        pair.OpenLeft();

        Assert.Throws<CheckFailedException>(() => pair.OpenLeft());
    }

    [Fact]
    public void NumbersOfTheProtocol_AreFixed()
    {
        Assert.Equal(Version, Link.ProtocolVersion);
        Assert.Equal(0x3801u, LinkMessage.Meta);
        Assert.Equal(
            [0u, Hello, Refused, NotUnderstood, 4u, FirstOfLayerAbove], Enum.GetValues<LinkKind>().Select(kind => (uint)kind));
        Assert.Equal(sizeof(RingMessage), sizeof(LinkMessage));
    }
}
