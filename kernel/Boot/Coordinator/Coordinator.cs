using Atoll.Abi;
using Atoll.Arch;

namespace Atoll.Boot;

/// <summary>The first instance: gives every other core its memory and starts it, then supervises.</summary>
public static unsafe class Coordinator
{
    /// <summary>Runs on the coordinator's own page tables. Never returns.</summary>
    public static void Run(ref InstanceState state, ref CoordinatorState coordinator)
    {
        ImageInfo* image = Cpu.Image();
        state.Apic = LocalApic.Enable();
        state.Protection = ControlRegisters.EnableProtection();
        state.Map.Status->Incarnation = 1;
        state.Map.Status->BootTicks = Cpu.ReadTsc() - state.EntryTsc;
        state.Map.Status->State = (ulong)InstanceLifecycle.Healthy;
        coordinator.Instances[0].Lifecycle = InstanceLifecycle.Healthy;

        // The boot tables and boot stacks are behind us.
        coordinator.Pool.Give(
            ImageLayout.BootSegmentBase, (image->BootSegmentEnd - ImageLayout.BootSegmentBase) / ImageLayout.PageSizeBytes);
        BootReport.Phase("instance"u8);

        if (ClockCalibration.Run(ref state, out state.Clock) != CalibrationResult.Measured)
        {
            BootFailure.Stop("the interval timer (8254) does not run, so time cannot be measured"u8, "clock"u8);
        }

        BootReport.Clock(in state.Clock);
        StartOthers(ref state, ref coordinator);
        LinkAndBegin(ref state, ref coordinator);

        uint emptyTurns = 0;
        while (true)
        {
            bool worked = EventLoop.Turn(ref state);
            Supervisor.Poll(ref state, ref coordinator);
            EventLoop.Rest(ref state, worked, ref emptyTurns);
        }
    }

    private static void StartOthers(ref InstanceState state, ref CoordinatorState coordinator)
    {
        FrameWindow window = new(in state.Map);
        StartPage.Prepare(ref window, in *Cpu.Image());
        window.Close();

        ulong memberTicks = 0;
        ReportInstance(ref state, ref coordinator, 0);
        for (uint core = 1; core < coordinator.Cores.Count; core++)
        {
            switch (CoreStarter.Start(ref state, ref coordinator, core))
            {
                case StartResult.Healthy:
                    memberTicks += ReportInstance(ref state, ref coordinator, core);
                    break;
                case StartResult.Deadline:
                    coordinator.Failed++;
                    BootReport.StartFailed(core, coordinator.Cores.ApicId((int)core), "deadline"u8);
                    break;
                case StartResult.Panicked:
                    coordinator.Failed++;
                    Supervisor.Bury(ref state, ref coordinator, core);
                    BootReport.StartFailed(core, coordinator.Cores.ApicId((int)core), "panic"u8);
                    break;
                case StartResult.OutOfMemory:
                    BootFailure.StopForMemory(core, coordinator.UsableBytes);
                    break;
            }
        }

        // What the members executed while this core slept is counted by them; what it executed itself is the rest.
        ulong own = Cpu.ReadTsc() - state.EntryTsc - state.SleptTsc;
        BootReport.Memory(coordinator.UsableBytes, coordinator.Pool.FreeFrames);
        BootReport.Done((uint)coordinator.Cores.Count - coordinator.Failed, coordinator.Failed, own + memberTicks);
        BootReport.Phase("started"u8);
    }

    private static ulong ReportInstance(ref InstanceState state, ref CoordinatorState coordinator, uint core)
    {
        InstanceStatus* status = core == 0
            ? state.Map.Status
            : (InstanceStatus*)PeerMap.Address(in state.Map, PeerMap.OfCore(core, PeerSlot.CoordinatorStatus));
        ref InstanceEntry entry = ref coordinator.Instances[(int)core];
        BootReport.Instance(core, coordinator.Cores.ApicId((int)core), in entry.Plan, status->BootTicks);
        if (coordinator.Parameters.ReportPages)
        {
            BootReport.Pages(core, in entry.Plan);
        }

        if (core != 0)
        {
            BootReport.Link(0, core, entry.ControlRings, "control"u8);
            BootReport.Link(core, 0, entry.ControlRings + ImageLayout.PageSizeBytes, "control"u8);
        }

        return status->BootTicks;
    }

    private static void LinkAndBegin(ref InstanceState state, ref CoordinatorState coordinator)
    {
        if (!RingOfCores.Connect(ref state, ref coordinator))
        {
            BootFailure.StopForMemory(0, coordinator.UsableBytes);
        }

        BootReport.Phase("linked"u8);
        RingOfCores.Begin(ref state, ref coordinator);
    }
}
