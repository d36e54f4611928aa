using Atoll.Abi;
using Atoll.Linker.Model;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines;

/// <summary>The 256 interrupt entries, 16 bytes each: zero if there is no error code, vector, jump; wake-only ones end
/// by themselves.</summary>
/// <remarks>
/// The call frame ends here: <see cref="TrapFrame"/> is not complete yet, and only an NMI or a machine check can
/// interrupt an entry. Sources: Intel SDM Vol. 3A, "Exception and Interrupt Reference"; AMD APM Vol. 2, "Exceptions".
/// </remarks>
public sealed class InterruptEntries : CodeFragment
{
    /// <summary>Symbol of the first entry.</summary>
    public const string Symbol = "interrupt_entries";

    /// <summary>Symbol of one entry, without its vector.</summary>
    public const string EntryPrefix = "interrupt_entry_";

    /// <summary>Entries: every vector that the processor has.</summary>
    public const int Count = 256;

    /// <summary>Bytes from one entry to the next.</summary>
    public const int EntryBytes = 16;

    /// <summary>Offset of the EOI register (Intel SDM Vol. 3A, "Local APIC Register Address Map").</summary>
    private const ulong EndOfInterrupt = 0xB0;

    /// <summary>#DF, #TS, #NP, #SS, #GP, #PF, #AC, #CP; and of AMD #VC and #SX.</summary>
    private static readonly HashSet<int> s_withErrorCode = [8, 10, 11, 12, 13, 14, 17, 21, 29, 30];

    /// <inheritdoc/>
    public override string Name => Symbol;

    /// <inheritdoc/>
    public override IReadOnlyList<string> References => [InterruptCommonPath.Symbol];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, int OffsetBytes)> InnerSymbols =>
        [.. Enumerable.Range(0, Count).Select(vector => ($"{EntryPrefix}{vector}", vector * EntryBytes))];

    /// <inheritdoc/>
    public override CodeClaims Claims(IFragmentContext context) => new() { Privileged = ["iret"] };

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        code.Frame(UnwindRule.End, offset: 0);
        ulong commonPath = context.AddressOf(InterruptCommonPath.Symbol);
        for (int vector = 0; vector < Count; vector++)
        {
            int bytes = IsWakeOnly(vector) ? EmitWakeOnly(code) : EmitEntry(code, vector, commonPath);
            code.Asm.db(Enumerable.Repeat(Int3, EntryBytes - bytes).ToArray());
        }
    }

    /// <summary>What is between entries is never reached; if it were, the core would stop at once.</summary>
    private const byte Int3 = 0xCC;

    private static bool IsWakeOnly(int vector) => vector is InterruptVector.Timer or InterruptVector.Doorbell;

    /// <summary>Ends the interrupt at the local APIC and returns: ending the halt was all it came for. Returns the
    /// bytes of the entry.</summary>
    private static int EmitWakeOnly(CodeBuilder code)
    {
        const int MoveBytes = 11;
        const int ReturnBytes = 2;

        // The register page lies in the top 2 GiB, so its address is a sign-extended 32-bit displacement.
        code.Asm.mov(__dword_ptr[unchecked((long)(ImageLayout.LocalApicPage + EndOfInterrupt))], 0);
        code.Asm.iretq();
        return MoveBytes + ReturnBytes;
    }

    /// <summary>Returns the bytes of the entry.</summary>
    private static int EmitEntry(CodeBuilder code, int vector, ulong commonPath)
    {
        const int PushImm8Bytes = 2;
        const int PushImm32Bytes = 5;
        const int JumpBytes = 5;

        bool pushesZero = !s_withErrorCode.Contains(vector);
        if (pushesZero)
        {
            code.Asm.push(0);
        }

        // The short form extends the sign, so it holds vectors below 128.
        code.Asm.push(vector);
        code.JumpTo(commonPath);
        return (pushesZero ? PushImm8Bytes : 0)
            + (vector <= sbyte.MaxValue ? PushImm8Bytes : PushImm32Bytes)
            + JumpBytes;
    }
}
