using System.Threading;
using Atoll.Abi;
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
            LookAtAll<TProfile>(ref state, ref coordinator);
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

        uint twice = 2 * coordinator.LookPeriod;
        return twice < Limits.QuietLookMicroseconds ? twice : Limits.QuietLookMicroseconds;
    }

    private static bool AwaitsSomething<TProfile>(ref CoordinatorState coordinator)
        where TProfile : unmanaged, IProfile
    {
        ref TProfile profile = ref CoordinatorPages<TProfile>.ProfileOf(ref coordinator);
        for (uint core = 0; core < coordinator.Cores.Count; core++)
        {
            ref InstanceEntry entry = ref coordinator.Instances[(int)core];
            if (entry.Lifecycle == InstanceLifecycle.Healthy && (entry.OwesSurvival || entry.Suspicion.IsSuspect || profile.IsBusy(core)))
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
        MemberCondition condition = new(entry.Row.Condition);
        bool wasKilled = condition.State == MemberState.Fenced;
        CoreStarter.Stop(ref state, new ApicId(coordinator.Cores.ApicId((int)core)));
        state.Kernel.Members.Change(ref entry.Row, MemberState.Dead, wasKilled ? condition.Cause : MemberCause.Panic);
        coordinator.Died++;
        Announce<TProfile>(ref state, ref coordinator, core, wasKilled);
        coordinator.Links.Died(ref coordinator.Pool, core);
        coordinator.Channels.Died(ref coordinator.Pool, core);
        coordinator.DeputyIsDue |= core == coordinator.Deputy;
        coordinator.HasDemanded = false;
        if (IsRestarting<TProfile>(ref coordinator))
        {
            Restarts.Want(ref state, ref entry);
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
            SerialConsole.Text("no crash record: core "u8);
            SerialConsole.Decimal(core);
            SerialConsole.EndLine();
        }
    }

    private static bool IsRestarting<TProfile>(ref CoordinatorState coordinator)
        where TProfile : unmanaged, IProfile => CoordinatorPages<TProfile>.ProfileOf(ref coordinator).RestartsTheDead;

    private static void LookAtAll<TProfile>(ref InstanceState state, ref CoordinatorState coordinator)
        where TProfile : unmanaged, IProfile
    {
        for (uint core = 0; core < coordinator.Cores.Count; core++)
        {
            if (coordinator.Instances[(int)core].Lifecycle == InstanceLifecycle.Healthy)
            {
                Look<TProfile>(ref state, ref coordinator, core);
            }
        }

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
        ref TProfile profile = ref CoordinatorPages<TProfile>.ProfileOf(ref coordinator);
        if (entry.OwesSurvival && Survival.IsShown(ref state, in entry, core) && profile.Works(in state, core))
        {
            entry.OwesSurvival = false;
            if (coordinator.Died != 0)
            {
                SurvivorReport.Write(core, in status);
            }
        }

        ulong strays = Volatile.Read(ref status.StrayCount);
        if (strays != entry.StraysReported)
        {
            entry.StraysReported = strays;
            InstanceReport.Stray(core, Volatile.Read(ref status.StrayVector), strays);
        }

        profile.Look(ref state, core);
        if (core != CoordinatorInstance.Core)
        {
            Fencing.Look(ref state, ref coordinator, core);
        }
    }

    private static void LookForEnd<TProfile>(ref InstanceState state, ref CoordinatorState coordinator)
        where TProfile : unmanaged, IProfile
    {
        ref TProfile profile = ref CoordinatorPages<TProfile>.ProfileOf(ref coordinator);
        if (coordinator.Parameters.End == EndPolicy.Never || coordinator.HasReportedEnd || !coordinator.HasStarted || profile.HasUnfinished(coordinator.Died))
        {
            return;
        }

        for (uint core = 0; core < coordinator.Cores.Count; core++)
        {
            ref InstanceEntry entry = ref coordinator.Instances[(int)core];
            if (entry.Lifecycle == InstanceLifecycle.Healthy ? entry.OwesSurvival || profile.IsBusy(core) : profile.RestartsTheDead)
            {
                return;
            }
        }

        // Who lives is asked only now: until then a death elsewhere costs nobody an instruction. Whoever answers has outlived all who died.
        if (!coordinator.HasDemanded)
        {
            coordinator.HasDemanded = true;
            Survival.Demand<TProfile>(ref state, ref coordinator);
            return;
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
