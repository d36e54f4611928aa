using Atoll.Arch;
using Atoll.Instance;
using Atoll.Ipc;

namespace Atoll.Links;

/// <summary>What an instance does with all its links in one turn of the event loop.</summary>
public static class LinkTurn
{
    /// <summary>Takes messages from every link and deals with them.</summary>
    /// <returns>Whether there was anything.</returns>
    public static bool Receive<TDuty>(ref InstanceState state)
        where TDuty : IDuty
    {
        bool received = false;
        bool owes = false;
        for (uint position = 0; position < state.LinkCount; position++)
        {
            ref LinkEntry entry = ref state.Map.Link(position);
            received |= Reception.Turn<CoherentMemory, InstanceTurn<TDuty>, InstanceState, LinkEntry>(ref state, position, ref entry);
            if (entry.Owes)
            {
                received |= Pay(ref state, ref entry);
                owes |= entry.Owes;
            }
        }

        state.OwesMessages = owes;
        return received;
    }

    /// <summary>Ends the turn: one fence if anything was sent, then a doorbell for each receiver that says it sleeps.</summary>
    public static void End(ref InstanceState state) => TurnEnd.RingSleepers<CoherentMemory, InstanceLinks, InstanceState>(ref state);

    /// <summary>Asks the peer whether it is there, on the control slots.</summary>
    /// <returns>Whether the question went out.</returns>
    public static bool Ask(ref LinkEntry entry)
    {
        LinkMessage ping = default;
        ping.Kind = (uint)KernelMessage.Ping;
        entry.AwaitsPong = entry.Link.TrySendControl<CoherentMemory>(ref ping) == LinkSendResult.Sent;
        return entry.AwaitsPong;
    }

    /// <summary>Tells the coordinator that a link is gone here, or keeps its place until that can be told.</summary>
    /// <param name="state">The instance.</param>
    /// <param name="position">The place that was the link's, free by now.</param>
    /// <param name="peer">Core of the peer.</param>
    /// <param name="epoch">Number of the link.</param>
    /// <param name="isHeldBack">Whether it may not be told yet.</param>
    public static void Release(ref InstanceState state, uint position, uint peer, ulong epoch, bool isHeldBack)
    {
        LinkTable.OweRelease(ref state, position, peer, epoch, isHeldBack);
        if (!isHeldBack)
        {
            TellReleased(ref state, ref state.Map.Link(position));
        }
    }

    /// <summary>Hands a message to whoever knows its kind, or says that nobody does.</summary>
    internal static void Dispatch<TDuty>(ref InstanceState state, ref LinkEntry entry, in LinkMessage message)
        where TDuty : IDuty
    {
        if (!TDuty.Handle(ref state, ref entry, in message) && !HandlePing(ref entry, in message))
        {
            entry.Link.AnswerUnknown<CoherentMemory>(in message);
        }
    }

    /// <summary>The peer is gone. Exactly once for each link: from here on nothing of the peer is mapped.</summary>
    internal static void Lose<TDuty>(ref InstanceState state, uint position, ref LinkEntry entry)
        where TDuty : IDuty
    {
        uint peer = entry.Link.Peer;
        ulong epoch = entry.Link.Epoch;
        ref InstanceStatus status = ref state.Map.Status;
        StatusCounter.Add(ref status.PeersDied, 1);
        StatusCounter.Add(ref status.Refused, entry.Link.CorruptCount + entry.Link.StaleCount + entry.Link.UnknownCount);
        LinkTable.Release(ref state, position);
        TDuty.Unlinked(ref state, position, peer, epoch);
    }

    private static bool Pay(ref InstanceState state, ref LinkEntry entry) =>
        entry.OwesRelease ? TellReleased(ref state, ref entry) : Answer(ref entry);

    private static bool Answer(ref LinkEntry entry)
    {
        LinkMessage pong = default;
        pong.Kind = (uint)KernelMessage.Pong;
        entry.OwesPong = entry.Link.TrySendControl<CoherentMemory>(ref pong) == LinkSendResult.Full;
        return !entry.OwesPong;
    }

    private static bool HandlePing(ref LinkEntry entry, in LinkMessage message)
    {
        switch ((KernelMessage)message.Kind)
        {
            case KernelMessage.Ping:
                entry.OwesPong = true;
                return true;

            case KernelMessage.Pong:
                // An answer that nobody asked for counts for nothing.
                entry.Pongs += entry.AwaitsPong ? 1UL : 0;
                entry.AwaitsPong = false;
                return true;

            default:
                return false;
        }
    }

    private static bool TellReleased(ref InstanceState state, ref LinkEntry entry)
    {
        LinkMessage message = default;
        message.Kind = (uint)KernelMessage.LinkReleased;
        message.Operation = entry.ReleasedEpoch;
        ref LinkEntry coordinator = ref state.Map.Link(LinkTable.ToCoordinator);
        if (coordinator.Link.TrySendControl<CoherentMemory>(ref message) == LinkSendResult.Full)
        {
            return false;
        }

        LinkTable.Free(ref state, ref entry);
        return true;
    }
}
