using System.Threading;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Console;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;
using Atoll.Mm;
using Atoll.Programs;
using Atoll.Provision;
using Atoll.Root;

namespace Atoll.Coordinator;

/// <summary>The first instance: gives every other core its memory and starts it, then supervises.</summary>
public static unsafe class CoordinatorInstance
{
    /// <summary>The coordinator's core.</summary>
    public const uint Core = InstanceState.CoordinatorCore;

    /// <summary>Position of the coordinator's link to a member.</summary>
    public static uint LinkOf(uint core) => core - 1;

    /// <summary>The status page of an instance, the coordinator's own included. A member's is mapped from its provisioning to its burial.</summary>
    public static ref InstanceStatus StatusOf(in InstanceState state, uint core) => ref core == Core
        ? ref state.Map.Status
        : ref Page.At<InstanceStatus>(PeerMap.PageAt(in state.Map, PeerMap.Slot(LinkOf(core), LinkPage.Status)));

    /// <summary>Runs on the coordinator's own page tables. Never returns.</summary>
    public static void Run<TProfile>(ref InstanceState state, ref CoordinatorState coordinator)
        where TProfile : unmanaged, IProfile
    {
        ref readonly ImageInfo image = ref Cpu.Image();
        CoordinatorPages<TProfile>.BeginTables(ref state, ref coordinator);
        state.Apic = LocalApic.Enable();
        state.Protection = ControlRegisters.EnableProtection();
        Volatile.Write(ref state.Map.Status.BootTicks, Cpu.ReadTsc() - state.EntryTsc);
        Volatile.Write(ref state.Map.Status.Life, LifeWord.Of(state.Incarnation, InstanceLifecycle.Healthy));
        Volatile.Write(ref state.Map.Status.MachineCores, (ulong)coordinator.Cores.Count);
        state.Kernel.Members.Change(ref coordinator.Instances[0].Row, MemberState.Healthy, MemberCause.None);

        // The boot tables and boot stacks are behind us.
        coordinator.Pool.GiveOrLose(
            ImageLayout.BootSegmentBase, (image.BootSegmentEnd - ImageLayout.BootSegmentBase) / ImageLayout.PageSizeBytes);
        BootReport.Phase("instance"u8);

        if (ClockCalibration.Run(ref state, out Clock clock) != CalibrationResult.Measured)
        {
            BootFailure.Stop("the interval timer (8254) does not run, so time cannot be measured"u8, "clock"u8);
        }

        state.Clock = clock;
        BootReport.Clock(in state.Clock);
        ref TProfile profile = ref CoordinatorPages<TProfile>.ProfileOf(ref coordinator);
        profile.Prepare(ref state, ref coordinator);
        StartPrograms(ref state, ref coordinator);
        StartOthers<TProfile>(ref state, ref coordinator);
        Orders.AppointDeputy<TProfile>(ref state, ref coordinator);
        profile.Begin(ref state, ref coordinator);
        BootReport.Phase("linked"u8);
        Live<TProfile>(ref state, ref coordinator);
    }

    /// <summary>The coordinator's life between programs. Never returns: programs come back by a new entry on an empty stack.</summary>
    [Blocks]
    public static void Live<TProfile>(ref InstanceState state, ref CoordinatorState coordinator)
        where TProfile : unmanaged, IProfile
    {
        ProgramLoop.Enter(ref state);
        while (true)
        {
            TurnResult result = Turn<TProfile>(ref state, ref coordinator, out ulong next);
            ProgramLoop.Rest<TProfile>(ref state, result, next);
        }
    }

    // The coordinator's own first program: it shows whether the bundle is good before others are started with it.
    private static void StartPrograms(ref InstanceState state, ref CoordinatorState coordinator)
    {
        ref InstanceEntry own = ref coordinator.Instances[(int)Core];
        if (!Grants.Reserve(ref coordinator, ref own))
        {
            BootFailure.StopForMemory(Core, coordinator.UsableBytes);
        }

        own.Row.Bytes = (own.Plan.PageCount * ImageLayout.PageSizeBytes) + own.Grant.Bytes;
        if (own.Grant.Base != 0)
        {
            FrameWindow window = FrameWindow.Over(in state.Map);
            GrantBuilder.Build(ref window, in own.Plan, in own.Grant, coordinator.Bundle.File);
            window.Close();
        }

        Grants.Describe(ref state, in own);
        if (own.Plan.IoApic != 0)
        {
            state.Kernel.Interrupts.Lines = IoApic.Open();
        }

        ChannelDesk.Begin(ref coordinator, in state);
        if (ProgramStart.Begin(ref state, (uint)coordinator.Cores.Count, in coordinator.Devices) != RootResult.Ready)
        {
            BootFailure.Stop("the bundle's program 'init' cannot be loaded, or its grant is too small; make the bundle anew, or raise grant="u8, "init"u8);
        }
    }

