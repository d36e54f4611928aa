using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Base;

namespace Atoll.Ipc;

/// <summary>Where a link is in its life.</summary>
public enum LinkState : byte
{
    /// <summary>No link. Zeroed memory reads so.</summary>
    Closed,

    /// <summary>This side has said Hello and waits for the peer's.</summary>
    Greeting,

    /// <summary>Both have said Hello in the same version.</summary>
    Open,
}

/// <summary>Every outcome of looking for a message on a link.</summary>
[MustUse]
public enum LinkReceiveResult : byte
{
    /// <summary>Nothing is there.</summary>
    Empty,

    /// <summary>A message for the layer above.</summary>
    Message,

    /// <summary>A message that the link itself dealt with: greeting, stale, corrupt.</summary>
    Handled,

    /// <summary>The peer has died or has closed the link. Said exactly once; the link is Closed from now on.</summary>
    PeerDied,
}

/// <summary>Every outcome of sending on a link.</summary>
[MustUse]
public enum LinkSendResult : byte
{
    /// <summary>Published.</summary>
    Sent,

    /// <summary>The ring is full; nothing was written.</summary>
    Full,

    /// <summary>The link is not open.</summary>
    NotOpen,
}

/// <summary>The four things at the other end of a link that this instance maps.</summary>
public unsafe struct LinkEnds
{
    /// <summary>Ring from the peer.</summary>
    public RingSlot* Receive;

    /// <summary>Ring to the peer.</summary>
    public RingSlot* Send;

    /// <summary>Slots of each ring.</summary>
    public uint SlotCount;

    /// <summary>The peer's life word, read only.</summary>
    public ulong* PeerLife;

    /// <summary>The peer's wake word, read only.</summary>
    public ulong* PeerWake;
}

/// <summary>One instance's end of a link to another: a ring pair, the peer's wake word, the peer's life.</summary>
/// <remarks>
/// Owner: one instance. Blocks: never. All that comes from the peer is untrusted: unknown, corrupt and stale messages are
/// counted, answered where that helps, and have no other effect.
/// </remarks>
[NonCopyable]
[NoBlock]
public unsafe struct Link
{
    /// <summary>Version of the link protocol that this build speaks.</summary>
    public const ulong ProtocolVersion = 1;

    private RingReceiver _receiver;
    private RingSender _sender;
    private DoorbellMemory _doorbell;
    private ulong* _peerLife;
    private ulong* _peerWake;
    private ulong _aliveLife;
    private bool _hasSent;

    /// <summary>Where the link is in its life.</summary>
    public LinkState State { get; private set; }

    /// <summary>Core number of the peer.</summary>
    public uint Peer { get; private set; }

    /// <summary>APIC id of the peer's core.</summary>
    public uint PeerApicId { get; private set; }

    /// <summary>Which link between the two this is.</summary>
    public ulong Epoch { get; private set; }

    /// <summary>Messages whose ring header is not that of a link message.</summary>
    public uint CorruptCount { get; private set; }

    /// <summary>Messages of kinds that nobody knows.</summary>
    public uint UnknownCount { get; private set; }

    /// <summary>Messages of another epoch.</summary>
    public uint StaleCount { get; private set; }

    /// <summary>Control messages that found no room and were dropped (<see cref="SendOrDrop"/>).</summary>
    public uint DroppedCount { get; private set; }

    /// <summary>Takes both ends of fresh rings and says Hello.</summary>
    /// <param name="ends">What is mapped here.</param>
    /// <param name="peer">Core number of the peer.</param>
    /// <param name="peerApicId">APIC id of the peer's core.</param>
    /// <param name="epoch">Number of this link, from whoever made it.</param>
    /// <param name="aliveLife">The peer's life word while it lives.</param>
    /// <param name="ownLife">This instance's.</param>
    public void Open<TMemory>(in LinkEnds ends, uint peer, uint peerApicId, ulong epoch, ulong aliveLife, ulong ownLife)
        where TMemory : ISharedMemory
    {
        Check.That(State == LinkState.Closed);
        this = default;
        _receiver.Attach(ends.Receive, ends.SlotCount);
        _sender.Attach(ends.Send, ends.SlotCount);
        _peerLife = ends.PeerLife;
        _peerWake = ends.PeerWake;
        _aliveLife = aliveLife;
        Peer = peer;
        PeerApicId = peerApicId;
        Epoch = epoch;
        State = LinkState.Greeting;

        LinkMessage hello = default;
        hello.Kind = (uint)LinkKind.Hello;
        hello.Argument0 = ProtocolVersion;
        hello.Argument1 = ownLife;

        // There is room in a fresh ring, whatever a peer that opened first has written into it.
        Check.That(PublishControl<TMemory>(ref hello) == SendResult.Sent);
    }

