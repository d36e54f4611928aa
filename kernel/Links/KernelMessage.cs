using Atoll.Abi;
using Atoll.Instance;
using Atoll.Ipc;

namespace Atoll.Links;

/// <summary>Kinds of messages between kernels, beyond those of every link. Those of trials are numbered far from them (<c>TrialMessage</c>).</summary>
public enum KernelMessage : uint
{
    /// <summary>Member to coordinator: make a link to the core in argument 0.</summary>
    OpenLink = LinkKind.FirstOfLayerAbove,

    /// <summary>Coordinator to member: take up a link (<see cref="LinkOffer"/>); the operation is the link's epoch.</summary>
    TakeLink,

    /// <summary>Member to coordinator: argument 0 is the <see cref="LinkOfferResult"/>.</summary>
    LinkTaken,

    /// <summary>Coordinator to member: there will be no link to the core in argument 0.</summary>
    LinkUnavailable,

    /// <summary>Member to coordinator: the link with this epoch is closed and unmapped here.</summary>
    LinkReleased,

    /// <summary>Coordinator to member: be the deputy; argument 0: its death is expected, argument 1 the <see cref="EndPolicy"/>.</summary>
    BeDeputy,

    /// <summary>Anybody: are you there? On the control slots.</summary>
    Ping,

    /// <summary>Anybody: yes. On the control slots.</summary>
    Pong,

    /// <summary>Member to coordinator: make a channel (<c>ChannelMessage</c>).</summary>
    OpenChannel,

    /// <summary>Member to coordinator: the channel is not wanted any more.</summary>
    CancelChannel,

    /// <summary>Member to coordinator: the pages of the channel are mapped nowhere here.</summary>
    ReleaseChannel,

    /// <summary>Coordinator to member: the channel is made.</summary>
    TakeChannel,

    /// <summary>Coordinator to member: there will be no channel.</summary>
    ChannelUnavailable,

    /// <summary>Anybody: a program rings the other end of its channel. Argument 1: capabilities that it has taken since the last ring; argument 2: one that will not come.</summary>
    RingChannel,

    /// <summary>Anybody: this end of the channel is gone.</summary>
    ChannelFarewell,

    /// <summary>Anybody, once the coordinator is dead: this end waits for its channel in vain, whatever the other end was told.</summary>
    ChannelDisowned,

    /// <summary>Coordinator to member, before <see cref="TakeLink"/>: memory that the core in argument 0 was granted: address and bytes in arguments 1 and 2.</summary>
    PeerGrant,

    /// <summary>Home to holder: a program gives yours a capability (<c>RemoteMessage</c>).</summary>
    OfferCapability,

    /// <summary>Home to holder: let go of these capabilities.</summary>
    RecallCapabilities,

    /// <summary>Holder to home: these capabilities are held here no more.</summary>
    ReturnCapabilities,

    /// <summary>Holder to home: a program signals your notification.</summary>
    SignalNotification,

    /// <summary>Holder to home: a program of mine gives your object to a program of a third core (<c>PassMessage</c>).</summary>
    PassCapability,

    /// <summary>Home to the holder that gave it on: it is recorded, or refused. On the control slots.</summary>
    AnswerPass,

    /// <summary>Holder to home: a program calls your endpoint, or sends to it (<c>CallMessage</c>).</summary>
    CallEndpoint,

    /// <summary>Home to holder: the answer to a call, or that there is none.</summary>
    AnswerCall,

    /// <summary>Holder to home: nobody waits for the answer to the call with this number any more.</summary>
    CancelCall,
}

/// <summary>How a <see cref="LinkOffer"/> travels.</summary>
public static class LinkOfferMessage
{
    private const ulong SecondBit = 1;

    /// <summary>As a message.</summary>
    /// <param name="offer">The offer. Its two rings are consecutive pages.</param>
    public static LinkMessage Encode(in LinkOffer offer)
    {
        bool isSecond = offer.Receive < offer.Send;
        LinkMessage message = default;
        message.Kind = (uint)KernelMessage.TakeLink;
        message.Operation = offer.Epoch;
        message.Argument0 = offer.Peer | ((ulong)offer.PeerApicId << 32);
        message.Argument1 = (isSecond ? offer.Receive : offer.Send) | (isSecond ? SecondBit : 0);
        message.Argument2 = offer.Status;
        message.Argument3 = offer.Life;
        return message;
    }

    /// <summary>What goes before: the memory that the peer was granted.</summary>
    public static LinkMessage Encode(in PeerGrant grant)
    {
        LinkMessage message = default;
        message.Kind = (uint)KernelMessage.PeerGrant;
        message.Argument0 = grant.Peer;
        message.Argument1 = grant.Base;
        message.Argument2 = grant.Bytes;
        return message;
    }

    /// <summary>From a message; nothing is checked yet.</summary>
    public static LinkOffer Decode(in LinkMessage message)
    {
        bool isSecond = (message.Argument1 & SecondBit) != 0;
        ulong low = message.Argument1 & ~SecondBit;
        ulong high = low + ImageLayout.PageSizeBytes;
        LinkOffer offer = default;
        offer.Epoch = message.Operation;
        offer.Peer = (uint)message.Argument0;
        offer.PeerApicId = (uint)(message.Argument0 >> 32);
        offer.Receive = isSecond ? low : high;
        offer.Send = isSecond ? high : low;
        offer.Status = message.Argument2;
        offer.Life = message.Argument3;
        return offer;
    }
}
