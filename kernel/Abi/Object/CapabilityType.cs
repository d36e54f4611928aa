using System;

namespace Atoll.Abi;

/// <summary>What a capability refers to.</summary>
public enum CapabilityType : byte
{
    /// <summary>Nothing: the slot is empty. Zeroed memory reads so.</summary>
    Null,

    /// <summary>Memory without objects.</summary>
    Untyped,

    /// <summary>Memory that can be mapped: 4 KiB, 2 MiB or 1 GiB.</summary>
    Frame,

    /// <summary>A page table of level 1 to 3.</summary>
    PageTable,

    /// <summary>An address space: its level 4 table.</summary>
    VSpace,

    /// <summary>A table of slots.</summary>
    CNode,

    /// <summary>What is scheduled.</summary>
    Thread,

    /// <summary>Where messages meet receivers.</summary>
    Endpoint,

    /// <summary>A word of pending bits.</summary>
    Notification,

    /// <summary>Who waits for an answer.</summary>
    Reply,

    /// <summary>Time: a budget in each period.</summary>
    SchedulingContext,

    /// <summary>May set budgets.</summary>
    SchedulingControl,

    /// <summary>May make interrupt handlers.</summary>
    IrqControl,

    /// <summary>One interrupt.</summary>
    IrqHandler,

    /// <summary>May make ranges of I/O ports.</summary>
    IoPortControl,

    /// <summary>A range of I/O ports.</summary>
    IoPort,

    /// <summary>The kernel's own figures: what <c>ps</c>, <c>mem</c> and benchmarks show, and the end of the
    /// machine.</summary>
    InstanceControl,

    /// <summary>An end of a channel: a pair of rings to a program of this or another core, and a doorbell.</summary>
    Channel,

    /// <summary>An object of another instance, which is used by asking its kernel: a notification that can be signalled, an endpoint that can be called, or a thread that can be asked.</summary>
    Remote,

    /// <summary>A CNode or Thread that is being taken apart: what is in it goes first. Delete again to go on. Nothing
    /// else can be done with it.</summary>
    Dying,

    /// <summary>A Frame that was lent as a whole (<see cref="ChannelOperation.Lend"/>): whoever borrowed it has it alone. Revoke makes it a Frame again.</summary>
    Lent,
}

/// <summary>What may be done through a capability.</summary>
[Flags]
public enum CapabilityRights : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Receive, wait, read.</summary>
    Read = 1,

    /// <summary>Send, signal, write.</summary>
    Write = 2,

    /// <summary>Send capabilities along.</summary>
    Grant = 4,

    /// <summary>Call: give the receiver the right to reply once.</summary>
    GrantReply = 8,

    /// <summary>All of them.</summary>
    All = 15,
}

/// <summary>Sizes of objects, as log2 of bytes.</summary>
public static class ObjectSize
{
    /// <summary>A slot of a CNode.</summary>
    public const int SlotBits = 6;

    /// <summary>Endpoint.</summary>
    public const int EndpointBits = 6;

    /// <summary>Notification.</summary>
    public const int NotificationBits = 6;

    /// <summary>Reply.</summary>
    public const int ReplyBits = 6;

    /// <summary>SchedulingContext.</summary>
    public const int SchedulingContextBits = 7;

    /// <summary>Thread: registers with their FXSAVE area, what the scheduler keeps, and slots of its own.</summary>
    public const int ThreadBits = 11;

    /// <summary>Page tables of every level.</summary>
    public const int PageTableBits = 12;

    /// <summary>The smallest frame.</summary>
    public const int FrameBits = 12;

    /// <summary>A large frame.</summary>
    public const int LargeFrameBits = 21;

    /// <summary>A huge frame.</summary>
    public const int HugeFrameBits = 30;

    /// <summary>The smallest untyped.</summary>
    public const int UntypedBitsMin = 6;

    /// <summary>The largest untyped.</summary>
    public const int UntypedBitsMax = 39;

    /// <summary>The largest CNode has so many slots, as log2.</summary>
    public const int CNodeRadixMax = 16;
}
