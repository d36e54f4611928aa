using Atoll.Abi;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Ipc;
using Atoll.Mm;

namespace Atoll.Boot;

/// <summary>A member's link to the coordinator: obeys what it asks, after checking it.</summary>
public struct ControlLink
{
    /// <summary>Messages from the coordinator.</summary>
    public RingReceiver Receiver;

    /// <summary>Answers to the coordinator.</summary>
    public RingSender Sender;

    private const ulong PhysicalLimit = PageTableEntry.AddressMask + ImageLayout.PageSizeBytes;

    /// <summary>Takes both ends that the coordinator mapped before this instance began.</summary>
    public unsafe void Attach(in InstanceMap map)
    {
        Receiver.Attach((RingSlot*)PeerMap.Address(in map, PeerSlot.ControlReceive), RingSlot.PerPage);
        Sender.Attach((RingSlot*)PeerMap.Address(in map, PeerSlot.ControlSend), RingSlot.PerPage);
    }

    /// <summary>Handles at most one message.</summary>
    /// <returns>Whether there was one.</returns>
    public static bool Poll(ref InstanceState state)
    {
        if (!state.Control.Receiver.IsAttached
            || state.Control.Receiver.TryReceive<CoherentMemory>(out RingMessage message) != ReceiveResult.Received)
        {
            return false;
        }

        ControlRefusal refusal = Handle(ref state, in message);
        RingMessage answer = default;
        answer.Meta = (uint)(refusal == ControlRefusal.None ? ControlKind.Accepted : ControlKind.Refused);
        answer.Payload.Word0 = (ulong)refusal;

        // Never full while the coordinator asks one thing at a time; a coordinator that does not gets no answer.
        state.Control.Sender.TrySend<CoherentMemory>(in answer);
        return true;
    }

    private static ControlRefusal Handle(ref InstanceState state, in RingMessage message)
    {
        switch ((ControlKind)message.Meta)
        {
            case ControlKind.Connect:
                return Connect(ref state, ConnectRequest.Decode(in message));

            case ControlKind.Begin:
                Begin(ref state, BeginRequest.Decode(in message));
                return ControlRefusal.None;

            default:
                return ControlRefusal.UnknownKind;
        }
    }

    /// <summary>Maps a ring and the neighbour's status page, and takes the end. Checks first, then cannot fail.</summary>
    public static unsafe ControlRefusal Connect(ref InstanceState state, in ConnectRequest request)
    {
        if (request.Side is not (NeighbourSide.Left or NeighbourSide.Right))
        {
            return ControlRefusal.BadSide;
        }

        if (!IsForeignPage(in state, request.Ring) || !IsPage(request.PeerStatus))
        {
            return ControlRefusal.BadAddress;
        }

        bool isLeft = request.Side == NeighbourSide.Left;
        PeerSlot ring = isLeft ? PeerSlot.LeftRing : PeerSlot.RightRing;
        PeerSlot status = isLeft ? PeerSlot.LeftStatus : PeerSlot.RightStatus;
        if (!PeerMap.IsFree(in state.Map, ring) || !PeerMap.IsFree(in state.Map, status))
        {
            return ControlRefusal.AlreadyConnected;
        }

        PeerMap.Enter(in state.Map, ring, request.Ring, PageRights.ReadWrite);
        PeerMap.Enter(in state.Map, status, request.PeerStatus, PageRights.Read);
        RingSlot* slots = (RingSlot*)PeerMap.Address(in state.Map, ring);
        InstanceStatus* peer = (InstanceStatus*)PeerMap.Address(in state.Map, status);
        state.Traffic.Attach(request.Side, slots, peer);
        return ControlRefusal.None;
    }

    /// <summary>Begins to send and receive.</summary>
    public static void Begin(ref InstanceState state, in BeginRequest request)
    {
        state.Deputy = request.Deputy;
        state.Fault.Kind = request.Fault;
        state.Fault.Target = request.FaultTarget;
        state.Traffic.Begin(request.MessageLimit);
    }

    private static bool IsPage(ulong physical) =>
        physical != 0 && physical < PhysicalLimit && Bits.IsAligned(physical, ImageLayout.PageSizeBytes);

    // The status page may be the instance's own: a lone instance is its own neighbour. A ring never is private memory.
    private static bool IsForeignPage(in InstanceState state, ulong physical) =>
        IsPage(physical)
        && (physical < state.PrivateBase || physical >= state.PrivateBase + (state.PrivatePages * ImageLayout.PageSizeBytes));
}
