using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Instance;

namespace Atoll.Coordinator;

/// <summary>Starts cores while everything else goes on: those that are empty, or whose instance has died, and are ordered to.</summary>
public static class Restarts
{
    /// <summary>The core is to have another instance as soon as it may, without an order of a program.</summary>
    public static void Want(ref InstanceState state, ref InstanceEntry entry)
    {
        entry.Row.Order = MemberOrder.Start;
        state.Kernel.Members.HasOrders = true;
    }

    /// <summary>Takes the steps that are due, and one look at the core that is being started.</summary>
    /// <param name="state">The coordinator.</param>
    /// <param name="coordinator">What it knows.</param>
    /// <param name="next">Microseconds until the coordinator has something to do by itself.</param>
    /// <returns>The same, with this in mind.</returns>
    public static ulong Turn<TProfile>(ref InstanceState state, ref CoordinatorState coordinator, ulong next)
        where TProfile : unmanaged, IProfile
    {
        if (coordinator.DeputyIsDue)
        {
            coordinator.DeputyIsDue = false;
            Orders.AppointDeputy<TProfile>(ref state, ref coordinator);
        }

        if (state.Kernel.Members.HasOrders)
        {
            Obey<TProfile>(ref state, ref coordinator);
        }

        if (coordinator.Starting.IsUnderWay)
        {
            uint core = coordinator.Starting.Core;
            StartResult result = CoreStarter.Step<TProfile>(ref state, ref coordinator);
            if (result != StartResult.Starting)
            {
                Finish<TProfile>(ref state, ref coordinator, core, result);
            }
            else if (coordinator.Starting.WaitMicroseconds < next)
            {
                next = coordinator.Starting.WaitMicroseconds;
            }
        }

        state.Kernel.Members.Tell(ref state.Kernel.Scheduler);
        return next;
    }

    // What is too early stays ordered. What does not fit the core's state is forgotten: that state changed a moment ago, and whoever orders hears of it.
    private static void Obey<TProfile>(ref InstanceState state, ref CoordinatorState coordinator)
        where TProfile : unmanaged, IProfile
    {
        state.Kernel.Members.HasOrders = false;
        for (uint core = 1; core < coordinator.Cores.Count; core++)
        {
            ref InstanceEntry entry = ref coordinator.Instances[(int)core];
            MemberOrder order = entry.Row.Order;
            if (order == MemberOrder.None)
            {
                continue;
            }

            if (entry.Lifecycle == InstanceLifecycle.Healthy)
            {
                entry.Row.Order = MemberOrder.None;
                End<TProfile>(ref state, ref coordinator, core, order);
            }
            else if (IsEarly(in state, ref coordinator, core))
            {
                state.Kernel.Members.HasOrders = true;
            }
            else
            {
                entry.Row.Order = MemberOrder.None;
                UseAgain<TProfile>(ref state, ref coordinator, core, order);
            }
        }
    }

    // Memory is used again only when no living instance can still map a page of it, for itself or for its programs; and there is one start page.
    private static bool IsEarly(in InstanceState state, ref CoordinatorState coordinator, uint core) =>
        coordinator.Starting.IsUnderWay || coordinator.Instances[(int)core].Lifecycle == InstanceLifecycle.Fenced
        || coordinator.Links.Mentions(core) || state.Kernel.Remote.Lost.Has(core);

    private static void End<TProfile>(ref InstanceState state, ref CoordinatorState coordinator, uint core, MemberOrder order)
        where TProfile : unmanaged, IProfile
    {
        if (order == MemberOrder.Stop)
        {
            Fencing.Fence(ref state, ref coordinator, core, MemberCause.Order);
        }
        else if (order >= MemberOrder.Panic)
        {
            CoordinatorPages<TProfile>.ProfileOf(ref coordinator).Provoke(ref state, core, order);
        }
    }

    private static void UseAgain<TProfile>(ref InstanceState state, ref CoordinatorState coordinator, uint core, MemberOrder order)
        where TProfile : unmanaged, IProfile
    {
        ref InstanceEntry entry = ref coordinator.Instances[(int)core];
        if (order == MemberOrder.Release)
        {
            CoreStarter.GiveBack(ref coordinator, ref entry);
            state.Kernel.Members.Change(ref entry.Row, MemberState.Empty, MemberCause.None);
        }
        else if (order == MemberOrder.Start)
        {
            CoordinatorPages<TProfile>.ProfileOf(ref coordinator).Reclaimed(core);
            StartResult result = CoreStarter.Begin<TProfile>(ref state, ref coordinator, core);
            if (result != StartResult.Starting)
            {
                Finish<TProfile>(ref state, ref coordinator, core, result);
            }
        }
    }

    // The start of a core has come to its end.
    private static void Finish<TProfile>(ref InstanceState state, ref CoordinatorState coordinator, uint core, StartResult result)
        where TProfile : unmanaged, IProfile
    {
        if (result == StartResult.Healthy)
        {
            InstanceReport.Started(core, coordinator.Instances[(int)core].Incarnation);
            coordinator.DeputyIsDue |= !state.HasDeputy;
            CoordinatorPages<TProfile>.ProfileOf(ref coordinator).Started(ref state, core);
            return;
        }

        GiveUp<TProfile>(ref state, ref coordinator, core, result);
    }

    /// <summary>A core did not get an instance: counts and tells, and buries one that died on the way.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void GiveUp<TProfile>(ref InstanceState state, ref CoordinatorState coordinator, uint core, StartResult result)
        where TProfile : unmanaged, IProfile
    {
        coordinator.Failed++;
        bool hasPanicked = result == StartResult.Panicked;
        if (hasPanicked)
        {
            Supervisor.Bury<TProfile>(ref state, ref coordinator, core);
        }
        else
        {
            MemberCause cause = result == StartResult.Deadline ? MemberCause.Deadline : MemberCause.Memory;
            state.Kernel.Members.Change(ref coordinator.Instances[(int)core].Row, MemberState.Failed, cause);
            coordinator.Channels.Died(ref coordinator.Pool, core);
        }

        BootReport.StartFailed(
            core, coordinator.Cores.ApicId((int)core), hasPanicked ? "panic"u8 : result == StartResult.Deadline ? "deadline"u8 : "memory"u8);
    }
}
