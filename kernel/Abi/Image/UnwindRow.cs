using System.Runtime.InteropServices;

namespace Atoll.Abi;

/// <summary>How to find the caller from code at and after one address. 8 bytes; the table is sorted by
/// address.</summary>
/// <remarks>
/// The linker makes the table from call frame information. A row holds from <see cref="CodeOffset"/> to the next row.
/// CFA is DWARF's canonical frame address: the value of RSP before the call pushed the return address, which
/// therefore lies at CFA - 8. Rows are exact at call sites and may be wrong inside an epilogue.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = 8)]
public struct UnwindRow
{
    /// <summary>First code address the row holds for, as an offset from <see cref="ImageInfo.TextStart"/>.</summary>
    [FieldOffset(0)] public uint CodeOffset;

    /// <summary>Bytes to add to the register that <see cref="Rule"/> names, to get the CFA.</summary>
    [FieldOffset(4)] public ushort CfaOffset;

    /// <summary>How the CFA is computed.</summary>
    [FieldOffset(6)] public UnwindRule Rule;

    /// <summary>Where the caller's RBP is saved: at CFA minus eight times this. 0: RBP still holds it.</summary>
    [FieldOffset(7)] public byte FramePointerSlot;
}

/// <summary>How an <see cref="UnwindRow"/> finds the CFA.</summary>
public enum UnwindRule : byte
{
    /// <summary>There is no caller, or no rule is known: the walk ends here.</summary>
    End,

    /// <summary>CFA is RSP + offset.</summary>
    FromStackPointer,

    /// <summary>CFA is RBP + offset.</summary>
    FromFramePointer,

    /// <summary>RSP + offset is the address of a <see cref="TrapFrame"/>: the caller is the interrupted code.</summary>
    FromTrapFrame,
}
