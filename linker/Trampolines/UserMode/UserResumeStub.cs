using Atoll.Linker.Model;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines.UserMode;

/// <summary>From the event loop into a thread: RDI is an exit word. Never returns; the caller's stack is given up.</summary>
public sealed class UserResumeStub : CodeFragment
{
    /// <summary>Symbol of the stub.</summary>
    public const string Symbol = "x64_resume";

    /// <inheritdoc/>
    public override string Name => Symbol;

    /// <inheritdoc/>
    public override IReadOnlyList<string> References => [UserRun.Symbol];

    /// <inheritdoc/>
    public override CodeClaims Claims(IFragmentContext context) => new() { AbandonsStack = true };

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        code.Called();
        code.Asm.mov(rax, rdi);
        code.JumpTo(context.AddressOf(UserRun.Symbol));
    }
}
