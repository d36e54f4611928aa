using Atoll.Abi;
using Atoll.Arch;
using Atoll.Ipc;

namespace Atoll.Kernel.Tests.Ipc;

/// <summary>The other end of a link, played word by word: it can say what no kernel would.</summary>
internal sealed unsafe class RawPeer
{
    private RingSender _sender;
    private RingReceiver _receiver;

    /// <summary>Takes the peer's ends of two fresh rings.</summary>
    /// <param name="toLink">Ring that the link under test receives from.</param>
    /// <param name="fromLink">Ring that it sends to.</param>
    public RawPeer(RingSlot* toLink, RingSlot* fromLink)
    {
        _sender.Attach(toLink, RingSlot.PerPage);
        _receiver.Attach(fromLink, RingSlot.PerPage);
    }

    /// <summary>Sends on the control slots.</summary>
    public void Send(LinkMessage message, uint meta = 0x3801)
    {
        RingMessage raw = default;
        LinkMessage.Of(ref raw) = message;
        raw.Meta = meta;
        Assert.Equal(SendResult.Sent, _sender.TrySendControl<CoherentMemory>(in raw));
    }

    /// <summary>Sends a message of a kind, with its first two arguments.</summary>
    public void Send(uint kind, ulong epoch, ulong argument0 = 0, ulong argument1 = 0, ulong operation = 0)
    {
        LinkMessage message = default;
        message.Kind = kind;
        message.Epoch = epoch;
        message.Operation = operation;
        message.Argument0 = argument0;
        message.Argument1 = argument1;
        Send(message);
    }

    /// <summary>Takes everything that the link has sent.</summary>
    public List<LinkMessage> TakeAll()
    {
        List<LinkMessage> messages = [];
        while (_receiver.TryReceive<CoherentMemory>(out RingMessage raw) == ReceiveResult.Received)
        {
            Assert.Equal(0x3801u, raw.Meta);
            messages.Add(LinkMessage.Of(ref raw));
        }

        return messages;
    }
}
