using Atoll.Abi;
using Atoll.Linker.Model;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines.UserMode;

/// <summary>Into the event loop, on an empty stack: no thread is current.</summary>
public sealed class UserIdle : CodeFragment
{
    /// <summary>Symbol of the path.</summary>
    public const string Symbol = "user_idle";

    /// <inheritdoc/>
    public override string Name => Symbol;

    /// <inheritdoc/>
    public override IReadOnlyList<string> References => [SymbolNames.Idle];

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        code.Frame(UnwindRule.End, offset: 0);
        Emit(code, context);
    }

    /// <summary>Writes the code, for who has announced <see cref="SymbolNames.Idle"/>.</summary>
    internal static void Emit(CodeBuilder code, IFragmentContext context)
    {
        Assembler a = code.Asm;
        a.mov(EntryStateMemory.Current, 0);
        a.mov(rsp, ImageLayout.StackTop);
        // A zero ends the chain of frame pointers.
        a.xor(ebp, ebp);
        a.call(context.AddressOf(SymbolNames.Idle));
        a.ud2();
    }
}
