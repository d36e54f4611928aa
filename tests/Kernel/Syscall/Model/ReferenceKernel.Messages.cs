using Atoll.Abi;
using Atoll.Cap;
using ThreadState = Atoll.Cap.ThreadState;

namespace Atoll.Kernel.Tests.Syscall.Model;

/// <summary>This part: messages, answers, and waits that end without one.</summary>
public sealed partial class ReferenceKernel
{
    private void Send(ModelThread sender, ModelEndpoint endpoint, bool mayWait)
    {
        if (!endpoint.IsOfSenders && endpoint.Queue.Count > 0)
        {
            ModelThread receiver = endpoint.Queue[0];
            Leave(receiver);
            Meet(sender, receiver);
            Wake(receiver);
        }
        else if (mayWait)
        {
            Enter(sender, endpoint, ThreadState.Sending);
        }
        else
        {
            sender.Heard = new Heard(SystemResult.WouldBlock);
        }
    }

    private void Receive(ModelThread receiver, ModelEndpoint endpoint, ModelReply? reply, bool mayWait)
    {
        if (receiver.Bound is { IsPending: true } bound)
        {
            TakeSignal(bound, receiver);
        }
        else if (endpoint.IsOfSenders && endpoint.Queue.Count > 0)
        {
            ModelThread sender = endpoint.Queue[0];
            Leave(sender);
            Offer(receiver, reply);
            if (!sender.IsFault)
            {
                sender.Heard = new Heard(SystemResult.Ok);
            }

            if (Meet(sender, receiver))
            {
                Wake(sender);
            }
        }
        else if (mayWait)
        {
            Offer(receiver, reply);
            Enter(receiver, endpoint, ThreadState.Receiving);
        }
        else
        {
            receiver.Heard = new Heard(SystemResult.WouldBlock);
        }
    }

    private static void Enter(ModelThread thread, ModelEndpoint endpoint, ThreadState state)
    {
        thread.State = state;
        thread.Endpoint = endpoint;
        endpoint.IsOfSenders = state == ThreadState.Sending;
        endpoint.Queue.Add(thread);
        thread.WaitEnds = thread.Until;
    }

    private static void Leave(ModelThread thread)
    {
        thread.Endpoint!.Queue.Remove(thread);
        thread.Endpoint = null;
        thread.WaitEnds = null;
    }

    // A reply object serves one receiver and one caller.
    private void Offer(ModelThread receiver, ModelReply? reply)
    {
        receiver.Reply = reply;
        if (reply is null)
        {
            return;
        }

        if (reply.Caller is { } left)
        {
            Abandon(left);
        }

        if (reply.Waiter is not null)
        {
            reply.Waiter.Reply = null;
        }

        reply.Waiter = receiver;
    }

    private bool Meet(ModelThread sender, ModelThread receiver)
    {
        Carry(sender, receiver, sender.SendBadge, (sender.SendRights & CapabilityRights.Grant) != 0);
        ModelReply? reply = receiver.Reply;
        Forget(receiver);
        if (!sender.IsCall && !sender.IsFault)
        {
            return true;
        }

        if (reply is null || (sender.SendRights & (CapabilityRights.Grant | CapabilityRights.GrantReply)) == 0)
        {
            return Release(sender, SystemResult.PeerDied);
        }

        sender.State = ThreadState.AwaitingReply;
        sender.Reply = reply;
        reply.Caller = sender;
        reply.MayGrant = (sender.SendRights & CapabilityRights.Grant) != 0;
        if (receiver.Time is null && sender.Time is { } time)
        {
            reply.Lent = time;
            time.Chain.Insert(0, reply);
            sender.Time = null;
            SetTime(receiver, time);
        }

        sender.WaitEnds = sender.Until;
        return false;
    }

    private static void Forget(ModelThread receiver)
    {
        if (receiver.Reply is not null)
        {
            receiver.Reply.Waiter = null;
            receiver.Reply = null;
        }
    }

