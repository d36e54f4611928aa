using System;
using Atoll.Abi;

namespace Atoll.Trap;

/// <summary>Interrupt vectors that mean something (Intel SDM Vol. 3A, "Exception and Interrupt Vectors").</summary>
public static class TrapVector
{
    /// <summary>Non-maskable interrupt.</summary>
    public const ulong Nmi = 2;

    /// <summary>Page fault.</summary>
    public const ulong PageFault = 14;

    /// <summary>The lowest vector that an interrupt can be sent with ("Valid Interrupt Vectors").</summary>
    public const ulong FirstOfApic = 16;

    /// <summary>Whether the entry of a vector from 16 on counts on an error code (#AC, #CP; AMD: #VC, #SX).</summary>
    /// <remarks>An interrupt with such a vector brings none, so its frame lies one word lower than its entry believes, and it cannot be returned from.</remarks>
    [InterruptSafe, NoPanic, NoBlock]
    public static bool HasErrorCode(ulong vector) => vector is 17 or 21 or 29 or 30;
}

/// <summary>Names of the reasons an instance dies of.</summary>
[InterruptSafe, NoPanic, NoBlock]
public static class PanicReason
{
    /// <summary>The name in docs/serial.md.</summary>
    /// <param name="vector">Vector of the trap.</param>
    public static ReadOnlySpan<byte> Name(ulong vector) => vector switch
    {
        0 => "divide-error"u8,
        1 => "debug"u8,
        TrapVector.Nmi => "nmi"u8,
        3 => "breakpoint"u8,
        4 => "overflow"u8,
        5 => "bound-range"u8,
        6 => "invalid-opcode"u8,
        7 => "device-not-available"u8,
        8 => "double-fault"u8,
        10 => "invalid-tss"u8,
        11 => "segment-not-present"u8,
        12 => "stack-fault"u8,
        13 => "general-protection"u8,
        TrapVector.PageFault => "page-fault"u8,
        16 => "x87"u8,
        17 => "alignment-check"u8,
        18 => "machine-check"u8,
        19 => "simd"u8,
        InterruptVector.CheckFailed => "check-failed"u8,
        _ => "exception"u8,
    };
}
