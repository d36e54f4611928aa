using System.Runtime.CompilerServices;
using Atoll.Arch;
using Atoll.Instance;

namespace Atoll.Coordinator;

/// <summary>Starts cores while everything else goes on: those whose instance has died and may be had again.</summary>
public static class Restarts
{
    /// <summary>The instance is dead and buried: says whether its core gets another.</summary>
    public static void Decide<TProfile>(ref InstanceState state, ref CoordinatorState coordinator, uint core)
        where TProfile : unmanaged, IProfile
    {
        ref InstanceEntry entry = ref coordinator.Instances[(int)core];
        CoreNext next = entry.Ordered;
        entry.Ordered = CoreNext.Nothing;
        if (next == CoreNext.Nothing && (CoordinatorPages<TProfile>.ProfileOf(ref coordinator).RestartsTheDead
            || entry.Restarts.TryTake(
                in state.Clock, Cpu.ReadTsc(), coordinator.Parameters.RestartsMax, coordinator.Parameters.RestartWindowSeconds)))
        {
            next = CoreNext.Start;
        }

        Want(ref coordinator, ref entry, next);
    }

    /// <summary>Says what becomes of a core whose instance is dead, or that has none.</summary>
    public static void Want(ref CoordinatorState coordinator, ref InstanceEntry entry, CoreNext next)
    {
        if (next != CoreNext.Nothing)
        {
            coordinator.Waiting += entry.Next == CoreNext.Nothing ? 1u : 0;
            entry.Next = next;
        }
    }

    /// <summary>One look at the core that is being started, or at who is to be the next.</summary>
    /// <param name="state">The coordinator.</param>
    /// <param name="coordinator">What it knows.</param>
    /// <param name="next">Microseconds until the coordinator has something to do by itself.</param>
    /// <returns>The same, with this in mind.</returns>
    public static ulong Turn<TProfile>(ref InstanceState state, ref CoordinatorState coordinator, ulong next)
        where TProfile : unmanaged, IProfile
    {
        if (state.Kernel.Members.HasOrders)
        {
            MemberDesk.Turn(ref state, ref coordinator);
        }

        if (coordinator.DeputyIsDue)
        {
            coordinator.DeputyIsDue = false;
            Orders.AppointDeputy<TProfile>(ref state, ref coordinator);
        }

        if (!coordinator.Starting.IsUnderWay && (coordinator.Waiting == 0 || !BeginNext<TProfile>(ref state, ref coordinator)))
        {
            return next;
        }

        uint core = coordinator.Starting.Core;
        StartResult result = CoreStarter.Step<TProfile>(ref state, ref coordinator);
        if (result == StartResult.Starting)
        {
            ulong wait = coordinator.Starting.WaitMicroseconds;
            return wait < next ? wait : next;
        }

        Finish<TProfile>(ref state, ref coordinator, core, result);
        return next;
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
            coordinator.Channels.Died(ref coordinator.Pool, core);
        }

        BootReport.StartFailed(
            core, coordinator.Cores.ApicId((int)core), hasPanicked ? "panic"u8 : result == StartResult.Deadline ? "deadline"u8 : "memory"u8);
    }

    // Memory is used again only when no living instance can still map a page of it, for itself or for its programs.
    private static bool BeginNext<TProfile>(ref InstanceState state, ref CoordinatorState coordinator)
        where TProfile : unmanaged, IProfile
    {
        for (uint core = 1; core < coordinator.Cores.Count; core++)
        {
            ref InstanceEntry entry = ref coordinator.Instances[(int)core];
            CoreNext order = entry.Next;
            if (order == CoreNext.Nothing || coordinator.Links.Mentions(core) || state.Kernel.Remote.Lost.Has(core))
            {
                continue;
            }

            entry.Next = CoreNext.Nothing;
            coordinator.Waiting--;
            if (order == CoreNext.Release)
            {
                CoreStarter.GiveBack(ref coordinator, ref entry);
                entry.Lifecycle = InstanceLifecycle.Empty;
                continue;
            }

            CoordinatorPages<TProfile>.ProfileOf(ref coordinator).Reclaimed(core);
            StartResult result = CoreStarter.Begin<TProfile>(ref state, ref coordinator, core);
            if (result == StartResult.Starting)
            {
                return true;
            }

            Finish<TProfile>(ref state, ref coordinator, core, result);
        }

        return false;
    }
}
