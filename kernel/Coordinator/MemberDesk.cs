using Atoll.Abi;
using Atoll.Instance;
using Atoll.Syscall;

namespace Atoll.Coordinator;

/// <summary>Does what programs of the coordinator's core order of the other cores.</summary>
internal static class MemberDesk
{
    /// <summary>Looks at every order that was given since.</summary>
    internal static void Turn(ref InstanceState state, ref CoordinatorState coordinator)
    {
        ref MemberBoard board = ref state.Kernel.Members;
        board.HasOrders = false;
        for (uint core = 1; core < board.Rows.Count; core++)
        {
            ref MemberRow row = ref board.Rows[core];
            MemberOrder order = row.Order;
            row.Order = MemberOrder.None;
            if (order != MemberOrder.None)
            {
                Do(ref state, ref coordinator, core, order);
            }
        }
    }

    // A core that is being started, or whose instance is fenced and not buried yet, is left alone: whoever ordered sees that nothing has changed.
    private static void Do(ref InstanceState state, ref CoordinatorState coordinator, uint core, MemberOrder order)
    {
        ref InstanceEntry entry = ref coordinator.Instances[(int)core];
        CoreNext next = order == MemberOrder.Stop ? CoreNext.Release : order == MemberOrder.Kill ? CoreNext.Nothing : CoreNext.Start;
        if (entry.Lifecycle == InstanceLifecycle.Healthy)
        {
            if (order != MemberOrder.Start)
            {
                entry.Ordered = next;
                Fencing.Fence(ref state, ref coordinator, core);
            }
        }
        else if (entry.Lifecycle is InstanceLifecycle.Empty or InstanceLifecycle.Panicked or InstanceLifecycle.Failed)
        {
            Restarts.Want(ref coordinator, ref entry, next);
        }
    }
}