    /// <summary>Ends this side. The peer is told, if it still reads.</summary>
    public void Close<TMemory>()
        where TMemory : ISharedMemory
    {
        if (State == LinkState.Closed)
        {
            return;
        }

        LinkMessage goodbye = default;
        goodbye.Kind = (uint)LinkKind.Goodbye;
        PublishOrDrop<TMemory>(ref goodbye);
        State = LinkState.Closed;
    }

    /// <summary>Sends a data message. <see cref="LinkMessage.Epoch"/> is filled in.</summary>
    public LinkSendResult TrySend<TMemory>(ref LinkMessage message)
        where TMemory : ISharedMemory => Send<TMemory>(ref message, isControl: false);

    /// <summary>Sends a control message, for which slots are kept when data has filled the ring.</summary>
    public LinkSendResult TrySendControl<TMemory>(ref LinkMessage message)
        where TMemory : ISharedMemory => Send<TMemory>(ref message, isControl: true);

    /// <summary>Sends a control message that only the peer would miss: one that finds no room, or no open link, is dropped and counted.</summary>
    /// <remarks>
    /// Even the slots kept for control are full only when the peer has stopped reading: it is dead, and needs no message, or
    /// it floods and reads nothing, and the loss is its own.
    /// </remarks>
    public void SendOrDrop<TMemory>(ref LinkMessage message)
        where TMemory : ISharedMemory
    {
        if (TrySendControl<TMemory>(ref message) != LinkSendResult.Sent)
        {
            DroppedCount++;
        }
    }

    /// <summary>Takes the next message, deals with it if it is the link's own, or finds that the peer is dead.</summary>
    /// <remarks>
    /// Messages that the peer published before its death are delivered first: its life word is loaded after the ring was
    /// found empty, and the ring is looked at once more after a death was seen, because a dying peer stores the word last.
    /// </remarks>
    public LinkReceiveResult TryReceive<TMemory>(out LinkMessage message)
        where TMemory : ISharedMemory
    {
        LinkMessage.LeaveUnset(out message);
        if (_receiver.TryReceive<TMemory>(out LinkMessage.Raw(ref message)) == ReceiveResult.Empty)
        {
            if (IsPeerAlive<TMemory>())
            {
                return LinkReceiveResult.Empty;
            }

            if (_receiver.TryReceive<TMemory>(out LinkMessage.Raw(ref message)) == ReceiveResult.Empty)
            {
                return End();
            }
        }

        return Admit<TMemory>(in message);
    }

    /// <summary>Whether a look would find something: a message, or the peer's death. Nothing on a closed link. Changes nothing.</summary>
    public readonly bool HasNews<TMemory>()
        where TMemory : ISharedMemory =>
        State != LinkState.Closed && (_receiver.HasMessage<TMemory>() || !IsPeerAlive<TMemory>());

    /// <summary>Whether anything was sent since the last <see cref="MustRing"/>.</summary>
    public readonly bool HasSent => _hasSent;

    /// <summary>Ends a turn for this link, after the turn's one fence.</summary>
    /// <returns>Whether the peer's doorbell is to be rung.</returns>
    [MustUse]
    public bool MustRing<TMemory>()
        where TMemory : ISharedMemory
    {
        _hasSent = false;
        return _doorbell.MustRing<TMemory>(_peerWake);
    }

