using Atoll.Linker.Model;

namespace Atoll.Linker.Trampolines.UserMode;

/// <summary>From the system call of one thread into the event loop: no other thread can run.</summary>
public sealed class UserPark : CodeFragment
{
    /// <summary>Symbol of the path.</summary>
    public const string Symbol = "user_park";

    /// <inheritdoc/>
    public override string Name => Symbol;

    /// <inheritdoc/>
    public override IReadOnlyList<string> References => [SymbolNames.Idle];

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        code.Frame(Abi.UnwindRule.End, offset: 0);
        UserExit.SaveCaller(code.Asm);
        UserIdle.Emit(code, context);
    }
}
