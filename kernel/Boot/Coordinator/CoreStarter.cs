using System.Threading;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Ipc;
using Atoll.Mm;

namespace Atoll.Boot;

/// <summary>Every outcome of giving a core its instance.</summary>
public enum StartResult : byte
{
    /// <summary>The instance runs.</summary>
    Healthy,

    /// <summary>The core missed its deadline; it was stopped and its memory is free again.</summary>
    Deadline,

    /// <summary>The instance panicked before it was Healthy; its memory is kept for its crash record.</summary>
    Panicked,

    /// <summary>There is no memory for it. Nothing was started.</summary>
    OutOfMemory,
}

/// <summary>Provisions and starts one core: memory reserved, page tables built, INIT–SIPI–SIPI, Healthy or everything undone.</summary>
public static unsafe class CoreStarter
{
    private const ulong NoLimit = ulong.MaxValue;
    private const ulong FirstWaitMicroseconds = 20;
    private const ulong LongestWaitMicroseconds = 1000;
    private const ulong StopMicroseconds = 1000;
    private const ulong LateByMilliseconds = 200;

    /// <summary>Provisions and starts a core. Blocks: at most the start deadline.</summary>
    public static StartResult Start(ref InstanceState state, ref CoordinatorState coordinator, uint core)
    {
        ref InstanceEntry entry = ref coordinator.Instances[(int)core];
        FrameWindow window = new(in state.Map);
        ImageInfo* image = Cpu.Image();

        entry.Plan = InstancePlan.Member(in *image);
        if (!Reserve(ref coordinator, ref entry))
        {
            return StartResult.OutOfMemory;
        }

        Provision(ref state, ref coordinator, ref window, core);
        SetStartPage(ref state, ref coordinator, ref window, core);
        window.Close();

        StartResult result = Bring(ref state, in coordinator.Parameters, core, coordinator.Cores.ApicId((int)core));
        switch (result)
        {
            case StartResult.Healthy:
                entry.Lifecycle = InstanceLifecycle.Healthy;
                break;
            case StartResult.Deadline:
                entry.Lifecycle = InstanceLifecycle.Failed;
                Unwind(ref state, ref coordinator, core);
                break;
        }

        return result;
    }

    private static bool Reserve(ref CoordinatorState coordinator, ref InstanceEntry entry)
    {
        if (coordinator.Pool.Take(entry.Plan.PageCount, NoLimit, out entry.Plan.Base) != FramePoolResult.Done)
        {
            return false;
        }

        if (coordinator.Pool.Take(2, NoLimit, out entry.ControlRings) == FramePoolResult.Done)
        {
            return true;
        }

        coordinator.Pool.Give(entry.Plan.Base, entry.Plan.PageCount);
        return false;
    }

    private static void Provision(ref InstanceState state, ref CoordinatorState coordinator, ref FrameWindow window, uint core)
    {
        ref InstanceEntry entry = ref coordinator.Instances[(int)core];
        ulong toInstance = entry.ControlRings;
        ulong fromInstance = entry.ControlRings + ImageLayout.PageSizeBytes;
        InstanceBuilder.Build(ref window, in entry.Plan, in *Cpu.Image());
        PrepareRing(ref window, toInstance);
        PrepareRing(ref window, fromInstance);

        ulong* peers = (ulong*)window.Open(entry.Plan.AddressOf(PageKind.PeerTable));
        peers[(int)PeerSlot.CoordinatorStatus] = PageTableEntry.Leaf(coordinator.Instances[0].Plan.AddressOf(PageKind.Status), PageRights.Read);
        peers[(int)PeerSlot.ControlReceive] = PageTableEntry.Leaf(toInstance, PageRights.ReadWrite);
        peers[(int)PeerSlot.ControlSend] = PageTableEntry.Leaf(fromInstance, PageRights.ReadWrite);

        InstanceStatus* status = (InstanceStatus*)window.Open(entry.Plan.AddressOf(PageKind.Status));
        status->State = (ulong)InstanceLifecycle.Provisioned;
        status->Incarnation = 1;
        Describe(ref state, ref coordinator, ref window, core);

        PeerMap.Enter(in state.Map, PeerMap.OfCore(core, PeerSlot.CoordinatorStatus), entry.Plan.AddressOf(PageKind.Status), PageRights.Read);
        PeerMap.Enter(in state.Map, PeerMap.OfCore(core, PeerSlot.ControlReceive), fromInstance, PageRights.ReadWrite);
        PeerMap.Enter(in state.Map, PeerMap.OfCore(core, PeerSlot.ControlSend), toInstance, PageRights.ReadWrite);
        entry.FromInstance.Attach((RingSlot*)PeerMap.Address(in state.Map, PeerMap.OfCore(core, PeerSlot.ControlReceive)), RingSlot.PerPage);
        entry.ToInstance.Attach((RingSlot*)PeerMap.Address(in state.Map, PeerMap.OfCore(core, PeerSlot.ControlSend)), RingSlot.PerPage);
        entry.Lifecycle = InstanceLifecycle.Provisioned;
    }

