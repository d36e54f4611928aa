using System.Threading;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Instance;
using Atoll.Mm;
using Atoll.Provision;

namespace Atoll.Coordinator;

/// <summary>Finds members that hang, and stops their cores.</summary>
public static unsafe class Fencing
{
    /// <summary>Looks at a member's heartbeat: rings whoever is silent, fences whoever stays so.</summary>
    [Blocks]
    public static void Look(ref InstanceState state, ref CoordinatorState coordinator, uint core)
    {
        ref InstanceEntry entry = ref coordinator.Instances[(int)core];
        ref InstanceStatus status = ref CoordinatorInstance.StatusOf(in state, core);
        ulong heartbeat = Volatile.Read(ref status.Heartbeat);
        entry.Row.Heartbeat = heartbeat;
        ulong wake = Volatile.Read(ref WakeOf(in state, core).Word);
        Rest rest = (wake & 1) == 0 ? Rest.None : wake == Volatile.Read(ref status.ProgramsWake) ? Rest.Programs : Rest.Sleep;
        SuspicionAction action = entry.Suspicion.Judge(
            in state.Clock, Cpu.ReadTsc(), heartbeat, rest, coordinator.Parameters.HangDeadlineMilliseconds);
        if (action == SuspicionAction.Ring)
        {
            LinkRegistry.Ring(in state, in coordinator.Cores, core);
        }
        else if (action == SuspicionAction.Fence)
        {
            InstanceReport.Hang(core, entry.Incarnation, heartbeat);
            Fence(ref state, ref coordinator, core, MemberCause.Hang);
        }
    }

    private static ref WakePage WakeOf(in InstanceState state, uint core) =>
        ref Page.At<WakePage>(PeerMap.PageAt(in state.Map, PeerMap.Slot(CoordinatorInstance.LinkOf(core), LinkPage.Wake)));

    /// <summary>Stops a member wherever it is, and writes its death. The coordinator's own link finds that like any other death.</summary>
    /// <remarks>In this order: a core that still ran could store something after its death.</remarks>
    /// <param name="state">The coordinator.</param>
    /// <param name="coordinator">What it knows.</param>
    /// <param name="core">The member's core.</param>
    /// <param name="cause">Why, for those who watch.</param>
    [Blocks]
    public static void Fence(ref InstanceState state, ref CoordinatorState coordinator, uint core, MemberCause cause)
    {
        ref InstanceEntry entry = ref coordinator.Instances[(int)core];
        CoreStarter.Stop(ref state, new ApicId(coordinator.Cores.ApicId((int)core)));
        state.Kernel.Members.Change(ref entry.Row, MemberState.Fenced, cause);
        FrameWindow window = FrameWindow.Over(in state.Map);
        ref InstanceStatus status = ref Page.At<InstanceStatus>(window.Open(entry.Plan.AddressOf(PageKind.Status)));
        Volatile.Write(ref status.Life, LifeWord.Of(entry.Incarnation, InstanceLifecycle.Fenced));
        window.Close();
    }
}
