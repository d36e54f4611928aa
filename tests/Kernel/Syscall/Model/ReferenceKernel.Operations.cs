using Atoll.Abi;
using Atoll.Cap;
using ThreadState = Atoll.Cap.ThreadState;

namespace Atoll.Kernel.Tests.Syscall.Model;

/// <summary>This part: operations on objects.</summary>
public sealed partial class ReferenceKernel
{
    /// <summary>Enters a capability.</summary>
    public ModelCapability Add(uint slot, CapabilityType type, ModelObject? target, CapabilityRights rights = CapabilityRights.All,
        ulong badge = 0, ModelCapability? parent = null)
    {
        var made = new ModelCapability(type, target) { Rights = rights, Badge = badge, Slot = slot, Parent = parent };
        Slots[slot] = made;
        Enter(made);
        return made;
    }

    /// <summary>A thread lives by a capability derived from another.</summary>
    public static ModelCapability Give(ModelThread owner, ModelCapability parent)
    {
        var made = new ModelCapability(parent.Type, parent.Target) { Rights = parent.Rights, Badge = parent.Badge, Owner = owner,
            Parent = parent };
        Enter(made);
        return made;
    }

    private static void Enter(ModelCapability made)
    {
        made.Target?.Capabilities.Add(made);
        made.Parent?.Children.Add(made);
    }

    private void Operate(ModelThread caller, ModelCall call, ModelCapability capability)
    {
        (SystemResult result, ulong word) = capability.Target switch
        {
            ModelThread thread => OnThread(caller, thread, call),
            _ when capability.Type == CapabilityType.SchedulingControl => SetBudget(call),
            _ when capability.Type == CapabilityType.CNode => OnSlot(call),
            _ => (SystemResult.OperationUnknown, 0UL),
        };
        if (Threads.Contains(caller))
        {
            caller.Heard = result == SystemResult.Ok ? new Heard(result, true) : Heard.Refused(result, word);
        }
    }

    private (SystemResult Result, ulong Word) OnThread(ModelThread caller, ModelThread thread, ModelCall call)
    {
        switch ((ThreadOperation)call.Header.Label)
        {
            case ThreadOperation.Suspend:
                Suspend(thread);
                return default;
            case ThreadOperation.Resume when thread.Space is null || thread.State != ThreadState.Inactive || thread.Rip < UserSpace.Start:
                return (SystemResult.WrongState, 0);
            case ThreadOperation.Resume:
                thread.Fault = FaultKind.None;
                thread.IsFault = false;
                Wake(thread);
                return default;
            case ThreadOperation.SetPriority when call.Words[0] > caller.PriorityMax || call.Words[1] > caller.PriorityMax:
                return (SystemResult.AuthorityMissing, caller.PriorityMax);
            case ThreadOperation.SetPriority:
                SetPriority(thread, (byte)call.Words[0], (byte)call.Words[1]);
                return default;
            case ThreadOperation.SetFaults when call.Words[0] > 3:
                return (SystemResult.ArgumentInvalid, 0);
            case ThreadOperation.SetFaults:
                thread.Options = (FaultOptions)call.Words[0];
                return default;
            case ThreadOperation.BindContext:
                return BindTime(thread, call);
            case ThreadOperation.UnbindContext when thread.Time?.Thread != thread || thread.Time is null:
                return (SystemResult.WrongState, 0);
            case ThreadOperation.UnbindContext:
                thread.Time.Thread = null;
                SetTime(thread, null);
                return default;
            case ThreadOperation.BindNotification:
                return BindNotification(thread, call);
            case ThreadOperation.UnbindNotification when thread.Bound is null:
                return (SystemResult.WrongState, 0);
            case ThreadOperation.UnbindNotification:
                thread.Bound.Bound = null;
                thread.Bound = null;
                return default;
            case ThreadOperation.Configure:
                return Configure(thread, call);
            case ThreadOperation.SetRegisters:
                return SetRegisters(thread, call);
            default:
                return (SystemResult.OperationUnknown, 0);
        }
    }

    private static (SystemResult Result, ulong Word) SetRegisters(ModelThread thread, ModelCall call)
    {
        if (call.Words[0] >= UserSpace.End)
        {
            return (SystemResult.ArgumentInvalid, 0);
        }

        if (thread.State != ThreadState.Inactive)
        {
            return (SystemResult.WrongState, 0);
        }

        thread.Rip = call.Words[0];
        thread.Rsp = call.Words[1];
        thread.Rbx = 0;
        thread.ErrorCode = 0;
        thread.Heard = new Heard(0, true, call.Words[2], call.Words[3]);
        return default;
    }

    private void SetPriority(ModelThread thread, byte priority, byte most)
    {
        thread.PriorityMax = most;
        bool isQueued = _ready[thread.Priority].Remove(thread);
        thread.Priority = priority;
        if (isQueued)
        {
            _ready[priority].Add(thread);
        }
    }

