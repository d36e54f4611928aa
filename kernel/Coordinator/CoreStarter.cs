using System.Threading;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Firmware;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;
using Atoll.Mm;
using Atoll.Provision;

namespace Atoll.Coordinator;

/// <summary>Every outcome of giving a core its instance.</summary>
[MustUse]
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

    /// <summary>Not decided yet: look again after <see cref="Starting.WaitMicroseconds"/>.</summary>
    Starting,
}

/// <summary>Provisions and starts one core: memory reserved, page tables built, INIT–SIPI–SIPI, Healthy or everything undone.</summary>
public static unsafe class CoreStarter
{
    private const ulong NoLimit = ulong.MaxValue;
    private const ulong StopMicroseconds = 50;
    private const ulong LateByMilliseconds = 200;

    // AcpiCores leaves it out: it means every core.
    private const uint NobodysApicId = uint.MaxValue;

    /// <summary>Provisions a core, in memory of its own or, for another life, in the block it had. <see cref="Step"/> does the rest.</summary>
    /// <returns>Starting, or OutOfMemory: then nothing has changed.</returns>
    public static StartResult Begin<TProfile>(ref InstanceState state, ref CoordinatorState coordinator, uint core)
        where TProfile : unmanaged, IProfile
    {
        Check.That(!coordinator.Starting.IsUnderWay);
        ref InstanceEntry entry = ref coordinator.Instances[(int)core];
        if (entry.Plan.Base == 0 && !Reserve(ref coordinator, ref entry))
        {
            return StartResult.OutOfMemory;
        }

        entry.Incarnation++;
        FrameWindow window = FrameWindow.Over(in state.Map);
        Provision(ref state, ref coordinator, ref window, core);
        SetStartPage<TProfile>(ref state, ref coordinator, ref window, core);
        window.Close();
        coordinator.Starting.Begin(core);
        return StartResult.Starting;
    }

    /// <summary>Looks at the core that is being started, and does what is due. Blocks: only to stop one that has missed its deadline.</summary>
    [Blocks]
    public static StartResult Step<TProfile>(ref InstanceState state, ref CoordinatorState coordinator)
        where TProfile : unmanaged, IProfile
    {
        uint core = coordinator.Starting.Core;
        StartResult result = Bring(ref state, ref coordinator, core);
        if (result == StartResult.Starting)
        {
            return result;
        }

        coordinator.Starting.End();
        ref InstanceEntry entry = ref coordinator.Instances[(int)core];
        if (result == StartResult.Healthy)
        {
            state.Kernel.Members.Change(ref entry.Row, MemberState.Healthy, MemberCause.None);
            entry.Suspicion.Begin(Cpu.ReadTsc());
            OpenLink<TProfile>(ref state, ref coordinator, core);
        }
        else if (result == StartResult.Panicked)
        {
            Unmap(in state, core);
        }
        else
        {
            Unwind(ref state, ref coordinator, core);
        }

        return result;
    }

    private static bool Reserve(ref CoordinatorState coordinator, ref InstanceEntry entry)
    {
        entry.Plan = InstancePlan.Member(in Cpu.Image());
        if (coordinator.Pool.Take(entry.Plan.PageCount, NoLimit, out entry.Plan.Base) != FramePoolResult.Done)
        {
            entry.Plan.Base = 0;
            return false;
        }

        bool hasRings = coordinator.Pool.Take(2, NoLimit, out entry.Rings) == FramePoolResult.Done;
        if (hasRings && Grants.Reserve(ref coordinator, ref entry))
        {
            entry.Row.Bytes = ((entry.Plan.PageCount + 2) * ImageLayout.PageSizeBytes) + entry.Grant.Bytes;
            return true;
        }

        // Taken a moment ago, so there is room for them where they were.
        Check.That(coordinator.Pool.Give(entry.Plan.Base, entry.Plan.PageCount) == FramePoolResult.Done);
        Check.That(!hasRings || coordinator.Pool.Give(entry.Rings, 2) == FramePoolResult.Done);
        entry.Plan.Base = 0;
        entry.Rings = 0;
        return false;
    }

