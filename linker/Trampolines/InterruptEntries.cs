using Atoll.Abi;
using Atoll.Linker.Model;
using Atoll.Linker.Trampolines.UserMode;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines;

/// <summary>The 256 interrupt entries. Of an exception, 9 bytes: zero if there is no error code, vector, jump. Of any other interrupt, 4: vector, jump to the end of its group, and
/// from there to what makes room for the error code.</summary>
/// <remarks>
/// A group is as many entries as a short jump passes over. The last, with the doorbells, needs no second jump.
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

    /// <summary>Symbol of where interrupts go on that are no exceptions.</summary>
    public const string PlainSymbol = "interrupt_plain";

    private const int ExceptionBytes = 9;
    private const int PlainBytes = 4;
    private const int GroupEntries = 32;
    private const int GroupBytes = (GroupEntries * PlainBytes) + JumpBytes;
    private const int VectorMask = 0xFF;

    /// <summary>#DF, #TS, #NP, #SS, #GP, #PF, #AC, #CP; and of AMD #VC and #SX.</summary>
    private static readonly HashSet<int> s_withErrorCode = [8, 10, 11, 12, 13, 14, 17, 21, 29, 30];

    /// <inheritdoc/>
    public override string Name => Symbol;

    /// <inheritdoc/>
    public override IReadOnlyList<string> References =>
        hasUserMode ? [InterruptCommonPath.Symbol, InterruptOrigin.Symbol] : [InterruptCommonPath.Symbol];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, int OffsetBytes)> InnerSymbols =>
    [
        .. Enumerable.Range(0, Count).Select(vector => (SymbolOf(vector), OffsetOf(vector))),
        .. LongJumps.Select(first => (LongJumpSymbolOf(first), OffsetOf(first + GroupEntries) - JumpBytes)),
        (PlainSymbol, OffsetOf(LastGroup + GroupEntries - 1) + PlainBytes),
    ];

    /// <summary>Symbol of the entry of a vector.</summary>
    public static string SymbolOf(int vector) => $"{EntryPrefix}{vector}";

    /// <summary>Where the entry of a vector begins.</summary>
    public static int OffsetOf(int vector) => vector < InterruptVector.ExceptionCount
        ? vector * ExceptionBytes
        : OffsetOfPlain(vector - InterruptVector.ExceptionCount);

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        code.Frame(UnwindRule.End, offset: 0);
        for (int vector = 0; vector < InterruptVector.ExceptionCount; vector++)
        {
            int bytes = EmitException(code, vector, context.AddressOf(TargetOf(vector)));
            code.Asm.db(Enumerable.Repeat(Int3, ExceptionBytes - bytes).ToArray());
        }

        Label plain = code.Asm.CreateLabel(PlainSymbol);
        foreach (int first in LongJumps)
        {
            Label end = code.Asm.CreateLabel(LongJumpSymbolOf(first));
            EmitGroup(code, first, end);
            code.Asm.Label(ref end);
            code.Asm.AddInstruction(Instruction.CreateBranch(Code.Jmp_rel32_64, plain.Id));
        }

        EmitGroup(code, LastGroup, plain);
        EmitRoomForErrorCode(code, ref plain, context.AddressOf(TargetOf(InterruptVector.ExceptionCount)));
    }

    private const int LastGroup = Count - GroupEntries;

    // The first vectors of the groups that end in a jump.
    private static IEnumerable<int> LongJumps =>
        Enumerable.Range(0, (LastGroup - InterruptVector.ExceptionCount) / GroupEntries).Select(group => InterruptVector.ExceptionCount + (group * GroupEntries));

    private static string LongJumpSymbolOf(int first) => $"interrupt_group_{first}";

    private static int OffsetOfPlain(int number) =>
        (InterruptVector.ExceptionCount * ExceptionBytes) + (number / GroupEntries * GroupBytes) + (number % GroupEntries * PlainBytes);

    /// <summary>What is between entries is never reached; if it were, the core would stop at once.</summary>
    private const byte Int3 = 0xCC;

    /// <summary>What has a stack of its own ends the instance, wherever it came from.</summary>
    private string TargetOf(int vector) =>
        hasUserMode && InterruptDescriptorTable.StackOf(vector) == 0 ? InterruptOrigin.Symbol : InterruptCommonPath.Symbol;

    /// <summary>Returns the bytes of the entry.</summary>
    private static int EmitException(CodeBuilder code, int vector, ulong target)
    {
        bool pushesZero = !s_withErrorCode.Contains(vector);
        if (pushesZero)
        {
            code.Asm.push(0);
        }

        code.Asm.push(vector);
        code.JumpTo(target);
        return (pushesZero ? PushBytes : 0) + PushBytes + JumpBytes;
    }

    // The short push extends the sign: of the upper vectors the byte is right, and the rest is taken off later.
    private static void EmitGroup(CodeBuilder code, int first, Label end)
    {
        for (int vector = first; vector < first + GroupEntries; vector++)
        {
            code.Asm.push((int)(sbyte)vector);
            code.Asm.AddInstruction(Instruction.CreateBranch(Code.Jmp_rel8_64, end.Id));
        }
    }

    // The vector lies where the error code belongs: once more below, and a zero in its place.
    private static void EmitRoomForErrorCode(CodeBuilder code, ref Label plain, ulong target)
    {
        Assembler a = code.Asm;
        a.Label(ref plain);
        a.push(__qword_ptr[rsp]);
        a.and(__qword_ptr[rsp], VectorMask);
        a.mov(__qword_ptr[rsp + sizeof(ulong)], 0);
        code.JumpTo(target);
    }

    private const int PushBytes = 2;
    private const int JumpBytes = 5;
}
