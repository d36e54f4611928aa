using Atoll.Linker.Model;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines.UserMode;

/// <summary>Tells a program where its threads begin: <c>ulong ()</c>.</summary>
public sealed class ProgramEntryStub : CodeFragment
{
    /// <inheritdoc/>
    public override string Name => "x64_program_entry";

    /// <inheritdoc/>
    public override IReadOnlyList<string> References => [ProgramEntry.Symbol];

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        code.Called();
        code.LoadAddress(rax, context.AddressOf(ProgramEntry.Symbol));
        code.Asm.ret();
    }
}
