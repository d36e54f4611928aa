using Atoll.Linker.Model;
using Iced.Intel;

namespace Atoll.Linker.Trampolines;

/// <summary>A stub that C# calls for an instruction that no compiler emits. Touches the stack only to return.</summary>
/// <param name="name">Symbol.</param>
/// <param name="body">Everything before RET.</param>
public sealed class LeafStub(string name, Action<Assembler> body) : CodeFragment
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        code.Called();
        body(code.Asm);
        code.Asm.ret();
    }
}
