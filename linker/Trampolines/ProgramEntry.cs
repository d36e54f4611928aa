using Atoll.Abi;
using Atoll.Linker.Model;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines;

/// <summary>Where a program starts: RSP is the upper end of its stack, everything else is undefined.</summary>
/// <param name="stackBytes">Bytes of stack that it asks for.</param>
public sealed class ProgramEntry(uint stackBytes) : CodeFragment
{
    /// <summary>Symbol of the entry.</summary>
    public const string Symbol = "program_entry";

    /// <summary>C# entry of every program: <c>void ()</c>, never returns.</summary>
    public const string Main = "atoll_program_main";

    private const string Stack = "program";

    /// <inheritdoc/>
    public override string Name => Symbol;

    /// <inheritdoc/>
    public override IReadOnlyList<string> References => [Main];

    /// <inheritdoc/>
    /// <remarks>Where the stack lies is the loader's choice: it is claimed from 0.</remarks>
    public override CodeClaims Claims(IFragmentContext context) => new()
    {
        IsEntry = true,
        EntryStack = Stack,
        Stacks = [new StackRange(Stack, 0, stackBytes)],
    };

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        Assembler a = code.Asm;
        code.Frame(UnwindRule.End, offset: 0);
        // A zero ends the chain of frame pointers; the System V ABI wants DF clear.
        a.xor(ebp, ebp);
        a.cld();
        a.call(context.AddressOf(Main));
        a.ud2();
    }
}
