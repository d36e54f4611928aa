using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Atoll.Abi;

/// <summary>What every interrupt and exception entry leaves on the stack, lowest address first. 432 bytes, 16-byte
/// aligned.</summary>
/// <remarks>
/// One layout for all 256 vectors: entries without a hardware error code push a zero.
/// Source: Intel SDM Vol. 3A, "64-Bit Mode Stack Frame".
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct TrapFrame
{
    /// <summary>Bytes of the frame.</summary>
    public const int SizeBytes = 432;

    /// <summary>XMM0 to XMM15, 16 bytes each.</summary>
    [FieldOffset(0)] public VectorRegisters Xmm;

    /// <summary>R15.</summary>
    [FieldOffset(256)] public ulong R15;

    /// <summary>R14.</summary>
    [FieldOffset(264)] public ulong R14;

    /// <summary>R13.</summary>
    [FieldOffset(272)] public ulong R13;

    /// <summary>R12.</summary>
    [FieldOffset(280)] public ulong R12;

    /// <summary>R11.</summary>
    [FieldOffset(288)] public ulong R11;

    /// <summary>R10.</summary>
    [FieldOffset(296)] public ulong R10;

    /// <summary>R9.</summary>
    [FieldOffset(304)] public ulong R9;

    /// <summary>R8.</summary>
    [FieldOffset(312)] public ulong R8;

    /// <summary>RBP.</summary>
    [FieldOffset(320)] public ulong Rbp;

    /// <summary>RDI.</summary>
    [FieldOffset(328)] public ulong Rdi;

    /// <summary>RSI.</summary>
    [FieldOffset(336)] public ulong Rsi;

    /// <summary>RDX.</summary>
    [FieldOffset(344)] public ulong Rdx;

    /// <summary>RCX.</summary>
    [FieldOffset(352)] public ulong Rcx;

    /// <summary>RBX.</summary>
    [FieldOffset(360)] public ulong Rbx;

    /// <summary>RAX.</summary>
    [FieldOffset(368)] public ulong Rax;

    /// <summary>Vector, 0 to 255.</summary>
    [FieldOffset(376)] public ulong Vector;

    /// <summary>Error code pushed by the CPU, or 0.</summary>
    [FieldOffset(384)] public ulong ErrorCode;

    /// <summary>Interrupted instruction pointer.</summary>
    [FieldOffset(392)] public ulong Rip;

    /// <summary>Interrupted code segment.</summary>
    [FieldOffset(400)] public ulong Cs;

    /// <summary>Interrupted flags.</summary>
    [FieldOffset(408)] public ulong Rflags;

    /// <summary>Interrupted stack pointer.</summary>
    [FieldOffset(416)] public ulong Rsp;

    /// <summary>Interrupted stack segment.</summary>
    [FieldOffset(424)] public ulong Ss;
}

/// <summary>The 16 XMM registers as 32 words, low half first. 256 bytes.</summary>
[InlineArray(32)]
public struct VectorRegisters
{
    private ulong _word0;
}
