using Atoll.Abi;

namespace Atoll.Cap;

/// <summary>Ends objects.</summary>
internal static class Destruction
{
    /// <summary>The last capability to an object is being deleted: does one bounded step of ending the object.</summary>
    /// <returns>Whether the capability can go. If not there are threads left to tell, or it has become a record of a
    /// dying container.</returns>
    internal static bool End<THost, [AllowLinear] TState>(ref TState state, ObjectPointer<CapabilitySlot> slot)
        where THost : ICapabilityHost<TState>
        where TState : struct
    {
        ref CapabilitySlot last = ref slot.Value;
        switch (last.Type)
        {
            case CapabilityType.CNode:
                THost.Capabilities(ref state).Dying.Add(slot, DyingRecord.ContentCount(in last));
                return false;
            case CapabilityType.Thread:
                EndThread<THost, TState>(ref state, last.Thread);
                THost.Capabilities(ref state).Dying.Add(slot, DyingRecord.ContentCount(in last));
                return false;
            case CapabilityType.Endpoint:
                // Nobody new may come to wait while those who do are told.
                last.Rights = CapabilityRights.None;
                return THost.EndWait(ref state, last.Endpoint);
            case CapabilityType.Notification:
                last.Rights = CapabilityRights.None;
                Unbind(last.Notification);
                return THost.EndWait(ref state, last.Notification);
            case CapabilityType.Reply:
                THost.EndReply(ref state, last.Reply);
                break;
            case CapabilityType.SchedulingContext:
                THost.EndSchedulingContext(ref state, last.SchedulingContext);
                break;
            case CapabilityType.VSpace:
                // Every capability that remembers something mapped here remembers nothing from now on.
                THost.Capabilities(ref state).Spaces.Remove(last.SpaceNumber);
                THost.LeaveTables(ref state, last.Table.Physical);
                break;
            case CapabilityType.PageTable:
                PageTableMapping.TakeOut(in THost.Capabilities(ref state), ref last);
                break;
            case CapabilityType.IrqHandler:
                THost.EndInterrupt(ref state, last.Object);
                break;
            case CapabilityType.Channel:
                THost.EndChannel(ref state, last.Object);
                break;
        }

        return true;
    }

    private static void EndThread<THost, [AllowLinear] TState>(ref TState state, ObjectPointer<Thread> thread)
        where THost : ICapabilityHost<TState>
        where TState : struct
    {
        thread.Value.Flags |= ThreadFlags.Ended;
        ObjectPointer<Notification> bound = thread.Value.BoundNotification;
        if (!bound.IsNull)
        {
            bound.Value.BoundThread = default;
            thread.Value.BoundNotification = default;
        }

        THost.EndThread(ref state, thread);
    }

    private static void Unbind(ObjectPointer<Notification> notification)
    {
        ObjectPointer<Thread> bound = notification.Value.BoundThread;
        if (!bound.IsNull)
        {
            bound.Value.BoundNotification = default;
            notification.Value.BoundThread = default;
        }
    }
}
