using Atoll.Linker.Model;

namespace Atoll.Linker.Trampolines.UserMode;

/// <summary>From the system call of one thread to another thread: RAX is the window address of its context.</summary>
public sealed class UserSwitch : CodeFragment
{
    /// <summary>Symbol of the path.</summary>
    public const string Symbol = "user_switch";

    /// <inheritdoc/>
    public override string Name => Symbol;

    /// <inheritdoc/>
    public override IReadOnlyList<string> References => [InitialFpuState.Symbol];

    /// <inheritdoc/>
    public override CodeClaims Claims(IFragmentContext context) =>
        new() { Privileged = ["load-segment", "wrmsr", "sysretq", "iret"], LeavesForUser = true };

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        code.Frame(Abi.UnwindRule.End, offset: 0);
        UserExit.SaveCaller(code.Asm);
        UserExit.Run(code, context.AddressOf(InitialFpuState.Symbol));
    }
}
