using Atoll.Abi;
using Atoll.Cap;

namespace Atoll.Kernel.Tests.Syscall.Model;

/// <summary>This part: how capabilities go, and what ends with the last of an object.</summary>
public sealed partial class ReferenceKernel
{
    private void Delete(ModelCapability? held)
    {
        if (held is null)
        {
            return;
        }

        if (held.Owner is null)
        {
            Slots.Remove(held.Slot);
        }
        else if (held.Owner.Space == held)
        {
            held.Owner.Space = null;
            Reconsider(held.Owner);
        }
        else
        {
            held.Owner.Handler = null;
        }

        int place = held.Parent?.Children.IndexOf(held) ?? 0;
        held.Parent?.Children.Remove(held);
        held.Parent?.Children.InsertRange(place, held.Children);
        foreach (ModelCapability child in held.Children)
        {
            child.Parent = held.Parent;
        }

        held.Target?.Capabilities.Remove(held);
        if (held.Target is { Capabilities.Count: 0 } target)
        {
            End(target);
        }
    }

    private void TakeSpace(ModelThread thread) => Delete(thread.Space);

    private void TakeHandler(ModelThread thread) => Delete(thread.Handler);

    private void End(ModelObject target)
    {
        switch (target)
        {
            case ModelThread thread:
                EndThread(thread);
                break;
            case ModelEndpoint endpoint:
                while (endpoint.Queue.Count > 0)
                {
                    EndWait(endpoint.Queue[0], SystemResult.PeerDied);
                }

                break;
            case ModelNotification notification:
                if (notification.Bound is not null)
                {
                    notification.Bound.Bound = null;
                }

                while (notification.Waiters.Count > 0)
                {
                    EndWait(notification.Waiters[0], SystemResult.PeerDied);
                }

                break;
            case ModelReply reply:
                if (reply.Waiter is not null)
                {
                    Forget(reply.Waiter);
                }

                if (reply.Caller is not null)
                {
                    Abandon(reply.Caller);
                }

                break;
            case ModelTime time:
                EndTime(time);
                break;
        }
    }

    private void EndThread(ModelThread thread)
    {
        Threads.Remove(thread);
        if (thread.Bound is not null)
        {
            thread.Bound.Bound = null;
        }

        Unhook(thread);
        Stop(thread);
        if (thread.Time is { Chain.Count: > 0 } lent)
        {
            Abandon(lent.Chain[0].Caller!);
        }
        else if (thread.Time is { } time)
        {
            time.Thread = null;
            SetTime(thread, null);
        }

        if (Running == thread)
        {
            Running = null;
        }

        TakeHandler(thread);
        TakeSpace(thread);
    }

    private void EndTime(ModelTime time)
    {
        if (Charged == time)
        {
            Charge(null);
        }

        foreach (ModelReply reply in time.Chain)
        {
            reply.Lent = null;
        }

        time.Chain.Clear();
        if (time.Runner is not null)
        {
            SetTime(time.Runner, null);
        }
    }
}
