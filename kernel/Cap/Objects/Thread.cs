using System;
using System.Runtime.InteropServices;
using Atoll.Abi;

namespace Atoll.Cap;

/// <summary>What a thread is doing.</summary>
public enum ThreadState : byte
{
    /// <summary>Not started, or stopped. Zeroed memory reads so.</summary>
    Inactive,

    /// <summary>It can run as far as it is concerned: it runs, is in a ready list, or has no time to run on.</summary>
    Ready,

    /// <summary>In an endpoint's queue, with a message.</summary>
    Sending,

    /// <summary>In an endpoint's queue, for a message.</summary>
    Receiving,

    /// <summary>It has called, and waits for the answer (<see cref="Thread.Reply"/>).</summary>
    AwaitingReply,

    /// <summary>In a notification's queue.</summary>
    AwaitingSignal,
}

/// <summary>Facts about a thread that are either so or not.</summary>
[Flags]
public enum ThreadFlags : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The last capability to it is gone: it never runs again, and gets nothing any more.</summary>
    Ended = 128,

    /// <summary>It is in a ready list.</summary>
    Queued = 1,

    /// <summary>It is in the heap of deadlines.</summary>
    HasDeadline = 2,

    /// <summary>What it sends is a call: it waits for an answer then.</summary>
    IsCall = 4,

    /// <summary>What it sends is a fault.</summary>
    IsFault = 8,

    /// <summary>Its call has a deadline, which also bounds the wait for the answer.</summary>
    IsTimed = 16,

    /// <summary>It has lost its address space, and cannot run.</summary>
    NoSpace = 32,

    /// <summary>It stands for a thread of another instance, and never runs: who wakes it leaves word (<c>Scheduler.HasForeignNews</c>).</summary>
    Foreign = 64,
}

/// <summary>What is scheduled: its registers, its place in queues, and the capabilities that it lives by. 2048 bytes. Layout version 1.</summary>
/// <remarks>
/// The trampolines know the first part (<see cref="ThreadContext"/>). The slots hold capabilities derived from those that
/// Configure named, so what a thread uses lives as long as the thread uses it, and revoke finds it there.
/// <see cref="RootSlots"/>, <see cref="PlainSlots"/>, <see cref="TableRoot"/> and <see cref="Buffer"/> repeat for the fast path what the slots say.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = 1 << ObjectSize.ThreadBits)]
[NonCopyable]
public struct Thread
{
    /// <summary>Offset of <see cref="CSpace"/>; the slots stand one after the other.</summary>
    public const int SlotsOffset = 1024;

    /// <summary>Slots that hold capabilities.</summary>
    public const int SlotCount = 4;

    /// <summary>Its registers while it does not run.</summary>
    [FieldOffset(0)] public ThreadContext Context;

    /// <summary>What it is doing.</summary>
    [FieldOffset(704)] public ThreadState State;

    /// <summary>255 goes first.</summary>
    [FieldOffset(705)] public byte Priority;

    /// <summary>The highest priority that it may give.</summary>
    [FieldOffset(706)] public byte PriorityMax;

    /// <summary>See <see cref="ThreadFlags"/>.</summary>
    [FieldOffset(707)] public ThreadFlags Flags;

    /// <summary>Sending: rights of the endpoint capability.</summary>
    [FieldOffset(708)] public CapabilityRights SendRights;

    /// <summary>What its fault endpoint hears besides exceptions.</summary>
    [FieldOffset(709)] public FaultOptions FaultOptions;

    /// <summary>Next in the queue of its state.</summary>
    [FieldOffset(712)] public ObjectPointer<Thread> Next;

    /// <summary>Previous in that queue.</summary>
    [FieldOffset(720)] public ObjectPointer<Thread> Previous;

    /// <summary>Whether it is in a ready list.</summary>
    public readonly bool IsQueued => (Flags & ThreadFlags.Queued) != 0;

    /// <summary>Whether it is in the heap of deadlines.</summary>
    public readonly bool HasDeadline => (Flags & ThreadFlags.HasDeadline) != 0;

    /// <summary>Sending, Receiving: where.</summary>
    public ObjectPointer<Endpoint> Endpoint
    {
        readonly get => new(_endpoint);
        set => _endpoint = value.Address;
    }

    /// <summary>AwaitingSignal: where.</summary>
    public ObjectPointer<Notification> Notification
    {
        readonly get => new(_notification);
        set => _notification = value.Address;
    }

