using Atoll.Base;
using Atoll.Instance;
using Atoll.Ipc;

namespace Atoll.Workloads;

/// <summary>A workload to begin.</summary>
public struct WorkloadOrder
{
    private const int IdleTurnsShift = 8;
    private const int LimitShift = 32;

    /// <summary>Which.</summary>
    public WorkloadKind Kind;

    /// <summary>Empty turns before an instance sleeps.</summary>
    public byte IdleTurns;

    /// <summary>Messages to each partner; 0: for ever.</summary>
    public uint Limit;

    /// <summary>The instances that take part. The others have nothing to do.</summary>
    public CoreSet Cores;

    /// <summary>Whether an instance exchanges messages with another.</summary>
    public readonly bool HasPartnersOf(uint core) => Kind != WorkloadKind.None && Cores.Has(core) && Cores.Next(core) != core;

    /// <summary>As a message. It belongs to no operation, so that the set of cores has that word too.</summary>
    public readonly LinkMessage Encode()
    {
        LinkMessage message = default;
        message.Kind = (uint)TrialMessage.BeginWorkload;
        message.Argument0 = (ulong)Kind | ((ulong)IdleTurns << IdleTurnsShift) | ((ulong)Limit << LimitShift);
        message.Argument1 = Cores.Word(0);
        message.Argument2 = Cores.Word(1);
        message.Argument3 = Cores.Word(2);
        message.Operation = Cores.Word(3);
        return message;
    }

    /// <summary>From a message. A kind that does not exist is none.</summary>
    public static WorkloadOrder Decode(in LinkMessage message)
    {
        WorkloadOrder order = default;
        uint kind = (byte)message.Argument0;
        order.Kind = kind <= (uint)WorkloadKind.Storm ? (WorkloadKind)kind : WorkloadKind.None;
        order.IdleTurns = (byte)(message.Argument0 >> IdleTurnsShift);
        order.Limit = (uint)(message.Argument0 >> LimitShift);
        order.Cores.SetWord(0, message.Argument1);
        order.Cores.SetWord(1, message.Argument2);
        order.Cores.SetWord(2, message.Argument3);
        order.Cores.SetWord(3, message.Operation);
        return order;
    }
}
