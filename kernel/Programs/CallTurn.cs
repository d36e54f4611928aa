using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Cap;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;
using Atoll.Remote;
using Atoll.Syscall;

namespace Atoll.Programs;

/// <summary>What kernels tell each other about calls that cross. Each is answered once; an answer that finds no room in a ring stays owed.</summary>
public static class CallTurn
{
    /// <summary>The holder: sends the calls that programs have made by an import. Before the import is given back, so that the home knows what they mean.</summary>
    /// <returns>False: a ring is full, and some are left.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static bool TrySend(ref InstanceState state, ref CrossingEntry import)
    {
        ref CallTable<AwaitedCall> calls = ref state.Kernel.Remote.Calls;
        for (ulong left = calls.Taken; left != 0;)
        {
            ref AwaitedCall call = ref calls[CallTable<AwaitedCall>.Next(ref left)];
            if (call.State != AwaitedState.Unsent || call.Peer != import.Peer || call.Call.HomeNumber != import.HomeNumber)
            {
                continue;
            }

            LinkMessage message = CallMessage.Ask(in call.Call);
            if (!LinkTable.TrySend(in state, call.Peer, ref message))
            {
                return false;
            }

            call.State = AwaitedState.Sent;
        }

        import.Owes &= ~CrossingDebts.Call;
        return true;
    }

    /// <summary>The home: a holder's program calls. Untrusted.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Take(ref InstanceState state, ref LinkEntry from, ref readonly LinkMessage message)
    {
        CallMessage.Decode(in message, out RemoteCall call);
        switch (state.Kernel.Remote.TakeCall(ref state.Kernel.Scheduler, from.Link.Peer, in call, out uint caller))
        {
            case TakenCall.Full:
                from.FullCalls |= 1U << (int)call.Number;
                break;
            case TakenCall.Dead:
                from.DeadCalls |= 1U << (int)call.Number;
                break;
            case TakenCall.Asks:
                Operations.Invoke(ref state.Kernel, state.Kernel.Remote.Callers.FirstOf<Thread>(caller), state.Kernel.Remote.Exports.Slot(call.HomeNumber));
                break;
            case TakenCall.Taken or TakenCall.Wrong:
                return;
        }

        state.Kernel.Remote.OwesCalls = true;
    }

    /// <summary>The holder: a home has answered. Untrusted.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Answered(ref InstanceState state, uint from, ref readonly LinkMessage message)
    {
        CallMessage.Decode(in message, out RemoteAnswer answer);
        state.Kernel.Remote.Answered(ref state.Kernel.Scheduler, from, in answer);
    }

    /// <summary>Both: answers, and tells homes whose answers nobody waits for. What finds no room stays owed.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Pay(ref InstanceState state)
    {
        state.Kernel.Scheduler.HasForeignNews = false;
        bool owes = !TryAnswerAll(ref state);
        owes |= !TryCancelAll(ref state);
        for (uint position = 0; position < state.LinkCount; position++)
        {
            ref LinkEntry entry = ref state.Map.Link(position);
            owes |= (entry.FullCalls | entry.DeadCalls) != 0 && !TryRefuse(in state, ref entry);
        }

        state.Kernel.Remote.OwesCalls = owes;
    }

    private static bool TryAnswerAll(ref InstanceState state)
    {
        ref CallTable<ForeignCaller> callers = ref state.Kernel.Remote.Callers;
        bool isDone = true;
        for (ulong left = callers.Taken; left != 0;)
        {
            uint number = CallTable<ForeignCaller>.Next(ref left);
            ref ForeignCaller caller = ref callers[number];
            if (caller.Thread.State != ThreadState.Ready)
            {
                continue;
            }

            LinkMessage message = CallMessage.Answer(in caller);
            if (LinkTable.TrySend(in state, caller.Peer, ref message))
            {
                callers.Free(number);
            }
            else
            {
                isDone = false;
            }
        }

        return isDone;
    }

    private static bool TryCancelAll(ref InstanceState state)
    {
        ref CallTable<AwaitedCall> calls = ref state.Kernel.Remote.Calls;
        bool isDone = true;
        for (ulong left = calls.Taken; left != 0;)
        {
            uint number = CallTable<AwaitedCall>.Next(ref left);
            ref AwaitedCall call = ref calls[number];
            if (!call.Reply.Caller.IsNull || call.State == AwaitedState.Cancelled)
            {
                continue;
            }

            if (call.State == AwaitedState.Unsent)
            {
                // Nobody has heard of it.
                calls.Free(number);
                continue;
            }

            LinkMessage message = CallMessage.Cancel(number);
            bool isTold = LinkTable.TrySend(in state, call.Peer, ref message);
            call.State = isTold ? AwaitedState.Cancelled : call.State;
            isDone &= isTold;
        }

        return isDone;
    }

    private static bool TryRefuse(ref readonly InstanceState state, ref LinkEntry entry)
    {
        while ((entry.FullCalls | entry.DeadCalls) != 0)
        {
            ulong left = entry.FullCalls | entry.DeadCalls;
            uint number = CallTable<AwaitedCall>.Next(ref left);
            LinkMessage message = CallMessage.Refuse(number, ((entry.DeadCalls >> (int)number) & 1) != 0 ? SystemResult.PeerDied : SystemResult.WouldBlock);
            if (!LinkTable.TrySend(in state, entry.Link.Peer, ref message))
            {
                return false;
            }

            entry.FullCalls &= (uint)left;
            entry.DeadCalls &= (uint)left;
        }

        return true;
    }
}
