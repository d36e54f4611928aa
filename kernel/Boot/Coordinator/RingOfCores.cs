using System.Threading;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Ipc;
using Atoll.Mm;

namespace Atoll.Boot;

/// <summary>Links the live instances into a ring, each to the next, and starts the messages.</summary>
public static unsafe class RingOfCores
{
    /// <summary>Connects every live instance to its right-hand neighbour.</summary>
    /// <returns>False when there is no memory for a ring.</returns>
    public static bool Connect(ref InstanceState state, ref CoordinatorState coordinator)
    {
        uint producer = 0;
        do
        {
            uint consumer = NextHealthy(ref coordinator, producer);
            if (coordinator.Pool.Take(1, ulong.MaxValue, out ulong ring) != FramePoolResult.Done)
            {
                return false;
            }

            FrameWindow window = new(in state.Map);
            byte* page = window.Open(ring);
            Page.Clear(page);
            RingMemory.Prepare((RingSlot*)page, RingSlot.PerPage);
            window.Close();

            ConnectEnd(ref state, ref coordinator, producer, NeighbourSide.Right, ring, consumer);
            ConnectEnd(ref state, ref coordinator, consumer, NeighbourSide.Left, ring, producer);
            BootReport.Link(producer, consumer, ring, "neighbour"u8);
            producer = consumer;
        }
        while (producer != 0);

        return true;
    }

    /// <summary>Tells every live instance to begin; the coordinator itself last.</summary>
    public static void Begin(ref InstanceState state, ref CoordinatorState coordinator)
    {
        uint deputy = NextHealthy(ref coordinator, 0);
        state.HasDeputy = deputy != 0;
        for (uint core = NextHealthy(ref coordinator, 0); core != 0; core = NextHealthy(ref coordinator, core))
        {
            RingMessage message = MakeBegin(ref coordinator, core, core == deputy).Encode();
            RequestResult result = ControlRequest.Ask(ref state, ref coordinator.Instances[(int)core], core, in message);
            CheckAnswer(ref state, ref coordinator, core, result);
        }

        ControlLink.Begin(ref state, MakeBegin(ref coordinator, 0, isDeputy: false));
    }

    /// <summary>The live instance after <paramref name="core"/>; core 0 after the last.</summary>
    public static uint NextHealthy(ref CoordinatorState coordinator, uint core)
    {
        for (uint next = core + 1; next < coordinator.Cores.Count; next++)
        {
            if (coordinator.Instances[(int)next].Lifecycle == InstanceLifecycle.Healthy)
            {
                return next;
            }
        }

        return 0;
    }

    private static BeginRequest MakeBegin(ref CoordinatorState coordinator, uint core, bool isDeputy)
    {
        ref BootParameters parameters = ref coordinator.Parameters;
        BeginRequest begin = default;
        begin.MessageLimit = parameters.RingMessages;
        if (parameters.FaultCore.Is(core))
        {
            begin.Fault = parameters.Fault;
            begin.FaultTarget = coordinator.Instances[(int)NextHealthy(ref coordinator, core)].Plan.AddressOf(PageKind.State);
        }

        begin.Deputy.IsDeputy = isDeputy;
        begin.Deputy.ExpectsDeath = parameters.FaultCore.Is(0) && FaultKinds.IsLethal(parameters.Fault);
        begin.Deputy.End = parameters.End;
        return begin;
    }

    private static void ConnectEnd(
        ref InstanceState state, ref CoordinatorState coordinator, uint core, NeighbourSide side, ulong ring, uint peer)
    {
        ConnectRequest request = default;
        request.Side = side;
        request.Ring = ring;
        request.PeerStatus = coordinator.Instances[(int)peer].Plan.AddressOf(PageKind.Status);
        if (core == 0)
        {
            Check.That(ControlLink.Connect(ref state, in request) == ControlRefusal.None);
            return;
        }

        if (coordinator.Instances[(int)core].Lifecycle != InstanceLifecycle.Healthy)
        {
            // Stopped since this ring was begun; its peer learns of that from its status page.
            return;
        }

        RingMessage message = request.Encode();
        RequestResult result = ControlRequest.Ask(ref state, ref coordinator.Instances[(int)core], core, in message);
        CheckAnswer(ref state, ref coordinator, core, result);
    }

    // An instance that died is the supervisor's business. One that lives and does not do its part is stopped, and its peers
    // are told: whoever stops an instance writes the state that it cannot write itself.
    private static void CheckAnswer(ref InstanceState state, ref CoordinatorState coordinator, uint core, RequestResult result)
    {
        if (result is RequestResult.Accepted or RequestResult.PeerDied)
        {
            return;
        }

        state.Apic.SendInit(new ApicId(coordinator.Cores.ApicId((int)core)));
        Announce(ref state, in coordinator.Instances[(int)core].Plan, InstanceLifecycle.Failed);
        coordinator.Instances[(int)core].Lifecycle = InstanceLifecycle.Failed;
        coordinator.Failed++;
        BootReport.StartFailed(core, coordinator.Cores.ApicId((int)core), "no-answer"u8);
    }
    private static void Announce(ref InstanceState state, in InstancePlan plan, InstanceLifecycle lifecycle)
    {
        FrameWindow window = new(in state.Map);
        InstanceStatus* status = (InstanceStatus*)window.Open(plan.AddressOf(PageKind.Status));
        Volatile.Write(ref status->State, (ulong)lifecycle);
        window.Close();
    }
}