    // The new instance's state block: who it is and how fast its clock runs. The rest it finds out itself.
    private static void Describe(ref InstanceState state, ref CoordinatorState coordinator, ref FrameWindow window, uint core)
    {
        ref InstanceEntry entry = ref coordinator.Instances[(int)core];
        ref InstanceState member = ref *(InstanceState*)window.Open(entry.Plan.AddressOf(PageKind.State));
        member.SchemaVersion = InstanceState.SchemaVersionValue;
        member.Role = InstanceRole.Member;
        member.Core = core;
        member.ApicId = coordinator.Cores.ApicId((int)core);
        member.Incarnation = 1;
        member.PrivateBase = entry.Plan.Base;
        member.PrivatePages = entry.Plan.PageCount;
        member.Clock = state.Clock;
        member.Map = InstanceMap.OfImage(entry.Plan.PeerTables);
    }

    private static void PrepareRing(ref FrameWindow window, ulong page)
    {
        byte* ring = window.Open(page);
        Page.Clear(ring);
        RingMemory.Prepare((RingSlot*)ring, RingSlot.PerPage);
    }

    private static void SetStartPage(ref InstanceState state, ref CoordinatorState coordinator, ref FrameWindow window, uint core)
    {
        ref BootParameters parameters = ref coordinator.Parameters;
        ApStartParameters start = default;
        start.StartTables = (uint)coordinator.StartTables;
        start.InstanceTables = coordinator.Instances[(int)core].Plan.AddressOf(PageKind.Pml4);
        start.ApicId = coordinator.Cores.ApicId((int)core);
        start.Mode = parameters.StartNever.Is(core) ? ApStartMode.Park
            : parameters.StartLate.Is(core) ? ApStartMode.WaitUntil
            : ApStartMode.Run;
        start.WaitUntilTsc = Cpu.ReadTsc()
            + state.Clock.TscTicks((parameters.StartDeadlineMilliseconds + LateByMilliseconds) * 1000);
        StartPage.Set(ref window, in start);
    }

    private static StartResult Bring(ref InstanceState state, in BootParameters parameters, uint core, uint apicId)
    {
        InstanceStatus* status = (InstanceStatus*)PeerMap.Address(in state.Map, PeerMap.OfCore(core, PeerSlot.CoordinatorStatus));
        ApicId target = new(apicId);
        CoreStart start = default;
        ulong wait = FirstWaitMicroseconds;
        while (true)
        {
            InstanceLifecycle observed = (InstanceLifecycle)Volatile.Read(ref status->State);
            switch (start.Next(in state.Clock, Cpu.ReadTsc(), parameters.StartDeadlineMilliseconds, observed))
            {
                case StartAction.SendInit:
                    state.Apic.SendInit(target);
                    break;
                case StartAction.SendStartup:
                    state.Apic.SendStartup(target, ImageLayout.ApStartPage);
                    break;
                case StartAction.Healthy:
                    return StartResult.Healthy;
                case StartAction.Panicked:
                    return StartResult.Panicked;
                case StartAction.GiveUp:
                    return StartResult.Deadline;
            }

            Sleeper.Sleep(ref state, wait);
            wait = wait < LongestWaitMicroseconds ? wait * 2 : wait;
        }
    }

    // The core may still start: only after INIT is its memory nobody's.
    private static void Unwind(ref InstanceState state, ref CoordinatorState coordinator, uint core)
    {
        ref InstanceEntry entry = ref coordinator.Instances[(int)core];
        state.Apic.SendInit(new ApicId(coordinator.Cores.ApicId((int)core)));
        ulong end = Cpu.ReadTsc() + state.Clock.TscTicks(StopMicroseconds);
        while (Cpu.ReadTsc() < end)
        {
            Sleeper.Sleep(ref state, StopMicroseconds);
        }

        PeerMap.Clear(in state.Map, PeerMap.OfCore(core, PeerSlot.CoordinatorStatus));
        PeerMap.Clear(in state.Map, PeerMap.OfCore(core, PeerSlot.ControlReceive));
        PeerMap.Clear(in state.Map, PeerMap.OfCore(core, PeerSlot.ControlSend));

        // A pool too fragmented to take them back loses the frames, nothing else.
        coordinator.Pool.Give(entry.Plan.Base, entry.Plan.PageCount);
        coordinator.Pool.Give(entry.ControlRings, 2);
        entry.Plan.Base = 0;
        entry.ControlRings = 0;
    }
}
