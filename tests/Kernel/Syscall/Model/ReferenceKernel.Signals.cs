using Atoll.Abi;
using Atoll.Cap;
using ThreadState = Atoll.Cap.ThreadState;

namespace Atoll.Kernel.Tests.Syscall.Model;

/// <summary>This part: faults and signals.</summary>
public sealed partial class ReferenceKernel
{
    private void Raise(ModelThread thread, FaultKind kind, ulong address)
    {
        thread.Fault = kind;
        thread.FaultAddress = address;
        Withdraw(thread);
        if (thread.Handler is not { } handler)
        {
            thread.State = ThreadState.Inactive;
            return;
        }

        thread.IsFault = true;
        thread.IsCall = false;
        thread.Until = null;
        thread.SendBadge = handler.Badge;
        thread.SendRights = handler.Rights;
        Send(thread, (ModelEndpoint)handler.Target!, mayWait: true);
    }

    private void Signal(ModelNotification notification, ulong badge)
    {
        ModelThread? woken = notification.Waiters.Count > 0 ? notification.Waiters[0]
            : notification.Bound is { State: ThreadState.Receiving } bound ? bound
            : null;
        if (woken is null)
        {
            notification.IsPending = true;
            notification.Pending |= badge;
            return;
        }

        Unhook(woken);
        woken.Heard = SignalOf(badge);
        Wake(woken);
    }

    private static void AwaitSignal(ModelThread thread, ModelNotification notification, bool mayWait)
    {
        if (notification.IsPending)
        {
            TakeSignal(notification, thread);
        }
        else if (mayWait)
        {
            thread.State = ThreadState.AwaitingSignal;
            thread.Awaited = notification;
            notification.Waiters.Add(thread);
            thread.WaitEnds = thread.Until;
        }
        else
        {
            thread.Heard = new Heard(SystemResult.WouldBlock);
        }
    }

    private static void TakeSignal(ModelNotification notification, ModelThread thread)
    {
        thread.Heard = SignalOf(notification.Pending);
        notification.Pending = 0;
        notification.IsPending = false;
    }

    private static Heard SignalOf(ulong bits) => new(SystemResult.Ok, true, bits, MessageHeader.Signal.Raw);
}