    /// <summary>One turn of what the coordinator does: an instance's, then links to offer and instances to watch.</summary>
    /// <param name="state">The coordinator.</param>
    /// <param name="coordinator">What it knows.</param>
    /// <param name="next">Microseconds until it has something to do by itself.</param>
    public static TurnResult Turn<TProfile>(ref InstanceState state, ref CoordinatorState coordinator, out ulong next)
        where TProfile : unmanaged, IProfile
    {
        TurnResult result = EventLoop.Turn<TProfile>(ref state);
        if (coordinator.Links.SendOffers(in state, in coordinator.Cores, in coordinator.Instances))
        {
            result = TurnResult.More;
        }

        if (ChannelDesk.HasWork(in state, in coordinator) && ChannelDesk.Turn(ref state, ref coordinator))
        {
            result = TurnResult.More;
        }

        // Whoever supervision has written to is rung before the coordinator rests.
        next = Supervisor.Poll<TProfile>(ref state, ref coordinator, worked: result != TurnResult.Idle);
        if (coordinator.HasStarted)
        {
            next = Restarts.Turn<TProfile>(ref state, ref coordinator, next);
        }

        LinkTurn.End(ref state);
        return result;
    }

    private static void StartOthers<TProfile>(ref InstanceState state, ref CoordinatorState coordinator)
        where TProfile : unmanaged, IProfile
    {
        FrameWindow window = FrameWindow.Over(in state.Map);
        StartPage.Prepare(ref window, in Cpu.Image());
        window.Close();

        ulong memberTicks = 0;
        ReportInstance(ref state, ref coordinator, 0);
        for (uint core = 1; core < coordinator.Cores.Count; core++)
        {
            StartResult result = Start<TProfile>(ref state, ref coordinator, core);
            if (result == StartResult.Healthy)
            {
                memberTicks += ReportInstance(ref state, ref coordinator, core);
                continue;
            }

            if (result == StartResult.OutOfMemory)
            {
                BootFailure.StopForMemory(core, coordinator.UsableBytes);
            }

            Restarts.GiveUp<TProfile>(ref state, ref coordinator, core, result);
        }

        coordinator.HasStarted = true;

        // What the members executed while this core slept is counted by them; what it executed itself is the rest.
        ulong own = Cpu.ReadTsc() - state.EntryTsc - state.SleptTsc;
        BootReport.Memory(coordinator.UsableBytes, coordinator.Pool.FreeFrames);
        BootReport.Done((uint)coordinator.Cores.Count - coordinator.Failed, coordinator.Failed, own + memberTicks);
        BootReport.Phase("started"u8);
    }

    // A core that comes up soon is waited for; while one takes long the others have their links made and are looked after.
    [Blocks]
    private static StartResult Start<TProfile>(ref InstanceState state, ref CoordinatorState coordinator, uint core)
        where TProfile : unmanaged, IProfile
    {
        StartResult result = CoreStarter.Begin<TProfile>(ref state, ref coordinator, core);
        while (result == StartResult.Starting)
        {
            result = CoreStarter.Step<TProfile>(ref state, ref coordinator);
            if (result != StartResult.Starting)
            {
                break;
            }

            if (!coordinator.Starting.TakesLong || Turn<TProfile>(ref state, ref coordinator, out _) != TurnResult.More)
            {
                TimedHalt.Sleep(ref state, coordinator.Starting.WaitMicroseconds);
            }
        }

        return result;
    }

    private static ulong ReportInstance(ref InstanceState state, ref CoordinatorState coordinator, uint core)
    {
        ulong bootTicks = Volatile.Read(ref StatusOf(in state, core).BootTicks);
        ref InstanceEntry entry = ref coordinator.Instances[(int)core];
        BootReport.Instance(core, coordinator.Cores.ApicId((int)core), in entry.Plan, bootTicks);
        if (coordinator.Parameters.ReportPages)
        {
            BootReport.Pages(core, in entry.Plan);
        }

        if (core != Core)
        {
            BootReport.Link(Core, core, entry.Rings);
        }

        return bootTicks;
    }
}
