using System.Threading;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Console;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;
using Atoll.Members;
using Atoll.Mm;
using Atoll.Provision;
using Atoll.Trap;

namespace Atoll.Coordinator;

/// <summary>Watches the instances through their status pages: deaths, restarts, progress, the end.</summary>
public static unsafe class Supervisor
{
    private const byte QuitKey = (byte)'q';

    /// <summary>Looks at everything, if it is time to.</summary>
    /// <param name="state">The coordinator.</param>
    /// <param name="coordinator">What it knows.</param>
    /// <param name="worked">Whether the turn before found something to do.</param>
    /// <returns>Microseconds until it is time again.</returns>
    public static ulong Poll<TDuty>(ref InstanceState state, ref CoordinatorState coordinator, bool worked)
        where TDuty : IDuty
    {
        ulong now = Cpu.ReadTsc();
        if (worked && coordinator.LookPeriod > Limits.LookMicroseconds)
        {
            Schedule(in state, ref coordinator, now, Limits.LookMicroseconds);
        }

        if (now >= coordinator.NextLook)
        {
            LookAtAll(ref state, ref coordinator, now);
            Schedule(in state, ref coordinator, now, NextPeriod(in coordinator));
        }

        if (coordinator.Parameters.Kills == 0)
        {
            return coordinator.LookPeriod;
        }

        Kill<TDuty>(ref state, ref coordinator, now);
        Restart<TDuty>(ref state, ref coordinator);
        ulong left = coordinator.Kills.MicrosecondsLeft(in state.Clock, now);
        return left < Limits.LookMicroseconds ? left : Limits.LookMicroseconds;
    }

    private static void Schedule(in InstanceState state, ref CoordinatorState coordinator, ulong now, uint period)
    {
        coordinator.LookPeriod = period;
        coordinator.NextLook = now + state.Clock.TscTicks(period);
    }

    private static uint NextPeriod(in CoordinatorState coordinator)
    {
        if (AwaitsSomething(in coordinator) || coordinator.LookPeriod == 0)
        {
            return Limits.LookMicroseconds;
        }

        uint longest = Limits.QuietLookMicroseconds;
        ulong live = coordinator.Parameters.LiveMilliseconds * 1000UL;
        longest = live != 0 && live < longest ? (uint)live : longest;
        uint twice = 2 * coordinator.LookPeriod;
        return twice < longest ? twice : longest;
    }

    private static bool AwaitsSomething(in CoordinatorState coordinator)
    {
        for (uint core = 0; core < coordinator.Cores.Count; core++)
        {
            ref readonly InstanceEntry entry = ref coordinator.Instances[(int)core];
            bool isBusy = coordinator.Parameters.Messages != 0 && !entry.HasReported;
            if (entry.Lifecycle == InstanceLifecycle.Healthy && (isBusy || entry.OwesSurvival))
            {
                return true;
            }
        }

        return coordinator.Parameters.Kills != 0;
    }

    /// <summary>Stops a dead member's core for good, writes its death if it could not, reads what it left behind, takes its links apart.</summary>
    /// <remarks>
    /// Called when the coordinator's own link to it has said PeerDied, exactly once for each life.
    /// After INIT the core executes nothing, so its pages have one owner again: the coordinator.
    /// </remarks>
    [Blocks]
    public static void Bury(ref InstanceState state, ref CoordinatorState coordinator, uint core)
    {
        ref InstanceEntry entry = ref coordinator.Instances[(int)core];
        bool wasKilled = entry.Lifecycle == InstanceLifecycle.Fenced;
        CoreStarter.Stop(ref state, new ApicId(coordinator.Cores.ApicId((int)core)));
        entry.Lifecycle = InstanceLifecycle.Panicked;
        coordinator.Died++;
        Announce(ref state, ref coordinator, core, wasKilled);
        coordinator.Links.Died(ref coordinator.Pool, core);
        for (uint other = 0; other < coordinator.Cores.Count; other++)
        {
            ref InstanceEntry survivor = ref coordinator.Instances[(int)other];
            if (survivor.Lifecycle == InstanceLifecycle.Healthy)
            {
                Survival.Demand(ref state, ref survivor, other);
            }
        }
    }

