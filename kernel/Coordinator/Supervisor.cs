using System.Threading;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Console;
using Atoll.Instance;
using Atoll.Ipc;
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
    public static ulong Poll<TProfile>(ref InstanceState state, ref CoordinatorState coordinator, bool worked)
        where TProfile : unmanaged, IProfile
    {
        ulong now = Cpu.ReadTsc();
        if (worked && coordinator.LookPeriod > Limits.LookMicroseconds)
        {
            Schedule(in state, ref coordinator, now, Limits.LookMicroseconds);
        }

        if (now >= coordinator.NextLook)
        {
            LookAtAll<TProfile>(ref state, ref coordinator, now);
            Schedule(in state, ref coordinator, now, NextPeriod<TProfile>(ref coordinator));
        }

        return CoordinatorPages<TProfile>.ProfileOf(ref coordinator).Poll(ref state, ref coordinator, now, coordinator.LookPeriod);
    }

    private static void Schedule(in InstanceState state, ref CoordinatorState coordinator, ulong now, uint period)
    {
        coordinator.LookPeriod = period;
        coordinator.NextLook = now + state.Clock.TscTicks(period);
    }

    private static uint NextPeriod<TProfile>(ref CoordinatorState coordinator)
        where TProfile : unmanaged, IProfile
    {
        if (AwaitsSomething<TProfile>(ref coordinator) || coordinator.LookPeriod == 0)
        {
            return Limits.LookMicroseconds;
        }

        uint longest = Limits.QuietLookMicroseconds;
        ulong live = coordinator.Parameters.LiveMilliseconds * 1000UL;
        longest = live != 0 && live < longest ? (uint)live : longest;
        uint twice = 2 * coordinator.LookPeriod;
        return twice < longest ? twice : longest;
    }

    private static bool AwaitsSomething<TProfile>(ref CoordinatorState coordinator)
        where TProfile : unmanaged, IProfile
    {
        for (uint core = 0; core < coordinator.Cores.Count; core++)
        {
            ref InstanceEntry entry = ref coordinator.Instances[(int)core];
            bool isBusy = coordinator.Parameters.Messages != 0 && !entry.HasReported;
            if (entry.Lifecycle == InstanceLifecycle.Healthy && (isBusy || entry.OwesSurvival))
            {
                return true;
            }
        }

        return IsRestarting<TProfile>(ref coordinator);
    }

    /// <summary>Stops a dead member's core for good, writes its death if it could not, reads what it left behind, takes its links apart.</summary>
    /// <remarks>
    /// Called when the coordinator's own link to it has said PeerDied, exactly once for each life.
    /// After INIT the core executes nothing, so its pages have one owner again: the coordinator.
    /// </remarks>
    [Blocks]
    public static void Bury<TProfile>(ref InstanceState state, ref CoordinatorState coordinator, uint core)
        where TProfile : unmanaged, IProfile
    {
        ref InstanceEntry entry = ref coordinator.Instances[(int)core];
        bool wasKilled = entry.Lifecycle == InstanceLifecycle.Fenced;
        CoreStarter.Stop(ref state, new ApicId(coordinator.Cores.ApicId((int)core)));
        entry.Lifecycle = InstanceLifecycle.Panicked;
        coordinator.Died++;
        Announce<TProfile>(ref state, ref coordinator, core, wasKilled);
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
    private static void Announce<TProfile>(ref InstanceState state, ref CoordinatorState coordinator, uint core, bool wasKilled)
        where TProfile : unmanaged, IProfile
    {
        ref InstanceEntry entry = ref coordinator.Instances[(int)core];
        FrameWindow window = FrameWindow.Over(in state.Map);
        Page* status = window.Open(entry.Plan.AddressOf(PageKind.Status));
        ulong life = Volatile.Read(ref Page.At<InstanceStatus>(status).Life);
        bool couldNot = LifeWord.State(life) == InstanceLifecycle.Healthy;
        ulong last = couldNot ? LifeWord.Of(entry.Incarnation, InstanceLifecycle.Fenced) : life;
        DeathNotice.Announce<CoherentMemory, LinkRegistryBell, InstanceState>(ref state, core, InstanceStatus.LifeOn(status), last);

        ref CrashRecord record = ref Page.At<CrashRecord>(window.OpenRead(entry.Plan.AddressOf(PageKind.Crash)));
        if (!IsRestarting<TProfile>(ref coordinator))
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

    private static bool IsRestarting<TProfile>(ref CoordinatorState coordinator)
        where TProfile : unmanaged, IProfile => CoordinatorPages<TProfile>.ProfileOf(ref coordinator).RestartsTheDead;

    private static void LookAtAll<TProfile>(ref InstanceState state, ref CoordinatorState coordinator, ulong now)
        where TProfile : unmanaged, IProfile
    {
        for (uint core = 0; core < coordinator.Cores.Count; core++)
        {
            if (coordinator.Instances[(int)core].Lifecycle == InstanceLifecycle.Healthy)
            {
                Look<TProfile>(ref state, ref coordinator, core);
            }
        }

        ReportLive(ref state, ref coordinator, now);
        LookForEnd<TProfile>(ref state, ref coordinator);
        if (!coordinator.Parameters.ConsoleIsPrograms && Uart.TryRead(out byte key) && key == QuitKey)
        {
            Conclusion.Reach<TProfile>(ref state, ref coordinator);
        }
    }

    private static void Look<TProfile>(ref InstanceState state, ref CoordinatorState coordinator, uint core)
        where TProfile : unmanaged, IProfile
    {
        ref InstanceEntry entry = ref coordinator.Instances[(int)core];
        ref InstanceStatus status = ref CoordinatorInstance.StatusOf(in state, core);
        bool isDone = Volatile.Read(ref status.WorkloadDone) != 0;
        if (entry.OwesSurvival && Survival.IsShown(ref state, in entry, core, Orders.MakeOrder(ref coordinator)))
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

    private static void LookForEnd<TProfile>(ref InstanceState state, ref CoordinatorState coordinator)
        where TProfile : unmanaged, IProfile
    {
        if (coordinator.Parameters.End == EndPolicy.Never || coordinator.HasReportedEnd
            || CoordinatorPages<TProfile>.ProfileOf(ref coordinator).HasUnfinished(coordinator.Died))
        {
            return;
        }

        for (uint core = 0; core < coordinator.Cores.Count; core++)
        {
            ref InstanceEntry entry = ref coordinator.Instances[(int)core];
            bool isBusy = coordinator.Parameters.Messages != 0 && !entry.HasReported;
            if (entry.Lifecycle == InstanceLifecycle.Healthy ? isBusy || entry.OwesSurvival : IsRestarting<TProfile>(ref coordinator))
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

        Conclusion.Reach<TProfile>(ref state, ref coordinator);
    }
}