    private static void Provision(ref InstanceState state, ref CoordinatorState coordinator, ref FrameWindow window, uint core)
    {
        ref InstanceEntry entry = ref coordinator.Instances[(int)core];
        ref InstancePlan own = ref coordinator.Instances[(int)CoordinatorInstance.Core].Plan;
        InstanceBuilder.Build(ref window, in entry.Plan, in Cpu.Image());
        if (entry.Grant.Base != 0)
        {
            GrantBuilder.Build(ref window, in entry.Plan, in entry.Grant, coordinator.Bundle.File);
        }

        LinkRegistry.PrepareRings(ref window, entry.Rings);

        Page* peers = window.Open(entry.Plan.AddressOf(PageKind.PeerTable));
        Enter(peers, LinkPage.Receive, entry.Rings, PageRights.ReadWrite);
        Enter(peers, LinkPage.Send, entry.Rings + ImageLayout.PageSizeBytes, PageRights.ReadWrite);
        Enter(peers, LinkPage.Status, own.AddressOf(PageKind.Status), PageRights.Read);
        Enter(peers, LinkPage.Wake, own.AddressOf(PageKind.Wake), PageRights.Read);

        ref InstanceStatus status = ref Page.At<InstanceStatus>(window.Open(entry.Plan.AddressOf(PageKind.Status)));
        Volatile.Write(ref status.Life, LifeWord.Of(entry.Incarnation, InstanceLifecycle.Provisioned));
        Describe(ref state, ref coordinator, ref window, core);

        uint position = CoordinatorInstance.LinkOf(core);
        PeerMap.Enter(in state.Map, PeerMap.Slot(position, LinkPage.Receive), entry.Rings + ImageLayout.PageSizeBytes, PageRights.ReadWrite);
        PeerMap.Enter(in state.Map, PeerMap.Slot(position, LinkPage.Send), entry.Rings, PageRights.ReadWrite);
        PeerMap.Enter(in state.Map, PeerMap.Slot(position, LinkPage.Status), entry.Plan.AddressOf(PageKind.Status), PageRights.Read);
        PeerMap.Enter(in state.Map, PeerMap.Slot(position, LinkPage.Wake), entry.Plan.AddressOf(PageKind.Wake), PageRights.Read);
        state.Kernel.Members.Change(ref entry.Row, MemberState.Provisioned, MemberCause.None);
    }

    private static void Enter(Page* peers, LinkPage page, ulong physical, PageRights rights) =>
        Page.Entry(peers, (int)PeerMap.Slot(LinkTable.ToCoordinator, page)) = PageTableEntry.Leaf(physical, rights);

    // The coordinator's end opens only now: a link to an instance that is not Healthy is a link to the dead.
    private static void OpenLink<TProfile>(ref InstanceState state, ref CoordinatorState coordinator, uint core)
        where TProfile : unmanaged, IProfile
    {
        ref InstanceEntry entry = ref coordinator.Instances[(int)core];
        LinkOffer offer = default;
        offer.Peer = core;
        offer.PeerApicId = coordinator.Cores.ApicId((int)core);
        offer.Life = LifeWord.Of(entry.Incarnation, InstanceLifecycle.Healthy);
        offer.Epoch = entry.Incarnation;
        offer.Grant = Grants.Of(in entry, core);
        LinkTable.OpenMapped<TProfile>(ref state, CoordinatorInstance.LinkOf(core), in offer);

        // A new life has counted nothing yet.
        entry.PongsBefore = 0;
    }

    // The new instance's state block: who it is and how fast its clock runs. The rest it finds out itself.
    private static void Describe(ref InstanceState state, ref CoordinatorState coordinator, ref FrameWindow window, uint core)
    {
        ref InstanceEntry entry = ref coordinator.Instances[(int)core];
        ref InstanceState member = ref Page.At<InstanceState>(window.Open(entry.Plan.AddressOf(PageKind.State)));
        member.SchemaVersion = InstanceState.SchemaVersionValue;
        member.Role = InstanceRole.Member;
        member.Core = core;
        member.ApicId = coordinator.Cores.ApicId((int)core);
        member.Incarnation = entry.Incarnation;
        member.PrivateBase = entry.Plan.Base;
        member.PrivatePages = entry.Plan.PageCount;
        member.Clock = state.Clock;
        Grants.Describe(ref member, in entry);
        member.Map = InstanceMap.OfImage(in entry.Plan);
        member.CoordinatorOffer.Peer = CoordinatorInstance.Core;
        member.CoordinatorOffer.PeerApicId = state.ApicId;
        member.CoordinatorOffer.Life = Volatile.Read(ref state.Map.Status.Life);
        member.CoordinatorOffer.Epoch = entry.Incarnation;
        member.CoordinatorOffer.Grant = Grants.Of(in coordinator.Instances[(int)CoordinatorInstance.Core], CoordinatorInstance.Core);
    }