    // Peers believe the life word: whoever fenced a core writes it for one that could not.
    private static void Announce(ref InstanceState state, ref CoordinatorState coordinator, uint core, bool wasKilled)
    {
        ref InstanceEntry entry = ref coordinator.Instances[(int)core];
        FrameWindow window = FrameWindow.Over(in state.Map);
        Page* status = window.Open(entry.Plan.AddressOf(PageKind.Status));
        ulong life = Volatile.Read(ref Page.At<InstanceStatus>(status).Life);
        bool couldNot = LifeWord.State(life) == InstanceLifecycle.Healthy;
        ulong last = couldNot ? LifeWord.Of(entry.Incarnation, InstanceLifecycle.Fenced) : life;
        DeathNotice.Announce<CoherentMemory, LinkRegistryBell, InstanceState>(ref state, core, InstanceStatus.LifeOn(status), last);

        ref CrashRecord record = ref Page.At<CrashRecord>(window.OpenRead(entry.Plan.AddressOf(PageKind.Crash)));
        if (coordinator.Parameters.Kills == 0)
        {
            ReportDeath(in record, core, wasKilled);
        }
        else
        {
            InstanceReport.Death(core, entry.Incarnation, wasKilled);
        }

        window.Close();
    }

    private static void ReportDeath(in CrashRecord record, uint core, bool wasKilled)
    {
        if (record.Magic == CrashRecord.MagicValue && record.Core == core)
        {
            CrashReport.Write(in record);
        }
        else if (!wasKilled)
        {
            SerialConsole.Text("an instance died without a crash record: core "u8);
            SerialConsole.Decimal(core);
            SerialConsole.EndLine();
        }
    }

    private static void Kill<TDuty>(ref InstanceState state, ref CoordinatorState coordinator, ulong now)
        where TDuty : IDuty
    {
        // One death at a time, so that each is accounted for.
        if (!AllAreHealthy(ref coordinator)
            || !coordinator.Kills.IsDue(in state.Clock, now, (uint)coordinator.Cores.Count, out uint core, out bool halfSend))
        {
            return;
        }

        if (halfSend)
        {
            Orders.SendHalfSend<TDuty>(ref state, core);
            LinkTurn.End(ref state);
            return;
        }

        // Stopped wherever it is; the coordinator's link finds the life word that Fence writes.
        ref InstanceEntry entry = ref coordinator.Instances[(int)core];
        CoreStarter.Stop(ref state, new ApicId(coordinator.Cores.ApicId((int)core)));
        entry.Lifecycle = InstanceLifecycle.Fenced;
        FrameWindow window = FrameWindow.Over(in state.Map);
        ref InstanceStatus status = ref Page.At<InstanceStatus>(window.Open(entry.Plan.AddressOf(PageKind.Status)));
        Volatile.Write(ref status.Life, LifeWord.Of(entry.Incarnation, InstanceLifecycle.Fenced));
        window.Close();
    }

    private static bool AllAreHealthy(ref CoordinatorState coordinator)
    {
        for (uint core = 0; core < coordinator.Cores.Count; core++)
        {
            if (coordinator.Instances[(int)core].Lifecycle != InstanceLifecycle.Healthy)
            {
                return false;
            }
        }

        return coordinator.Died == coordinator.Kills.Done;
    }

    // The block is used again only when no living instance can still map a page of it.
    private static void Restart<TDuty>(ref InstanceState state, ref CoordinatorState coordinator)
        where TDuty : IDuty
    {
        for (uint core = 1; core < coordinator.Cores.Count; core++)
        {
            ref InstanceEntry entry = ref coordinator.Instances[(int)core];
            if (entry.Lifecycle != InstanceLifecycle.Panicked || coordinator.Links.Mentions(core))
            {
                continue;
            }

            if (CoreStarter.Start<TDuty>(ref state, ref coordinator, core) == StartResult.Healthy)
            {
                Orders.BeginOne<TDuty>(ref state, ref coordinator, core);
                LinkTurn.End(ref state);
            }
            else
            {
                coordinator.Failed++;
                BootReport.StartFailed(core, coordinator.Cores.ApicId((int)core), "restart"u8);
            }
        }
    }

