using System;
using Atoll.Base;

namespace Atoll.Workloads;

/// <summary>What instances do to show that messages pass.</summary>
public enum WorkloadKind : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Messages to the right-hand neighbour, from the left-hand one.</summary>
    Ring,

    /// <summary>Messages to and from every other instance.</summary>
    Matrix,

    /// <summary>One token that goes round; whoever does not hold it sleeps.</summary>
    Doorbell,

    /// <summary>Messages without end to every other instance, which takes few; questions on the control slots must still be answered.</summary>
    Storm,
}

/// <summary>Names of workloads.</summary>
public static class WorkloadKinds
{
    /// <summary>The kind with this name, or None.</summary>
    public static WorkloadKind Parse(ReadOnlySpan<byte> name)
    {
        for (WorkloadKind kind = WorkloadKind.Ring; kind <= WorkloadKind.Storm; kind++)
        {
            if (Ascii.AreEqual(name, Name(kind)))
            {
                return kind;
            }
        }

        return WorkloadKind.None;
    }

    /// <summary>The name in docs/serial.md.</summary>
    public static ReadOnlySpan<byte> Name(WorkloadKind kind) => kind switch
    {
        WorkloadKind.Ring => "ring"u8,
        WorkloadKind.Matrix => "matrix"u8,
        WorkloadKind.Doorbell => "doorbell"u8,
        WorkloadKind.Storm => "storm"u8,
        _ => "none"u8,
    };
}