    private static void SetStartPage<TProfile>(
        ref InstanceState state, ref CoordinatorState coordinator, ref FrameWindow window, uint core)
        where TProfile : unmanaged, IProfile
    {
        ApStartMode mode = CoordinatorPages<TProfile>.ProfileOf(ref coordinator).StartMode(core);
        ulong late = mode == ApStartMode.Run
            ? 0
            : state.Clock.TscTicks((coordinator.Parameters.StartDeadlineMilliseconds + LateByMilliseconds) * 1000);
        ref ApStartParameters start = ref StartPage.Parameters(ref window);

        // First: one that INIT has not reached yet must not find its own identifier and the next core's tables.
        Volatile.Write(ref start.ApicId, NobodysApicId);
        Volatile.Write(ref start.StartTables, (uint)coordinator.StartTables);
        Volatile.Write(ref start.InstanceTables, coordinator.Instances[(int)core].Plan.AddressOf(PageKind.Pml4));
        Volatile.Write(ref start.Mode, (uint)mode);
        Volatile.Write(ref start.WaitUntilTsc, Cpu.ReadTsc() + late);

        // Last: the core that finds its own identifier here finds the rest.
        Volatile.Write(ref start.ApicId, coordinator.Cores.ApicId((int)core));
    }

    private static StartResult Bring(ref InstanceState state, ref CoordinatorState coordinator, uint core)
    {
        InstanceLifecycle observed = LifeWord.State(Volatile.Read(ref CoordinatorInstance.StatusOf(in state, core).Life));
        ApicId target = new(coordinator.Cores.ApicId((int)core));
        switch (coordinator.Starting.Next(in state.Clock, coordinator.Parameters.StartDeadlineMilliseconds, observed))
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
            case StartAction.Wait:
                break;
        }

        return StartResult.Starting;
    }

    // The core may still start: only after INIT is its memory nobody's.
    [Blocks]
    private static void Unwind(ref InstanceState state, ref CoordinatorState coordinator, uint core)
    {
        ref InstanceEntry entry = ref coordinator.Instances[(int)core];
        Stop(ref state, new ApicId(coordinator.Cores.ApicId((int)core)));
        Unmap(in state, core);
        GiveBack(ref coordinator, ref entry);
    }

    /// <summary>Gives all memory of an instance back that executes nothing and that nobody maps. An instance that has none is left alone.</summary>
    public static void GiveBack(ref CoordinatorState coordinator, ref InstanceEntry entry)
    {
        if (entry.Plan.Base == 0)
        {
            return;
        }

        coordinator.Pool.GiveOrLose(entry.Plan.Base, entry.Plan.PageCount);
        coordinator.Pool.GiveOrLose(entry.Rings, 2);
        Grants.GiveBack(ref coordinator, ref entry);

        // What is left is what was there before: nothing of the instance, and nothing of how it did.
        entry.Plan = default;
        entry.Rings = 0;
        entry.Row.Bytes = 0;
        entry.PongsBefore = 0;
        entry.OwesSurvival = false;
        entry.Suspicion = default;
        entry.StraysReported = 0;
    }

    /// <summary>Stops a core by INIT and waits until it has surely taken it.</summary>
    [Blocks]
    public static void Stop(ref InstanceState state, ApicId target)
    {
        state.Apic.SendInit(target);
        ulong end = Cpu.ReadTsc() + state.Clock.TscTicks(StopMicroseconds);
        while (Cpu.ReadTsc() < end)
        {
            TimedHalt.Sleep(ref state, StopMicroseconds);
        }
    }

    private static void Unmap(in InstanceState state, uint core)
    {
        for (LinkPage page = LinkPage.Receive; page <= LinkPage.Wake; page++)
        {
            PeerMap.Clear(in state.Map, PeerMap.Slot(CoordinatorInstance.LinkOf(core), page));
        }
    }
}