    private (SystemResult Result, ulong Word) FindNamed(ModelCall call, int word, CapabilityType type, out ModelCapability found)
    {
        found = Find(call.Named[word])!;
        return found is null ? (SystemResult.SlotEmpty, AddressBits)
            : found.Type != type ? (SystemResult.WrongType, (ulong)found.Type)
            : default;
    }

    private (SystemResult Result, ulong Word) BindTime(ModelThread thread, ModelCall call)
    {
        var refused = FindNamed(call, 0, CapabilityType.SchedulingContext, out ModelCapability found);
        if (refused.Result != SystemResult.Ok)
        {
            return refused;
        }

        var time = (ModelTime)found.Target!;
        if (time.Thread is not null || thread.Time is not null || thread is { State: ThreadState.AwaitingReply, Reply.Lent: not null }
            || time.Budget == 0)
        {
            return (SystemResult.WrongState, 0);
        }

        time.Thread = thread;
        SetTime(thread, time);
        return default;
    }

    private (SystemResult Result, ulong Word) BindNotification(ModelThread thread, ModelCall call)
    {
        var refused = FindNamed(call, 0, CapabilityType.Notification, out ModelCapability found);
        if (refused.Result != SystemResult.Ok)
        {
            return refused;
        }

        if ((found.Rights & CapabilityRights.Read) == 0)
        {
            return (SystemResult.RightMissing, (ulong)CapabilityRights.Read);
        }

        var notification = (ModelNotification)found.Target!;
        if (notification.Bound is not null || thread.Bound is not null)
        {
            return (SystemResult.WrongState, 0);
        }

        notification.Bound = thread;
        thread.Bound = notification;
        if (notification.IsPending && thread.State == ThreadState.Receiving)
        {
            Unhook(thread);
            TakeSignal(notification, thread);
            Wake(thread);
        }

        return default;
    }

    // Word 0: the CSpace, word 3: the buffer, both always good; word 1: the space; word 2: the handler.
    private (SystemResult Result, ulong Word) Configure(ModelThread thread, ModelCall call)
    {
        var refused = FindNamed(call, 1, CapabilityType.VSpace, out ModelCapability space);
        if (refused.Result != SystemResult.Ok)
        {
            return refused;
        }

        ModelCapability? handler = null;
        if (call.Named.ContainsKey(2))
        {
            refused = FindNamed(call, 2, CapabilityType.Endpoint, out handler);
            if (refused.Result != SystemResult.Ok)
            {
                return refused;
            }

            if ((handler.Rights & CapabilityRights.Write) == 0)
            {
                return (SystemResult.RightMissing, (ulong)CapabilityRights.Write);
            }
        }

        TakeSpace(thread);
        TakeHandler(thread);
        thread.Space = Give(thread, space);
        thread.Handler = handler is null ? null : Give(thread, handler);
        Reconsider(thread);
        return default;
    }

    private (SystemResult Result, ulong Word) SetBudget(ModelCall call)
    {
        if ((SchedulingControlOperation)call.Header.Label != SchedulingControlOperation.Configure)
        {
            return (SystemResult.OperationUnknown, 0);
        }

        var refused = FindNamed(call, 0, CapabilityType.SchedulingContext, out ModelCapability found);
        if (refused.Result != SystemResult.Ok)
        {
            return refused;
        }

        if (call.Words[1] < 10 || call.Words[1] > call.Words[2])
        {
            return (SystemResult.ArgumentInvalid, 1);
        }

        if (call.Words[2] > 3_600_000_000)
        {
            return (SystemResult.ArgumentInvalid, 2);
        }

        var time = (ModelTime)found.Target!;
        Settle();
        time.Budget = call.Words[1] * KernelWorld.TicksPerMicrosecond;
        time.Period = call.Words[2] * KernelWorld.TicksPerMicrosecond;
        Refill(time);
        if (time == Charged)
        {
            Begin(time);
        }

        if (time.Runner is not null)
        {
            Reconsider(time.Runner);
        }

        return default;
    }

    private (SystemResult Result, ulong Word) OnSlot(ModelCall call)
    {
        ModelCapability? held = Find((uint)call.Words[0]);
        switch ((CNodeOperation)call.Header.Label)
        {
            case CNodeOperation.Delete:
                Delete(held);
                return default;
            case CNodeOperation.Revoke:
                while (held?.Children.Count > 0)
                {
                    Delete(held.Children[0]);
                }

                return default;
            case CNodeOperation.CancelBadgedSends when held?.Target is not ModelEndpoint:
                return (SystemResult.WrongType, (ulong)(held?.Type ?? CapabilityType.Null));
            case CNodeOperation.CancelBadgedSends when held.Rights != CapabilityRights.All:
                return (SystemResult.RightMissing, (ulong)(CapabilityRights.All & ~held.Rights));
            case CNodeOperation.CancelBadgedSends:
                var endpoint = (ModelEndpoint)held.Target!;
                foreach (ModelThread sender in endpoint.Queue.Where(thread => endpoint.IsOfSenders
                    && thread.SendBadge == held.Badge).ToList())
                {
                    EndWait(sender, SystemResult.Cancelled);
                }

                return default;
            default:
                return (SystemResult.OperationUnknown, 0);
        }
    }
}
