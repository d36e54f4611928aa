using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Machine;
using Atoll.Links;

namespace Atoll.Kernel.Tests.Links;

/// <summary>An offer of a link, as it travels.</summary>
public sealed class LinkOfferTests
{
    [Fact]
    public void Offer_ComesBackAsItWasSent() => Seeds.ForEach(200, random =>
    {
        ulong rings = (ulong)random.NextInt64(1, 1L << 39) << 12;
        bool isSecond = random.Next(2) == 0;
        LinkOffer offer = new()
        {
            Peer = (uint)random.NextInt64(uint.MaxValue + 1L),
            PeerApicId = (uint)random.NextInt64(uint.MaxValue + 1L),
            Receive = isSecond ? rings : rings + 0x1000,
            Send = isSecond ? rings + 0x1000 : rings,
            Status = (ulong)random.NextInt64(),
            Life = (ulong)random.NextInt64(),
            Epoch = (ulong)random.NextInt64(),
        };

        LinkMessage message = LinkOfferMessage.Encode(in offer);

        Assert.Equal((uint)KernelMessage.TakeLink, message.Kind);
        Assert.Equal(offer, LinkOfferMessage.Decode(in message));
    });

    /// <summary>What a peer was granted, in the words that the member reads.</summary>
    [Fact]
    public void Grant_TellsCoreAddressAndBytes()
    {
        PeerGrant grant = new() { Peer = 5, Base = 0x4000_0000, Bytes = 0x20_0000 };

        LinkMessage message = LinkOfferMessage.Encode(in grant);

        Assert.Equal(
            ((uint)KernelMessage.PeerGrant, 5ul, 0x4000_0000ul, 0x20_0000ul), (message.Kind, message.Argument0, message.Argument1, message.Argument2));
    }

    /// <summary>The two ends of one link: each receives from where the other sends to.</summary>
    [Fact]
    public void Ends_AreCrossed()
    {
        LinkOffer first = new() { Send = 0x9000, Receive = 0xA000 };
        LinkOffer second = new() { Send = 0xA000, Receive = 0x9000 };
        LinkMessage toFirst = LinkOfferMessage.Encode(in first);
        LinkMessage toSecond = LinkOfferMessage.Encode(in second);

        Assert.Equal(LinkOfferMessage.Decode(in toFirst).Receive, LinkOfferMessage.Decode(in toSecond).Send);
        Assert.Equal(LinkOfferMessage.Decode(in toFirst).Send, LinkOfferMessage.Decode(in toSecond).Receive);
    }

    /// <summary>Every kind has a number of its own, from the first that a link passes on.</summary>
    [Fact]
    public void KindsOfMessages_AreApart()
    {
        uint[] kinds = [.. Enum.GetValues<KernelMessage>().Select(kind => (uint)kind)];

        Assert.Equal(Enumerable.Range(16, kinds.Length).Select(kind => (uint)kind), kinds);
    }
}
