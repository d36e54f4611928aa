using System.Runtime.CompilerServices;
using Atoll.Services.Lib;

namespace Atoll.Services.VirtioNet;

/// <summary>What the driver keeps of one stack: its rings, and which of its frames are on their way.</summary>
internal struct Lane
{
    /// <summary>Rings, and buffers of what the stack sends (<see cref="LinkPage"/>).</summary>
    internal MemoryRegion Memory;

    /// <summary>Physical address of the first of these buffers.</summary>
    internal ulong Packets;

    /// <summary>From the stack: empty buffers.</summary>
    internal FrameRing Empty;

    /// <summary>To the stack: frames that came.</summary>
    internal FrameRing Received;

    /// <summary>From the stack: frames to send.</summary>
    internal FrameRing ToSend;

    /// <summary>To the stack: buffers whose frames went.</summary>
    internal FrameRing Sent;

    /// <summary>Its buffers that the device has, a bit for each.</summary>
    internal ulong Sending;

    /// <summary>Buffers that went back since the stack was last to be woken for them.</summary>
    internal int Untold;

    /// <summary>Whether it has not taken what came for it, so that more can wait.</summary>
    internal readonly bool IsBehind => Received.IsBehind(LinkPage.Received(Memory), LinkPage.BehindFrames);

    /// <summary>Whether a stack is there.</summary>
    internal bool IsOpen;
}

/// <summary>A lane for each stack that a driver may have.</summary>
[InlineArray(Most)]
internal struct LaneTable
{
    /// <summary>Most stacks of a driver.</summary>
    internal const int Most = 4;

    private Lane _lane0;
}
