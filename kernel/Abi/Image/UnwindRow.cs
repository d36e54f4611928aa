using System.Runtime.InteropServices;

namespace Atoll.Abi;

/// <summary>How to find the caller from code at and after one address, in one word of 32 bits; the table is sorted by
/// address.</summary>
/// <remarks>
/// The linker makes the table from call frame information. A row holds from <see cref="CodeOffset"/> to the next row.
/// CFA is DWARF's canonical frame address: the value of RSP before the call pushed the return address, which
/// therefore lies at CFA - 8. Rows are exact at call sites and may be wrong inside an epilogue.
/// The bits, from the lowest: 18 of the code offset, 3 of the rule, 9 of the CFA's offset in words of 8 bytes, 2 of the slot.
/// What a prologue does is read from the code (<see cref="UnwindRule.FromPrologue"/>), so that most functions have one row.
/// </remarks>
[InterruptSafe, NoPanic, NoBlock]
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
public readonly struct UnwindRow
{
    /// <summary>Bytes of a row.</summary>
    public const int SizeBytes = 4;

    /// <summary>Greatest <see cref="CodeOffset"/>: 256 KiB of text and boot code have rows.</summary>
    public const uint CodeOffsetMax = (1u << RuleShift) - 1;

    /// <summary>Greatest <see cref="CfaOffset"/>: nearly a page. A greater frame has no row.</summary>
    public const uint CfaOffsetMax = ((1u << (SlotShift - CfaShift)) - 1) * sizeof(ulong);

    /// <summary>Greatest <see cref="FramePointerSlot"/>. RBP is what a function pushes first: slot 2.</summary>
    public const uint FramePointerSlotMax = 3;

    private const int RuleShift = 18;
    private const int CfaShift = 21;
    private const int SlotShift = 30;

    /// <summary>The row.</summary>
    public readonly uint Word;

    /// <summary>Makes a row of values that a row can hold (<see cref="CanHold"/>).</summary>
    /// <param name="codeOffset">See <see cref="CodeOffset"/>.</param>
    /// <param name="rule">See <see cref="Rule"/>.</param>
    /// <param name="cfaOffset">See <see cref="CfaOffset"/>.</param>
    /// <param name="framePointerSlot">See <see cref="FramePointerSlot"/>.</param>
    public UnwindRow(uint codeOffset, UnwindRule rule, uint cfaOffset, uint framePointerSlot) =>
        Word = codeOffset | ((uint)rule << RuleShift) | (cfaOffset / sizeof(ulong) << CfaShift) | (framePointerSlot << SlotShift);

    /// <summary>First code address the row holds for, as an offset from <see cref="ImageInfo.TextStart"/>; the boot segment's code is counted as if it lay behind text.</summary>
    public uint CodeOffset => Word & CodeOffsetMax;

    /// <summary>How the CFA is computed.</summary>
    public UnwindRule Rule => (UnwindRule)((Word >> RuleShift) & ((1u << (CfaShift - RuleShift)) - 1));

    /// <summary>Bytes to add to the register that <see cref="Rule"/> names, to get the CFA: words of 8 bytes.</summary>
    public uint CfaOffset => ((Word >> CfaShift) & ((1u << (SlotShift - CfaShift)) - 1)) * sizeof(ulong);

    /// <summary>Where the caller's RBP is saved: at CFA minus eight times this. 0: RBP still holds it.</summary>
    public uint FramePointerSlot => Word >> SlotShift;

    /// <summary>Whether a row can say this of its frame.</summary>
    public static bool CanHold(long cfaOffset, long framePointerSlot) =>
        cfaOffset is >= 0 and <= CfaOffsetMax && cfaOffset % sizeof(ulong) == 0 && framePointerSlot is >= 0 and <= FramePointerSlotMax;
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

    /// <summary>As <see cref="FromStackPointer"/>, and what each <see cref="PrologueStep"/> from the row to the address has added is added.</summary>
    FromPrologue,
}
