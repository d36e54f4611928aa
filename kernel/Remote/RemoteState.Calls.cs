using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Cap;
using Atoll.Rendezvous;
using Atoll.Sched;

namespace Atoll.Remote;

/// <content>Calls that cross: what programs here ask of endpoints of others, and what others ask of endpoints here.</content>
/// <remarks>
/// Each call has a record where it is made and one at home, and exactly one answer. The caller's record is used again when the answer has come or the home is gone, so its number means one
/// call on its way. The home keeps the answer in its record as long as a ring has no room, or a bit for the number when it had no record.
/// </remarks>
public partial struct RemoteState
{
    /// <summary>Most calls that an instance awaits answers of: a home has a bit for each (<c>LinkEntry</c>).</summary>
    public const uint CallsMax = 32;

    private const uint CallersMax = 32;

    private static uint CallsFor(uint channels) => channels < CallsMax ? channels : CallsMax;

    private static uint CallersFor(uint channels) => channels < 2 * CallersMax ? (channels + 1) / 2 : CallersMax;

    private static ulong CallBytesFor(uint channels) =>
        (CallsFor(channels) * (ulong)AwaitedCall.SizeBytes) + (CallersFor(channels) * (ulong)ForeignCaller.SizeBytes);

    private void BeginCalls(ulong address, uint channels)
    {
        Calls.Begin(address, CallsFor(channels));
        Callers.Begin(address + (CallsFor(channels) * (ulong)AwaitedCall.SizeBytes), CallersFor(channels));
    }

    /// <summary>A program calls an endpoint of another instance, or sends to it: its thread waits for the home's answer.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="caller">Who; its flags and deadline say for how long.</param>
    /// <param name="import">Number of the import that its capability names.</param>
    /// <param name="call">What is asked, but for the numbers.</param>
    /// <returns>Ok: it waits; WouldBlock: so many wait already; PeerDied: it is being taken back, or its home is dead.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public SystemResult TryCall(ref Scheduler scheduler, ObjectPointer<Thread> caller, uint import, ref readonly RemoteCall call)
    {
        ref CrossingEntry entry = ref Imports[import];
        if (entry.State != CrossingState.Held || Lost.Has(entry.Peer))
        {
            return SystemResult.PeerDied;
        }

        if (!Calls.TryTake(out uint number))
        {
            return SystemResult.WouldBlock;
        }

        ref AwaitedCall awaited = ref Calls[number];
        awaited.Reply = default;
        awaited.Reply.IsForeign = true;
        awaited.Call = call;
        awaited.Call.Number = number;
        awaited.Call.HomeNumber = entry.HomeNumber;
        awaited.Peer = entry.Peer;
        awaited.State = AwaitedState.Unsent;

        // It keeps its time: nobody here runs on it meanwhile.
        Replies.Await(ref scheduler, caller, caller, Calls.FirstOf<Reply>(number));
        entry.Owes |= CrossingDebts.Call;
        Imports.Enlist(import);
        return SystemResult.Ok;
    }

    /// <summary>A home has answered.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Answered(ref Scheduler scheduler, uint home, ref readonly RemoteAnswer answer)
    {
        if (!Calls.Has(answer.Number) || Calls[answer.Number].Peer != home || Calls[answer.Number].State == AwaitedState.Unsent)
        {
            Refused++;
            return;
        }

        Calls.Free(answer.Number);
        ObjectPointer<Thread> caller = Calls[answer.Number].Reply.Caller;
        if (caller.IsNull)
        {
            // It waits no more: its time was up, or it has ended.
            return;
        }

        Replies.End(ref scheduler, caller.Value.Reply);
        ref ThreadContext context = ref caller.Value.Context;
        context.Rax = (ulong)answer.Result;
        context.Rdi = 0;
        context.Rsi = answer.Header;
        context.Rdx = answer.Word0;
        context.R10 = answer.Word1;
        context.R8 = answer.Word2;
        context.R9 = answer.Word3;
        Dispatch.Wake(ref scheduler, caller);
    }