    /// <summary>AwaitingReply: whose answer. Receiving: the object that takes the caller.</summary>
    public ObjectPointer<Reply> Reply
    {
        readonly get => new(_reply);
        set => _reply = value.Address;
    }

    /// <summary>Sending: badge of the endpoint capability.</summary>
    [FieldOffset(752)] public ulong SendBadge;

    /// <summary>The time it runs on: its own or a caller's; null: it runs when it is called.</summary>
    public ObjectPointer<SchedulingContext> SchedulingContext
    {
        readonly get => new(_schedulingContext);
        set => _schedulingContext = value.Address;
    }

    /// <summary>The slots of the root CNode, when an address is an index in it.</summary>
    [FieldOffset(768)] public ObjectPointer<CapabilitySlot> RootSlots;

    /// <summary>How many there are; 0: lookups take the long way.</summary>
    [FieldOffset(776)] public ulong PlainSlots;

    /// <summary>CR3 of its address space; 0: it has none, and cannot run.</summary>
    [FieldOffset(784)] public ulong TableRoot;

    /// <summary>Its message buffer; null: none.</summary>
    [FieldOffset(792)] public ObjectPointer<MessageBuffer> Buffer;

    /// <summary>Where the program sees the buffer. For the program only: the kernel never uses it.</summary>
    [FieldOffset(800)] public ulong BufferAddress;

    /// <summary>The notification whose signals end its waits at endpoints.</summary>
    public ObjectPointer<Notification> BoundNotification
    {
        readonly get => new(_boundNotification);
        set => _boundNotification = value.Address;
    }

    /// <summary>TSC value at which its wait ends.</summary>
    [FieldOffset(832)] public ulong Deadline;

    /// <summary>Left child in the heap of deadlines.</summary>
    [FieldOffset(840)] public ObjectPointer<Thread> DeadlineLeft;

    /// <summary>Right child.</summary>
    [FieldOffset(848)] public ObjectPointer<Thread> DeadlineRight;

    /// <summary>Parent.</summary>
    [FieldOffset(856)] public ObjectPointer<Thread> DeadlineParent;

    /// <summary>Length of the shortest way to a missing child.</summary>
    [FieldOffset(864)] public uint DeadlineRank;

    /// <summary>What a fault message tells: kind.</summary>
    [FieldOffset(868)] public uint Fault;

    /// <summary>What a fault message tells: address, or what the kind says.</summary>
    [FieldOffset(872)] public ulong FaultAddress;

    /// <summary>System calls that it made and that took the long way.</summary>
    [FieldOffset(880)] public ulong SystemCalls;

    /// <summary>Its root CNode.</summary>
    [FieldOffset(SlotsOffset)] public CapabilitySlot CSpace;

    /// <summary>Its address space.</summary>
    [FieldOffset(SlotsOffset + 64)] public CapabilitySlot VSpace;

    /// <summary>The endpoint that hears of its faults.</summary>
    [FieldOffset(SlotsOffset + 128)] public CapabilitySlot FaultEndpoint;

    /// <summary>The frame with its message buffer.</summary>
    [FieldOffset(SlotsOffset + 192)] public CapabilitySlot BufferFrame;

    /// <summary>While the thread dies: the last capability to it. Nobody can name this slot.</summary>
    [FieldOffset(SlotsOffset + 256)] internal CapabilitySlot Last;

    // Addresses, because the .NET runtime of the host cannot load structs that name each other in type arguments.
    [FieldOffset(728)] private ulong _endpoint;
    [FieldOffset(736)] private ulong _notification;
    [FieldOffset(744)] private ulong _reply;
    [FieldOffset(760)] private ulong _schedulingContext;
    [FieldOffset(808)] private ulong _boundNotification;

    /// <summary>The thread whose context lies at an address.</summary>
    /// <param name="context"><see cref="EntryState.Current"/>, not 0.</param>
    public static ObjectPointer<Thread> OfContext(ulong context) => new(context);

    /// <summary>The slots of a thread.</summary>
    public static ObjectPointer<CapabilitySlot> SlotsOf(ObjectPointer<Thread> thread) => new(thread.Address + SlotsOffset);

    /// <summary>The thread that a slot with <see cref="SlotFlags.InThread"/> lies in.</summary>
    public static ObjectPointer<Thread> OfSlot(ObjectPointer<CapabilitySlot> slot) =>
        new(slot.Address & ~((1UL << ObjectSize.ThreadBits) - 1));
}