    private void Carry(ModelThread from, ModelThread to, ulong badge, bool mayGrant)
    {
        if (from.IsFault)
        {
            to.Heard = new Heard(
                SystemResult.Ok, true, badge, MessageHeader.Of((ulong)from.Fault, 4).Raw, from.Rip, from.FaultAddress, from.ErrorCode,
                    from.Rsp);
            return;
        }

        for (int index = 4; index < from.Header.Words; index++)
        {
            to.Buffer[index] = from.Buffer[index];
        }

        uint given = mayGrant && from.Header.Capabilities != 0 && GiveTo(to, Find(from.Given)) ? 1u : 0;
        to.Heard = new Heard(
            SystemResult.Ok, true, badge, MessageHeader.Of(from.Header.Label, from.Header.Words, given).Raw, from.Words[0], from.Words[1],
                from.Words[2], from.Words[3]);
    }

    private bool GiveTo(ModelThread receiver, ModelCapability? given)
    {
        if (given is null || Slots.ContainsKey(receiver.Inbox))
        {
            return false;
        }

        Add(receiver.Inbox, given.Type, given.Target, given.Rights, given.Badge, given);
        return true;
    }

    private SystemResult Answer(ModelReply reply, ModelThread sender)
    {
        if (reply.Caller is not { } caller)
        {
            return SystemResult.NoCaller;
        }

        bool goesOn = true;
        if (caller.IsFault)
        {
            goesOn = ResumeFault(caller, sender);
        }
        else
        {
            Carry(sender, caller, 0, reply.MayGrant);
        }

        End(reply);
        if (goesOn)
        {
            Wake(caller);
        }
        else
        {
            caller.State = ThreadState.Inactive;
        }

        return SystemResult.Ok;
    }

    private static bool ResumeFault(ModelThread thread, ModelThread handler)
    {
        thread.IsFault = false;
        bool setsRip = handler.Header.Words > 0;
        if (handler.Header.Label != FaultWords.Resume || (setsRip && handler.Words[0] >= UserSpace.End))
        {
            return false;
        }

        thread.Rip = setsRip ? handler.Words[0] : thread.Rip;
        thread.Rsp = handler.Header.Words > 1 ? handler.Words[1] : thread.Rsp;
        thread.Fault = FaultKind.None;
        return true;
    }

    // The caller gets its time back, from whoever has it now.
    private void End(ModelReply reply)
    {
        ModelThread caller = reply.Caller!;
        reply.Caller = null;
        caller.Reply = null;
        caller.WaitEnds = null;
        if (reply.Lent is not { } time)
        {
            return;
        }

        foreach (ModelReply above in time.Chain.Take(time.Chain.IndexOf(reply) + 1))
        {
            above.Lent = null;
        }

        time.Chain.RemoveRange(0, time.Chain.IndexOf(reply) + 1);
        if (time.Runner is not null)
        {
            SetTime(time.Runner, null);
        }

        caller.Time = time;
        time.Runner = caller;
    }

    private void Abandon(ModelThread caller)
    {
        End(caller.Reply!);
        if (Release(caller, SystemResult.PeerDied))
        {
            Wake(caller);
        }
    }

    private void EndWait(ModelThread thread, SystemResult result)
    {
        if (Unhook(thread) && Release(thread, result))
        {
            Wake(thread);
        }
    }

    private bool Release(ModelThread thread, SystemResult result)
    {
        if (thread.IsFault)
        {
            Stop(thread);
            return false;
        }

        thread.Heard = new Heard(result, true);
        return true;
    }

    private bool Unhook(ModelThread thread)
    {
        switch (thread.State)
        {
            case ThreadState.Sending:
                Leave(thread);
                return true;
            case ThreadState.Receiving:
                Leave(thread);
                Forget(thread);
                return true;
            case ThreadState.AwaitingReply:
                End(thread.Reply!);
                return true;
            case ThreadState.AwaitingSignal:
                thread.Awaited!.Waiters.Remove(thread);
                thread.Awaited = null;
                thread.WaitEnds = null;
                return true;
            default:
                return false;
        }
    }

    private void Suspend(ModelThread thread)
    {
        if (Unhook(thread))
        {
            _ = Release(thread, SystemResult.Cancelled);
        }

        Stop(thread);
    }
}
