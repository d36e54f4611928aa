using Atoll.Linker.Model;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines.UserMode;

/// <summary>Returns the address of <see cref="SyscallEntry"/>, for LSTAR.</summary>
public sealed class SyscallEntryStub : CodeFragment
{
    /// <inheritdoc/>
    public override string Name => "x64_syscall_entry";

    /// <inheritdoc/>
    public override IReadOnlyList<string> References => [SyscallEntry.Symbol];

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        code.Called();
        code.LoadAddress(rax, context.AddressOf(SyscallEntry.Symbol));
        code.Asm.ret();
    }
}
