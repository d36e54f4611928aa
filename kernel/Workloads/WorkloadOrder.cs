using Atoll.Instance;
using Atoll.Ipc;

namespace Atoll.Workloads;

/// <summary>A workload to begin.</summary>
public struct WorkloadOrder
{
    /// <summary>Which.</summary>
    public WorkloadKind Kind;

    /// <summary>Empty turns before an instance sleeps.</summary>
    public uint IdleTurns;

    /// <summary>Messages to each partner; 0: for ever.</summary>
    public ulong Limit;

    /// <summary>The instances that take part. The others have nothing to do.</summary>
    public CoreSet Cores;

    /// <summary>Whether an instance exchanges messages with another.</summary>
    public readonly bool HasPartnersOf(uint core) => Kind != WorkloadKind.None && Cores.Has(core) && Cores.Next(core) != core;

    /// <summary>As a message.</summary>
    public readonly LinkMessage Encode()
    {
        LinkMessage message = default;
        message.Kind = (uint)TrialMessage.BeginWorkload;
        message.Argument0 = (ulong)Kind | ((ulong)IdleTurns << 32);
        message.Argument1 = Limit;
        message.Argument2 = Cores.Low;
        message.Argument3 = Cores.High;
        return message;
    }

    /// <summary>From a message. A kind that does not exist is none.</summary>
    public static WorkloadOrder Decode(in LinkMessage message)
    {
        WorkloadOrder order = default;
        uint kind = (uint)message.Argument0;
        order.Kind = kind <= (uint)WorkloadKind.Storm ? (WorkloadKind)kind : WorkloadKind.None;
        order.IdleTurns = (uint)(message.Argument0 >> 32);
        order.Limit = message.Argument1;
        order.Cores.Low = message.Argument2;
        order.Cores.High = message.Argument3;
        return order;
    }
}
