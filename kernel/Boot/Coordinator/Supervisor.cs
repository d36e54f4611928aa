using System;
using System.Threading;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Base;

namespace Atoll.Boot;

/// <summary>Watches the instances through their status pages: reports deaths, progress and the end.</summary>
public static unsafe class Supervisor
{
    private const ulong LookEveryMicroseconds = 1000;
    private const byte QuitKey = (byte)'q';

    /// <summary>Looks at everything once, if it is time to.</summary>
    public static void Poll(ref InstanceState state, ref CoordinatorState coordinator)
    {
        ulong now = Cpu.ReadTsc();
        if (now < coordinator.NextLook)
        {
            return;
        }

        coordinator.NextLook = now + state.Clock.TscTicks(LookEveryMicroseconds);
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
            Conclude(ref state, ref coordinator);
        }
    }

    private static InstanceStatus* StatusOf(in InstanceState state, uint core) => core == 0
        ? state.Map.Status
        : (InstanceStatus*)PeerMap.Address(in state.Map, PeerMap.OfCore(core, PeerSlot.CoordinatorStatus));

    private static void Look(ref InstanceState state, ref CoordinatorState coordinator, uint core)
    {
        ref InstanceEntry entry = ref coordinator.Instances[(int)core];
        InstanceStatus* status = StatusOf(in state, core);
        if (Volatile.Read(ref status->State) != (ulong)InstanceLifecycle.Healthy)
        {
            Bury(ref state, ref coordinator, core);
            return;
        }

        if (entry.OwesSurvival
            && Volatile.Read(ref status->Heartbeat) >= entry.HeartbeatAtDeath + DeputyDuty.SurvivalTurns
            && Volatile.Read(ref status->TrafficDone) != 0)
        {
            entry.OwesSurvival = false;
            SurvivorReport.Write(core, in *status);
        }

        ulong strays = Volatile.Read(ref status->StrayCount);
        if (strays != entry.StraysReported)
        {
            entry.StraysReported = strays;
            SerialRecord.Begin("stray"u8);
            SerialRecord.Number("core"u8, core);
            SerialRecord.Number("vector"u8, Volatile.Read(ref status->StrayVector));
            SerialRecord.Number("count"u8, strays);
            SerialRecord.End();
        }

        if (!entry.HasReported && Volatile.Read(ref status->TrafficDone) != 0)
        {
            entry.HasReported = true;
            Traffic("ring"u8, core, in *status);
        }
    }

    /// <summary>Stops the core for good, reads what it left behind, and asks the others to show that they go on.</summary>
    /// <remarks>After INIT the core executes nothing, so its crash page has one owner again: the coordinator.</remarks>
    public static void Bury(ref InstanceState state, ref CoordinatorState coordinator, uint core)
    {
        ref InstanceEntry entry = ref coordinator.Instances[(int)core];
        state.Apic.SendInit(new ApicId(coordinator.Cores.ApicId((int)core)));
        entry.Lifecycle = InstanceLifecycle.Panicked;
        coordinator.Died++;

        FrameWindow window = new(in state.Map);
        CrashRecord* record = (CrashRecord*)window.OpenRead(entry.Plan.AddressOf(PageKind.Crash));
        if (record->Magic == CrashRecord.MagicValue && record->Core == core)
        {
            CrashReport.Write(in *record);
        }
        else
        {
            SerialConsole.Text("an instance died without a crash record: core "u8);
            SerialConsole.Decimal(core);
            SerialConsole.EndLine();
        }

        window.Close();
        for (uint other = 0; other < coordinator.Cores.Count; other++)
        {
            ref InstanceEntry survivor = ref coordinator.Instances[(int)other];
            if (survivor.Lifecycle == InstanceLifecycle.Healthy)
            {
                survivor.OwesSurvival = true;
                survivor.HeartbeatAtDeath = Volatile.Read(ref StatusOf(in state, other)->Heartbeat);
            }
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
            if (coordinator.Instances[(int)core].Lifecycle is InstanceLifecycle.Healthy or InstanceLifecycle.Panicked)
            {
                Traffic("live"u8, core, in *StatusOf(in state, core));
            }
        }
    }

    private static void Traffic(ReadOnlySpan<byte> record, uint core, in InstanceStatus status)
    {
        SerialRecord.Begin(record);
        SerialRecord.Number("core"u8, core);
        SerialRecord.Word("state"u8, status.State == (ulong)InstanceLifecycle.Healthy ? "healthy"u8 : "panicked"u8);
        SerialRecord.Number("heartbeat"u8, status.Heartbeat);
        SerialRecord.Number("sent"u8, status.Sent);
        SerialRecord.Number("received"u8, status.Received);
        SerialRecord.Number("errors"u8, status.Errors);
        SerialRecord.End();
    }

    private static void LookForEnd(ref InstanceState state, ref CoordinatorState coordinator)
    {
        if (coordinator.Parameters.End == EndPolicy.Never || coordinator.HasReportedEnd)
        {
            return;
        }

        for (uint core = 0; core < coordinator.Cores.Count; core++)
        {
            ref InstanceEntry entry = ref coordinator.Instances[(int)core];
            if (entry.Lifecycle == InstanceLifecycle.Healthy && (!entry.HasReported || entry.OwesSurvival))
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

        Conclude(ref state, ref coordinator);
    }

    private static void Conclude(ref InstanceState state, ref CoordinatorState coordinator)
    {
        ref BootParameters parameters = ref coordinator.Parameters;
        uint expectedFailures = (parameters.StartNever.CorePlusOne != 0 ? 1u : 0) + (parameters.StartLate.CorePlusOne != 0 ? 1u : 0);
        uint expectedDeaths = FaultKinds.IsLethal(parameters.Fault) ? 1u : 0;
        if (coordinator.Failed != expectedFailures)
        {
            Verdict.Fail("start"u8);
        }

        if (coordinator.Died != expectedDeaths)
        {
            Verdict.Fail("panic"u8);
        }

        for (uint core = 0; core < coordinator.Cores.Count; core++)
        {
            if (coordinator.Instances[(int)core].Lifecycle == InstanceLifecycle.Healthy && StatusOf(in state, core)->Errors != 0)
            {
                Verdict.Fail("ring-errors"u8);
            }
        }

        Verdict.Pass();
    }
}
