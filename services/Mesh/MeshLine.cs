using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Mesh;

/// <summary>A node's channel to another node.</summary>
[NonCopyable]
internal struct MeshLine
{
    private const int MessagesAtOnce = 16;

    /// <summary>The channel.</summary>
    internal RingChannel Channel;

    /// <summary>Core of the other node.</summary>
    internal uint Peer;

    /// <summary>Numbers sent.</summary>
    internal uint Sent;

    /// <summary>Messages received, right or wrong.</summary>
    internal uint Received;

    /// <summary>Messages that were not the next number.</summary>
    internal uint Wrong;

    /// <summary>Whether the other node's report has come.</summary>
    internal bool HasReport;

    /// <summary>What the other node has received.</summary>
    internal uint ReportedReceived;

    /// <summary>What of it was wrong.</summary>
    internal uint ReportedWrong;

    /// <summary>Takes what is there.</summary>
    /// <returns>Whether there was anything.</returns>
    internal bool Receive()
    {
        int taken = 0;
        while (taken < MessagesAtOnce && Channel.TryReceive(out RingMessage message) == ChannelResult.Done)
        {
            Note(in message);
            taken++;
        }

        return taken != 0;
    }

    /// <summary>Sends what there is room for.</summary>
    /// <param name="from">The own core.</param>
    /// <param name="count">Numbers in all.</param>
    /// <returns>Whether anything went out.</returns>
    internal bool Send(uint from, uint count)
    {
        uint before = Sent;
        while (Sent != count)
        {
            RingMessage message = MeshMessage.Of(Sent, from);
            if (Channel.TrySend(in message) != ChannelResult.Done)
            {
                break;
            }

            Sent++;
        }

        Channel.EndTurn();
        return Sent != before;
    }

    private void Note(ref readonly RingMessage message)
    {
        if (message.Meta == MeshMessage.Report)
        {
            HasReport = true;
            ReportedReceived = (uint)message.Payload.Word0;
            ReportedWrong = (uint)message.Payload.Word1;
            return;
        }

        Wrong += MeshMessage.Is(in message, Received, Peer) ? 0u : 1;
        Received++;
    }
}
