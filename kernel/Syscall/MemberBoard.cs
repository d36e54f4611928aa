using Atoll.Abi;
using Atoll.Cap;

namespace Atoll.Syscall;

/// <summary>What programs may know of the instance of one core, and what they want of it. The coordinator's.</summary>
public struct MemberRow
{
    /// <summary><see cref="MemberState"/>.</summary>
    public ulong State;

    /// <summary>Which life of the core, from 1.</summary>
    public ulong Incarnation;

    /// <summary>Turns of its event loop, as the coordinator saw them last.</summary>
    public ulong Heartbeat;

    /// <summary>Bytes of memory that it has: its own, and its programs'.</summary>
    public ulong Bytes;

    /// <summary>What a program has ordered last and the coordinator has not looked at.</summary>
    public MemberOrder Order;
}

/// <summary>The instances of the machine, on the coordinator's core; on others there are none.</summary>
/// <remarks>Each row begins a record of the coordinator's own, so what is told is what is so.</remarks>
public struct MemberBoard
{
    /// <summary>A row for each core of the machine.</summary>
    public HeadArray<MemberRow> Rows;

    /// <summary>Whether something was ordered.</summary>
    public bool HasOrders;
}
