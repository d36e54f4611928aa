using Atoll.Linker.Model;
using Iced.Intel;

namespace Atoll.Linker.Trampolines;

/// <summary>A stub that C# calls for an instruction that no compiler emits. Touches the stack only to return.</summary>
/// <param name="name">Symbol.</param>
/// <param name="body">Everything before RET.</param>
/// <param name="privileged">Kinds of privileged instructions in it.</param>
public sealed class LeafStub(string name, Action<Assembler> body, params string[] privileged) : CodeFragment
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override CodeClaims Claims(IFragmentContext context) => new() { Privileged = privileged };

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        code.Called();
        body(code.Asm);
        code.Asm.ret();
    }
}
