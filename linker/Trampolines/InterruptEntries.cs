using Atoll.Abi;
using Atoll.Linker.Model;
using Atoll.Linker.Trampolines.UserMode;



namespace Atoll.Linker.Trampolines;

/// <summary>The 256 interrupt entries, 16 bytes each: zero if there is no error code, vector, jump.</summary>
/// <remarks>
/// The call frame ends here: <see cref="TrapFrame"/> is not complete yet, and only an NMI or a machine check can
/// interrupt an entry. Sources: Intel SDM Vol. 3A, "Exception and Interrupt Reference"; AMD APM Vol. 2, "Exceptions".
/// </remarks>
/// <param name="hasUserMode">Whether there is a ring 3 that interrupts can come from.</param>
public sealed class InterruptEntries(bool hasUserMode) : CodeFragment
{
    /// <summary>Symbol of the first entry.</summary>
    public const string Symbol = "interrupt_entries";

    /// <summary>Symbol of one entry, without its vector.</summary>
    public const string EntryPrefix = "interrupt_entry_";

    /// <summary>Entries: every vector that the processor has.</summary>
    public const int Count = 256;

    /// <summary>Bytes from one entry to the next.</summary>
    public const int EntryBytes = 16;

    /// <summary>#DF, #TS, #NP, #SS, #GP, #PF, #AC, #CP; and of AMD #VC and #SX.</summary>
    private static readonly HashSet<int> s_withErrorCode = [8, 10, 11, 12, 13, 14, 17, 21, 29, 30];

    /// <inheritdoc/>
    public override string Name => Symbol;

    /// <inheritdoc/>
    public override IReadOnlyList<string> References =>
        hasUserMode ? [InterruptCommonPath.Symbol, InterruptOrigin.Symbol] : [InterruptCommonPath.Symbol];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, int OffsetBytes)> InnerSymbols =>
        [.. Enumerable.Range(0, Count).Select(vector => (SymbolOf(vector), vector * EntryBytes))];

    /// <summary>Symbol of the entry of a vector.</summary>
    public static string SymbolOf(int vector) => $"{EntryPrefix}{vector}";

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        code.Frame(UnwindRule.End, offset: 0);
        for (int vector = 0; vector < Count; vector++)
        {
            int bytes = EmitEntry(code, vector, context.AddressOf(TargetOf(vector)));
            code.Asm.db(Enumerable.Repeat(Int3, EntryBytes - bytes).ToArray());
        }
    }

    /// <summary>What is between entries is never reached; if it were, the core would stop at once.</summary>
    private const byte Int3 = 0xCC;

    /// <summary>What has a stack of its own ends the instance, wherever it came from.</summary>
    private string TargetOf(int vector) =>
        hasUserMode && InterruptDescriptorTable.StackOf(vector) == 0 ? InterruptOrigin.Symbol : InterruptCommonPath.Symbol;

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
