using Atoll.Linker.Model;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines;

/// <summary>Returns RFLAGS.</summary>
public sealed class ReadFlagsStub : CodeFragment
{
    /// <inheritdoc/>
    public override string Name => "x64_read_flags";

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        code.Called();
        code.PushFlags();
        code.Pop(rax);
        code.Asm.ret();
    }
}