    /// <summary>A holder's program calls an endpoint of this instance, sends to it, or asks a thread of this instance.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="holder">Its core.</param>
    /// <param name="call">From that kernel.</param>
    /// <param name="number">The caller's record here, when there is one.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public TakenCall TakeCall(ref Scheduler scheduler, uint holder, ref readonly RemoteCall call, out uint number)
    {
        number = 0;
        uint waiting = 0;
        for (ulong left = Callers.Taken; left != 0;)
        {
            ref ForeignCaller other = ref Callers[CallTable<ForeignCaller>.Next(ref left)];
            if (other.Peer == holder && other.Number == call.Number)
            {
                Refused++;
                return TakenCall.Wrong;
            }

            waiting += other.Peer == holder ? 1U : 0;
        }

        if (!IsHeldBy(holder, call.HomeNumber) || Exports[call.HomeNumber].Slot.Type is not (CapabilityType.Endpoint or CapabilityType.Thread)
            || !CallRights.Suffice(Exports[call.HomeNumber].Slot.Rights, call.IsCall))
        {
            Refused++;
            return TakenCall.Dead;
        }

        // One core leaves the others half of the room.
        if (waiting >= (Callers.Capacity + 1) / 2 || !Callers.TryTake(out number))
        {
            return TakenCall.Full;
        }

        ref readonly CapabilitySlot slot = ref Exports[call.HomeNumber].Slot;
        ref ForeignCaller caller = ref Callers[number];
        caller.Peer = holder;
        caller.Number = call.Number;
        caller.Begin(in call, in slot);
        if (slot.Type == CapabilityType.Thread)
        {
            // Nobody raises a thread above what its own core lets it have.
            caller.Thread.PriorityMax = slot.Thread.Value.PriorityMax;
            return TakenCall.Asks;
        }

        Endpoints.Send(ref scheduler, slot.Endpoint, Callers.FirstOf<Thread>(number), call.MayWait ? WaitBound.None : WaitBound.Now);
        scheduler.HasForeignNews |= caller.Thread.State == ThreadState.Ready;
        return TakenCall.Taken;
    }

    /// <summary>Nobody waits any more for the answer to a call of a holder. It is answered all the same.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void CancelCall(ref Scheduler scheduler, uint holder, uint callNumber)
    {
        for (ulong left = Callers.Taken; left != 0;)
        {
            uint number = CallTable<ForeignCaller>.Next(ref left);
            if (Callers[number].Peer == holder && Callers[number].Number == callNumber)
            {
                Cancellation.EndWait(ref scheduler, Callers.FirstOf<Thread>(number), SystemResult.Cancelled);
            }
        }
    }

    // A core is gone: its callers wait no more, and who called there hears that nobody will answer.
    private void LoseCalls(ref Scheduler scheduler, uint peer)
    {
        for (ulong left = Callers.Taken; left != 0;)
        {
            uint number = CallTable<ForeignCaller>.Next(ref left);
            if (Callers[number].Peer == peer)
            {
                _ = Cancellation.Unhook(ref scheduler, Callers.FirstOf<Thread>(number));
                Callers.Free(number);
            }
        }

        for (ulong left = Calls.Taken; left != 0;)
        {
            uint number = CallTable<AwaitedCall>.Next(ref left);
            ref AwaitedCall call = ref Calls[number];
            if (call.Peer != peer)
            {
                continue;
            }

            Calls.Free(number);
            if (!call.Reply.Caller.IsNull)
            {
                Replies.Abandon(ref scheduler, call.Reply.Caller);
            }
        }
    }

    private readonly bool IsHeldBy(uint holder, uint number) =>
        number < Exports.Used && Exports[number].Peer == holder && Exports[number].State == CrossingState.Held;
}
