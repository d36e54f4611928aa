using Atoll.Abi;

namespace Atoll.Boot;

/// <summary>Kinds of messages between the coordinator and an instance.</summary>
public enum ControlKind : uint
{
    /// <summary>Coordinator: map a ring and a neighbour's status page, take one end.</summary>
    Connect = 1,

    /// <summary>Coordinator: begin to send and receive.</summary>
    Begin = 2,

    /// <summary>Instance: done.</summary>
    Accepted = 3,

    /// <summary>Instance: not done; word 0 is the <see cref="ControlRefusal"/>.</summary>
    Refused = 4,
}

/// <summary>Why an instance did not do what a control message asks.</summary>
public enum ControlRefusal : ulong
{
    /// <summary>None.</summary>
    None,

    /// <summary>No such kind of message.</summary>
    UnknownKind,

    /// <summary>No such side.</summary>
    BadSide,

    /// <summary>An address is not that of a page outside the instance's own memory.</summary>
    BadAddress,

    /// <summary>That side is connected already.</summary>
    AlreadyConnected,
}

/// <summary>Which neighbour.</summary>
public enum NeighbourSide : ulong
{
    /// <summary>The one that messages come from.</summary>
    Left = 1,

    /// <summary>The one that messages go to.</summary>
    Right = 2,
}

/// <summary>What <see cref="ControlKind.Connect"/> says.</summary>
public struct ConnectRequest
{
    /// <summary>Which end of the ring.</summary>
    public NeighbourSide Side;

    /// <summary>Physical page of the ring.</summary>
    public ulong Ring;

    /// <summary>Physical status page of the neighbour.</summary>
    public ulong PeerStatus;

    /// <summary>As a message.</summary>
    public readonly RingMessage Encode()
    {
        RingMessage message = default;
        message.Meta = (uint)ControlKind.Connect;
        message.Payload.Word0 = (ulong)Side;
        message.Payload.Word1 = Ring;
        message.Payload.Word2 = PeerStatus;
        return message;
    }

    /// <summary>From a message; nothing is checked yet.</summary>
    public static ConnectRequest Decode(in RingMessage message) => new()
    {
        Side = (NeighbourSide)message.Payload.Word0,
        Ring = message.Payload.Word1,
        PeerStatus = message.Payload.Word2,
    };
}

/// <summary>What <see cref="ControlKind.Begin"/> says.</summary>
public struct BeginRequest
{
    /// <summary>Messages to send; 0: for ever.</summary>
    public ulong MessageLimit;

    /// <summary>Fault to provoke, or none.</summary>
    public FaultKind Fault;

    /// <summary>Physical address for <see cref="FaultKind.StrayWrite"/>.</summary>
    public ulong FaultTarget;

    /// <summary>What to do when the coordinator dies.</summary>
    public DeputyDuty Deputy;

    /// <summary>As a message.</summary>
    public readonly RingMessage Encode()
    {
        RingMessage message = default;
        message.Meta = (uint)ControlKind.Begin;
        message.Payload.Word0 = MessageLimit;
        message.Payload.Word1 = (ulong)Fault;
        message.Payload.Word2 = FaultTarget;
        message.Payload.Word3 = Deputy.IsDeputy ? 1UL : 0;
        message.Payload.Word4 = Deputy.ExpectsDeath ? 1UL : 0;
        message.Payload.Word5 = (ulong)Deputy.End;
        return message;
    }

    /// <summary>From a message. A value that no enum member has provokes or ends nothing.</summary>
    public static BeginRequest Decode(in RingMessage message) => new()
    {
        MessageLimit = message.Payload.Word0,
        Fault = message.Payload.Word1 <= (ulong)FaultKind.Nmi ? (FaultKind)message.Payload.Word1 : FaultKind.None,
        FaultTarget = message.Payload.Word2,
        Deputy = new DeputyDuty
        {
            IsDeputy = message.Payload.Word3 == 1,
            ExpectsDeath = message.Payload.Word4 == 1,
            End = message.Payload.Word5 <= (ulong)EndPolicy.Hold ? (EndPolicy)message.Payload.Word5 : EndPolicy.Never,
        },
    };
}
