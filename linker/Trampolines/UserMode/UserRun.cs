using Atoll.Linker.Model;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines.UserMode;

/// <summary>Obeys an exit word (RAX) when everything of the thread before is put away, or there was none.</summary>
public sealed class UserRun : CodeFragment
{
    /// <summary>Symbol of the path.</summary>
    public const string Symbol = "user_run";

    /// <inheritdoc/>
    public override string Name => Symbol;

    /// <inheritdoc/>
    public override IReadOnlyList<string> References => [InitialFpuState.Symbol, UserIdle.Symbol];

    /// <inheritdoc/>
    public override CodeClaims Claims(IFragmentContext context) =>
        new() { Privileged = ["load-segment", "wrmsr", "sysretq", "iret"], LeavesForUser = true };

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        Assembler a = code.Asm;
        Label another = a.CreateLabel();
        code.Frame(Abi.UnwindRule.End, offset: 0);
        a.test(rax, rax);
        a.js(another);
        code.BranchTo(Code.Jne_rel32_64, context.AddressOf(UserIdle.Symbol));
        a.mov(rax, EntryStateMemory.Current);
        a.Label(ref another);
        UserExit.Run(code, context.AddressOf(InitialFpuState.Symbol));
    }
}
