namespace Atoll.Abi;

/// <summary>Label of a fault message: what stopped a thread. Words: <see cref="FaultWords"/>.</summary>
public enum FaultKind : ulong
{
    /// <summary>None.</summary>
    None,

    /// <summary>A page fault.</summary>
    Page,

    /// <summary>An undefined instruction.</summary>
    UndefinedInstruction,

    /// <summary>Division by zero or overflow of one.</summary>
    Divide,

    /// <summary>General protection, and everything else that the processor calls a violation.</summary>
    Protection,

    /// <summary>A system call named a capability that cannot be sent to (a Send or Receive that has no result).</summary>
    Capability,

    /// <summary>RAX named no system call.</summary>
    UnknownSystemCall,

    /// <summary>The budget is used up.</summary>
    Budget,

    /// <summary>Breakpoint, single step.</summary>
    Debug,

    /// <summary>x87 or SIMD floating-point error.</summary>
    FloatingPoint,

    /// <summary>It does nothing any more. Told by a program that depends on it, never by the kernel.</summary>
    Hang,
}

/// <summary>Words of a fault message, and of its answer.</summary>
/// <remarks>
/// The answer's label: <see cref="Resume"/> goes on where RIP is now; anything else leaves the thread stopped. An answer with
/// words sets, in this order, RIP and RSP.
/// </remarks>
public static class FaultWords
{
    /// <summary>Word 0: instruction pointer.</summary>
    public const int Rip = 0;

    /// <summary>Word 1: page fault: the address; unknown system call: RAX; else the vector.</summary>
    public const int Address = 1;

    /// <summary>Word 2: the processor's error code.</summary>
    public const int ErrorCode = 2;

    /// <summary>Word 3: stack pointer.</summary>
    public const int Rsp = 3;

    /// <summary>Words of the message.</summary>
    public const int Count = 4;

    /// <summary>Label of the answer that lets the thread go on.</summary>
    public const ulong Resume = 0;
}
