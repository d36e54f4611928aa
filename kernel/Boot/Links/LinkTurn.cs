using Atoll.Arch;
using Atoll.Ipc;

namespace Atoll.Boot;

/// <summary>What an instance does with all its links in one turn of the event loop.</summary>
public static class LinkTurn
{
    /// <summary>Takes messages from every link and deals with them.</summary>
    /// <returns>Whether there was anything.</returns>
    public static bool Receive(ref InstanceState state)
    {
        bool received = false;
        bool owes = false;
        for (uint position = 0; position < state.LinkCount; position++)
        {
            ref LinkEntry entry = ref state.Map.Link(position);
            received |= Reception.Turn<CoherentMemory, InstanceLinks, InstanceState, LinkEntry>(ref state, position, ref entry);
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

    /// <summary>Hands a message to whoever knows its kind, or says that nobody does.</summary>
    internal static void Dispatch(ref InstanceState state, ref LinkEntry entry, in LinkMessage message)
    {
        bool known = state.Workload.Receive(ref entry, in message) || HandlePing(ref entry, in message);
        if (!known && state.Role == InstanceRole.Coordinator)
        {
            known = CoordinatorProtocol.Handle(ref state, ref state.Map.Coordinator, ref entry, in message);
        }
        else if (!known && entry.Link.Peer == Coordinator.Core)
        {
            known = MemberProtocol.Handle(ref state, ref entry, in message);
        }

        if (!known)
        {
            entry.Link.AnswerUnknown<CoherentMemory>(in message);
        }
    }

    /// <summary>The peer is gone. Exactly once for each link: from here on nothing of the peer is mapped.</summary>
    internal static void Lose(ref InstanceState state, uint position, ref LinkEntry entry)
    {
        uint peer = entry.Link.Peer;
        ulong epoch = entry.Link.Epoch;
        ref InstanceStatus status = ref state.Map.Status;
        StatusCounter.Add(ref status.PeersDied, 1);
        StatusCounter.Add(ref status.Refused, entry.Link.CorruptCount + entry.Link.StaleCount + entry.Link.UnknownCount);
        LinkTable.Release(ref state, position);
        if (state.Role == InstanceRole.Coordinator)
        {
            Supervisor.Bury(ref state, ref state.Map.Coordinator, peer);
            return;
        }

        state.Opening.Settle(peer);
        if (peer == Coordinator.Core)
        {
            state.Opening.GiveUp();
            AbandonGreetings(ref state);
            state.Deputy.CoordinatorDied();
            return;
        }

        LinkTable.OweRelease(ref state, position, epoch);
        TellReleased(ref state, ref entry);
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

    // Whoever makes links is dead: one that has not opened may never have been offered to its other end.
    private static void AbandonGreetings(ref InstanceState state)
    {
        for (uint position = 0; position < state.LinkCount; position++)
        {
            ref LinkEntry entry = ref state.Map.Link(position);
            if (entry.IsUsed && !entry.OwesRelease && entry.Link.State == LinkState.Greeting)
            {
                LinkTable.Release(ref state, position);
            }
        }
    }

    private static bool TellReleased(ref InstanceState state, ref LinkEntry entry)
    {
        LinkMessage message = default;
        message.Kind = (uint)KernelMessage.LinkReleased;
        message.Operation = entry.ReleasedEpoch;
        ref LinkEntry coordinator = ref state.Map.Link(Member.CoordinatorLink);
        if (coordinator.Link.TrySendControl<CoherentMemory>(ref message) == LinkSendResult.Full)
        {
            return false;
        }

        LinkTable.Free(ref state, ref entry);
        return true;
    }
}
