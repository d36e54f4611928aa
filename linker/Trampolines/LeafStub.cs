using Atoll.Linker.Model;
using Iced.Intel;

namespace Atoll.Linker.Trampolines;

/// <summary>A stub that C# calls for an instruction that no compiler emits. Touches the stack only to return.</summary>
/// <param name="name">Symbol.</param>
/// <param name="body">Everything before RET.</param>
/// <param name="privileged">Kinds of privileged instructions in it.</param>
public sealed class LeafStub(string name, Action<Assembler> body, params string[] privileged) : CodeFragment
{
    private readonly Lazy<byte[]?> _inline = new(() => InlineBody.Of(Encode(body)));
    private readonly Lazy<byte[]> _trap = new(() => Encode(body)[..^1]);

    /// <inheritdoc/>
    public override string Name => name;

    /// <summary>Kinds of privileged instructions in it, as the proof names them.</summary>
    public IReadOnlyList<string> Privileged => privileged;

    /// <summary>Whether it is one instruction that faults and never goes on. Where it is called it tells who called: nobody has to look at the stack.</summary>
    public bool IsTrap { get; init; }

    /// <summary>What may stand in the place of a call of it; null when nothing may.</summary>
    public byte[]? Inline => IsTrap ? _trap.Value : _inline.Value;

    /// <inheritdoc/>
    public override CodeClaims Claims(IFragmentContext context) => new() { Privileged = privileged };

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        code.Called();
        body(code.Asm);
        code.Asm.ret();
    }

    private static byte[] Encode(Action<Assembler> body)
    {
        CodeBuilder code = new(bitness: 64);
        body(code.Asm);
        code.Asm.ret();
        return code.Assemble(address: 0).Bytes;
    }
}