    /// <summary>Answers a message whose kind the layer above does not know, and counts it.</summary>
    public void AnswerUnknown<TMemory>(in LinkMessage unknown)
        where TMemory : ISharedMemory
    {
        UnknownCount++;
        LinkMessage answer = default;
        answer.Kind = (uint)LinkKind.NotUnderstood;
        answer.Operation = unknown.Operation;
        answer.Argument0 = unknown.Kind;

        PublishOrDrop<TMemory>(ref answer);
    }

    private readonly bool IsPeerAlive<TMemory>()
        where TMemory : ISharedMemory => TMemory.Load64(_peerLife) == _aliveLife;

    private LinkReceiveResult Admit<TMemory>(in LinkMessage message)
        where TMemory : ISharedMemory
    {
        if (message.RingMeta != LinkMessage.Meta || message.Reserved != 0)
        {
            CorruptCount++;
            return LinkReceiveResult.Handled;
        }

        if (message.Epoch != Epoch)
        {
            StaleCount++;
            return LinkReceiveResult.Handled;
        }

        if (message.Kind >= (uint)LinkKind.FirstOfLayerAbove && State == LinkState.Open)
        {
            return LinkReceiveResult.Message;
        }

        return HandleOwn<TMemory>(in message);
    }

    private LinkReceiveResult HandleOwn<TMemory>(in LinkMessage message)
        where TMemory : ISharedMemory
    {
        if (State == LinkState.Closed)
        {
            return LinkReceiveResult.Handled;
        }

        switch ((LinkKind)message.Kind)
        {
            case LinkKind.Hello when State == LinkState.Greeting && message.Argument0 == ProtocolVersion:
                State = LinkState.Open;
                return LinkReceiveResult.Handled;

            case LinkKind.Hello when State == LinkState.Greeting:
                LinkMessage refusal = default;
                refusal.Kind = (uint)LinkKind.Refused;
                refusal.Argument0 = ProtocolVersion;
                PublishOrDrop<TMemory>(ref refusal);
                return End();

            case LinkKind.Refused or LinkKind.Goodbye:
                return End();

            case LinkKind.NotUnderstood:
                UnknownCount++;
                return LinkReceiveResult.Handled;

            default:
                // A second Hello, data before Hello, or a number that means nothing.
                AnswerUnknown<TMemory>(in message);
                return LinkReceiveResult.Handled;
        }
    }

    // Said once: a closed link has nothing more to say.
    private LinkReceiveResult End()
    {
        LinkReceiveResult result = State == LinkState.Closed ? LinkReceiveResult.Empty : LinkReceiveResult.PeerDied;
        State = LinkState.Closed;
        return result;
    }

    private LinkSendResult Send<TMemory>(ref LinkMessage message, bool isControl)
        where TMemory : ISharedMemory
    {
        if (State != LinkState.Open)
        {
            return LinkSendResult.NotOpen;
        }

        SendResult result = isControl ? PublishControl<TMemory>(ref message) : Publish<TMemory>(ref message);
        return result == SendResult.Sent ? LinkSendResult.Sent : LinkSendResult.Full;
    }

    // The same for the link's own messages, which go out in any state.
    private void PublishOrDrop<TMemory>(ref LinkMessage message)
        where TMemory : ISharedMemory
    {
        if (PublishControl<TMemory>(ref message) != SendResult.Sent)
        {
            DroppedCount++;
        }
    }

    private SendResult Publish<TMemory>(ref LinkMessage message)
        where TMemory : ISharedMemory
    {
        message.Epoch = Epoch;
        message.RingMeta = LinkMessage.Meta;
        SendResult result = _sender.TrySend<TMemory>(in LinkMessage.Raw(ref message));
        _hasSent |= result == SendResult.Sent;
        return result;
    }

    // A call: control messages are few.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private SendResult PublishControl<TMemory>(ref LinkMessage message)
        where TMemory : ISharedMemory
    {
        message.Epoch = Epoch;
        message.RingMeta = LinkMessage.Meta;
        SendResult result = _sender.TrySendControl<TMemory>(in LinkMessage.Raw(ref message));
        _hasSent |= result == SendResult.Sent;
        return result;
    }
}
