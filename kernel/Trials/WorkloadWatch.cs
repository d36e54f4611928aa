using System.Runtime.CompilerServices;
using System.Threading;
using Atoll.Base;
using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Mm;
using Atoll.Workloads;

namespace Atoll.Trials;

/// <summary>What the coordinator knows of how the workload goes on each instance, from its status page. None of it is trusted.</summary>
public struct WorkloadWatch
{
    private ReceivedTable _receivedBefore;
    private CoreSet _reported;
    private ulong _nextLive;

    /// <summary>Whether an instance has been reported as done.</summary>
    public readonly bool HasReported(uint core) => _reported.Has(core);

    /// <summary>An instance is to show that it goes on: what it receives from now on counts.</summary>
    public void Demanded(ref InstanceState state, uint core) =>
        _receivedBefore[(int)core] = Volatile.Read(ref StatusOf(ref state, core).Received);

    /// <summary>A new life of a core begins: it has received nothing yet.</summary>
    public void Restarted(uint core) => _receivedBefore[(int)core] = 0;

    /// <summary>Whether an instance's part of the workload goes on.</summary>
    /// <param name="state">The coordinator.</param>
    /// <param name="core">The instance.</param>
    /// <param name="order">What everybody works on.</param>
    public readonly bool Works(ref readonly InstanceState state, uint core, in WorkloadOrder order)
    {
        // Without partners there is nothing to receive. With an end, all may have been received before.
        ref WorkStatus status = ref StatusOf(in state, core);
        return !order.HasPartnersOf(core)
            || (order.Limit == 0
                ? Volatile.Read(ref status.Received) > _receivedBefore[(int)core]
                : Volatile.Read(ref status.Done) != 0);
    }

    /// <summary>Reports an instance that is done. Whoever has been reported is not looked at again.</summary>
    public void Look(ref InstanceState state, uint core)
    {
        if (Volatile.Read(ref StatusOf(in state, core).Done) != 0)
        {
            _reported.Add(core);
            WorkloadReport.Ring(core, ref CoordinatorInstance.StatusOf(in state, core));
        }
    }

    /// <summary>Writes the live lines when they are due.</summary>
    /// <param name="state">The coordinator.</param>
    /// <param name="coordinator">What it knows.</param>
    /// <param name="now">Time-stamp counter.</param>
    /// <param name="period">Milliseconds; 0: none.</param>
    /// <param name="next">Microseconds until there is something else to do.</param>
    /// <returns>Microseconds until there is something to do, at most <paramref name="next"/>.</returns>
    public ulong Live(ref InstanceState state, ref CoordinatorState coordinator, ulong now, uint period, ulong next)
    {
        if (period == 0)
        {
            return next;
        }

        if (now >= _nextLive)
        {
            _nextLive = now + state.Clock.TscTicks(period * 1000UL);
            ReportLive(in state, ref coordinator);
        }

        // A period from now, whatever is left of this one: a line is late by what a look is late.
        ulong longest = period * 1000UL;
        return longest < next ? longest : next;
    }

    /// <summary>Reports every instance that has not been, and every pair.</summary>
    /// <returns>Whether a message was lost or wrong.</returns>
    public readonly bool Conclude(ref InstanceState state, ref CoordinatorState coordinator)
    {
        bool hasErrors = false;
        for (uint core = 0; core < coordinator.Cores.Count; core++)
        {
            if (coordinator.Instances[(int)core].Lifecycle != InstanceLifecycle.Healthy)
            {
                continue;
            }

            ref InstanceStatus status = ref CoordinatorInstance.StatusOf(in state, core);
            if (!_reported.Has(core))
            {
                WorkloadReport.Ring(core, ref status);
            }

            WorkloadReport.Pairs(core, ref WorkStatus.Of(ref status));
            hasErrors |= Volatile.Read(ref WorkStatus.Of(ref status).Errors) != 0;
        }

        return hasErrors;
    }

    private static void ReportLive(ref readonly InstanceState state, ref CoordinatorState coordinator)
    {
        for (uint core = 0; core < coordinator.Cores.Count; core++)
        {
            if (coordinator.Instances[(int)core].Lifecycle == InstanceLifecycle.Healthy)
            {
                ulong wake = core == CoordinatorInstance.Core ? 0 : Volatile.Read(ref WakeOf(in state, core).Word);
                WorkloadReport.Live(core, ref CoordinatorInstance.StatusOf(in state, core), isAsleep: (wake & 1) != 0);
            }
        }
    }

    private static unsafe ref WakePage WakeOf(ref readonly InstanceState state, uint core) =>
        ref Page.At<WakePage>(PeerMap.PageAt(in state.Map, PeerMap.Slot(CoordinatorInstance.LinkOf(core), LinkPage.Wake)));

    private static ref WorkStatus StatusOf(ref readonly InstanceState state, uint core) =>
        ref WorkStatus.Of(ref CoordinatorInstance.StatusOf(in state, core));

    [InlineArray(Limits.InstanceCountMax)]
    private struct ReceivedTable
    {
        private ulong _received0;
    }
}
