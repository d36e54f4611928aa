namespace Atoll.Abi;

/// <summary>What a program asks by SYSCALL: RAX.</summary>
/// <remarks>
/// Registers are listed in docs/system-calls.md. A number that is not here is a fault of the program
/// (<see cref="FaultKind.UnknownSystemCall"/>).
/// </remarks>
public enum SystemCall : ulong
{
    /// <summary>Nothing: returns <see cref="SystemResult.Ok"/>.</summary>
    None,

    /// <summary>Sends to an endpoint and waits for the reply; or has the kernel do an operation on one of its
    /// objects.</summary>
    Call,

    /// <summary>Replies through the reply capability in R12, then receives with it.</summary>
    ReplyReceive,

    /// <summary>Sends to an endpoint, signals a notification, or replies through a reply capability.</summary>
    Send,

    /// <summary>Receives from an endpoint (with the reply capability in R12), or waits for a notification.</summary>
    Receive,

    /// <summary>Lets others of the same priority run.</summary>
    Yield,
}

/// <summary>Flags beside the number in RAX.</summary>
public static class SystemCallFlags
{
    /// <summary>Bits of the number.</summary>
    public const ulong NumberMask = 0xFF;

    /// <summary>Does not wait for a partner: <see cref="SystemResult.WouldBlock"/> instead. A call that is received waits for its
    /// answer.</summary>
    public const ulong NonBlocking = 1UL << 8;

    /// <summary>Waits until the TSC value in R13 at most: then <see cref="SystemResult.TimedOut"/>.</summary>
    public const ulong HasDeadline = 1UL << 9;

    /// <summary>With <see cref="SystemCall.Receive"/>: before it receives, the channels at message words 0 and 1 are rung. What is no channel is passed over.</summary>
    public const ulong Rings = 1UL << 10;
}

/// <summary>Every outcome of a system call: RAX.</summary>
public enum SystemResult : ulong
{
    /// <summary>Done; or a message came.</summary>
    Ok,

    /// <summary>The address leads past a guard or an end. Word 0: bits that were resolved.</summary>
    AddressInvalid,

    /// <summary>The slot is empty. Word 0: bits that were resolved.</summary>
    SlotEmpty,

    /// <summary>The slot holds another kind of object. Word 0: <see cref="CapabilityType"/> found.</summary>
    WrongType,

    /// <summary>A right is missing. Word 0: <see cref="CapabilityRights"/> that are.</summary>
    RightMissing,

    /// <summary>It would have to wait.</summary>
    WouldBlock,

    /// <summary>The deadline came first. Nothing was sent or received; but a call may have been received, and its answer
    /// will find nobody.</summary>
    TimedOut,

    /// <summary>Another thread ended the wait.</summary>
    Cancelled,

    /// <summary>Who should have answered is gone: the object, or the thread, was destroyed.</summary>
    PeerDied,

    /// <summary>The object has no such operation.</summary>
    OperationUnknown,

    /// <summary>An argument is out of range. Word 0: its number, from 0.</summary>
    ArgumentInvalid,

    /// <summary>An address is not aligned. Word 0: the argument's number.</summary>
    Unaligned,

    /// <summary>The untyped memory has not enough room. Word 0: bytes that it has.</summary>
    NotEnoughMemory,

    /// <summary>A slot that must be empty is not. Word 0: its index.</summary>
    SlotOccupied,

    /// <summary>Something was derived from it: revoke first.</summary>
    HasChildren,

    /// <summary>The frame or table is mapped already.</summary>
    AlreadyMapped,

    /// <summary>It is not mapped.</summary>
    NotMapped,

    /// <summary>A page table on the way is missing. Word 0: its level, 1 to 3.</summary>
    TableMissing,

    /// <summary>Something else is mapped there.</summary>
    AddressTaken,

    /// <summary>Nobody waits for this reply.</summary>
    NoCaller,

    /// <summary>The object is not in a state for this: a thread without address space is started, say.</summary>
    WrongState,

    /// <summary>So much is done; the same call goes on. Long operations stop so that interrupts are answered.</summary>
    Again,

    /// <summary>The message needs a buffer, and the thread has none.</summary>
    BufferMissing,

    /// <summary>More authority than the caller has: priority, say. Word 0: what it has.</summary>
    AuthorityMissing,

    /// <summary>Interrupt line or vector is in use, or there is none left.</summary>
    Unavailable,

    /// <summary>There is one capability to such an object, and it can only be moved.</summary>
    NotCopyable,
}
