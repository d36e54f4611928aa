using System;
using System.Threading;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>What a driver and a stack have in common: four rings in a page, and behind it the buffers of what this stack sends. What comes lies in a frame that all stacks of a driver read.</summary>
/// <remarks>Buffers are numbered: those of what comes, which are the driver's, and those of what a stack sends, which are the stack's. The driver knows where they lie.</remarks>
public static class LinkPage
{
    /// <summary>Buffers for frames that come, of all stacks together: as many as the device takes, and as many again that stacks have not given back.</summary>
    public const uint ReceiveBuffers = 128;

    /// <summary>Buffers of each stack for frames that go.</summary>
    public const uint SendBuffers = 64;

    /// <summary>Bytes of a buffer: a power of two, more than a frame has.</summary>
    public const uint BufferBytes = 2048;

    /// <summary>Most bytes of a frame: Ethernet's header and 1500.</summary>
    public const int FrameBytesMax = 1514;

    /// <summary>Bytes of the frame with rings and what a stack sends.</summary>
    public const int LaneBytes = (int)(BeatOffset + ImageLayout.PageSizeBytes);

    /// <summary>Bytes of what comes.</summary>
    public const int ReceiveBytes = (int)(ReceiveBuffers * BufferBytes);

    /// <summary>Buffers of a stack's frames that may go back untold: half of them. When there are so many the stack is woken, so it never runs out in silence.</summary>
    public const int Untold = (int)SendBuffers / 2;

    /// <summary>Empty buffers that a stack may give back untold. Of four stacks less than half of all lie about so.</summary>
    public const int UntoldEmpty = (int)ReceiveBuffers / 8;

    /// <summary>Where the first buffer of what a stack sends lies in its frame.</summary>
    public const uint SendOffset = 4 * FrameRing.Places * sizeof(ulong);

    /// <summary>Frames that came and that a stack has not taken: with so many it is behind, and a driver all of whose stacks are takes nothing from its device.</summary>
    public const int BehindFrames = 8;

    private const uint BeatOffset = SendOffset + (SendBuffers * BufferBytes);
    private const uint HoldsOffset = BeatOffset + sizeof(ulong);
    private const uint ServesOffset = HoldsOffset + sizeof(ulong);

    /// <summary>A number that the driver changes at least once a second, as long as it does anything.</summary>
    public static ulong Beat(MemoryRegion lane) => Volatile.Read(ref lane.LongWords[(int)(BeatOffset / sizeof(ulong))]);

    /// <summary>The driver changes that number.</summary>
    public static void SetBeat(MemoryRegion lane, ulong beat) => Volatile.Write(ref lane.LongWords[(int)(BeatOffset / sizeof(ulong))], beat);

    /// <summary>Whether the driver leaves frames with its device until this stack has taken what it has: then it is to be rung.</summary>
    public static bool Holds(MemoryRegion lane) => Volatile.Read(ref lane.LongWords[(int)(HoldsOffset / sizeof(ulong))]) != 0;

    /// <summary>The driver says whether it does.</summary>
    public static void SetHolds(MemoryRegion lane, bool holds) =>
        Volatile.Write(ref lane.LongWords[(int)(HoldsOffset / sizeof(ulong))], holds ? 1UL : 0);

    /// <summary>Whether somebody listens over this stack: before that it gets no callers.</summary>
    public static bool Serves(MemoryRegion lane) => Volatile.Read(ref lane.LongWords[(int)(ServesOffset / sizeof(ulong))]) != 0;

    /// <summary>The stack says that somebody does; the driver, for one that begins, that nobody does yet.</summary>
    public static void SetServes(MemoryRegion lane, bool serves) =>
        Volatile.Write(ref lane.LongWords[(int)(ServesOffset / sizeof(ulong))], serves ? 1UL : 0);

    /// <summary>From the stack: empty buffers of what came.</summary>
    public static Span<ulong> Empty(MemoryRegion lane) => Ring(lane, 0);

    /// <summary>To the stack: frames that came.</summary>
    public static Span<ulong> Received(MemoryRegion lane) => Ring(lane, 1);

    /// <summary>From the stack: frames to send.</summary>
    public static Span<ulong> ToSend(MemoryRegion lane) => Ring(lane, 2);

    /// <summary>To the stack: buffers whose frames went.</summary>
    public static Span<ulong> Sent(MemoryRegion lane) => Ring(lane, 3);

    /// <summary>A buffer of what a stack sends.</summary>
    public static Span<byte> SendBuffer(MemoryRegion lane, uint buffer) =>
        lane.Bytes.Slice((int)(SendOffset + (buffer * BufferBytes)), (int)BufferBytes);

    /// <summary>A buffer of what came.</summary>
    public static Span<byte> ReceiveBuffer(MemoryRegion received, uint buffer) =>
        received.Bytes.Slice((int)(buffer * BufferBytes), (int)BufferBytes);

    private static Span<ulong> Ring(MemoryRegion lane, int number) => lane.LongWords.Slice(number * FrameRing.Places, FrameRing.Places);
}