    private static void LookAtAll(ref InstanceState state, ref CoordinatorState coordinator, ulong now)
    {
        for (uint core = 0; core < coordinator.Cores.Count; core++)
        {
            if (coordinator.Instances[(int)core].Lifecycle == InstanceLifecycle.Healthy)
            {
                Look(ref state, ref coordinator, core);
            }
        }

        ReportLive(ref state, ref coordinator, now);
        LookForEnd(ref state, ref coordinator);
        if (Uart.TryRead(out byte key) && key == QuitKey)
        {
            Conclusion.Reach(ref state, ref coordinator);
        }
    }

    private static void Look(ref InstanceState state, ref CoordinatorState coordinator, uint core)
    {
        ref InstanceEntry entry = ref coordinator.Instances[(int)core];
        ref InstanceStatus status = ref CoordinatorInstance.StatusOf(in state, core);
        bool isDone = Volatile.Read(ref status.WorkloadDone) != 0;
        if (entry.OwesSurvival && Survival.IsShown(ref state, in entry, core, worksOn: coordinator.Parameters.Kills != 0))
        {
            entry.OwesSurvival = false;
            SurvivorReport.Write(core, in status);
        }

        ulong strays = Volatile.Read(ref status.StrayCount);
        if (strays != entry.StraysReported)
        {
            entry.StraysReported = strays;
            InstanceReport.Stray(core, Volatile.Read(ref status.StrayVector), strays);
        }

        if (!entry.HasReported && isDone)
        {
            entry.HasReported = true;
            InstanceReport.Ring(core, in status);
        }
    }

    private static void ReportLive(ref InstanceState state, ref CoordinatorState coordinator, ulong now)
    {
        uint period = coordinator.Parameters.LiveMilliseconds;
        if (period == 0 || now < coordinator.NextLive)
        {
            return;
        }

        coordinator.NextLive = now + state.Clock.TscTicks(period * 1000UL);
        for (uint core = 0; core < coordinator.Cores.Count; core++)
        {
            if (coordinator.Instances[(int)core].Lifecycle == InstanceLifecycle.Healthy)
            {
                ulong wake = core == CoordinatorInstance.Core ? 0 : Volatile.Read(ref WakeOf(in state, core).Word);
                InstanceReport.Live(core, in CoordinatorInstance.StatusOf(in state, core), isAsleep: (wake & 1) != 0);
            }
        }
    }

    private static ref WakePage WakeOf(in InstanceState state, uint core) =>
        ref Page.At<WakePage>(PeerMap.PageAt(in state.Map, PeerMap.Slot(CoordinatorInstance.LinkOf(core), LinkPage.Wake)));

    private static void LookForEnd(ref InstanceState state, ref CoordinatorState coordinator)
    {
        if (coordinator.Parameters.End == EndPolicy.Never || coordinator.HasReportedEnd
            || coordinator.Kills.Left != 0 || (coordinator.Parameters.Kills != 0 && coordinator.Died != coordinator.Kills.Done))
        {
            return;
        }

        for (uint core = 0; core < coordinator.Cores.Count; core++)
        {
            ref InstanceEntry entry = ref coordinator.Instances[(int)core];
            bool isBusy = coordinator.Parameters.Messages != 0 && !entry.HasReported;
            if (entry.Lifecycle == InstanceLifecycle.Healthy ? isBusy || entry.OwesSurvival : coordinator.Parameters.Kills != 0)
            {
                return;
            }
        }

        coordinator.HasReportedEnd = true;
        if (coordinator.Parameters.End == EndPolicy.Hold)
        {
            SerialRecord.Begin("hold"u8);
            SerialRecord.End();
            return;
        }

        Conclusion.Reach(ref state, ref coordinator);
    }
}
