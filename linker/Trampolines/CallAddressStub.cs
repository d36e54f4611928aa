using Atoll.Linker.Model;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines;

/// <summary>Calls whatever is at an address (fault injection: to execute what must not be executed).</summary>
/// <remarks>The one jump in the image whose target nobody knows. Argument: RDI.</remarks>
public sealed class CallAddressStub : CodeFragment
{
    /// <inheritdoc/>
    public override string Name => "x64_call_address";

    /// <inheritdoc/>
    public override CodeClaims Claims(IFragmentContext context) => new() { JumpsAnywhere = true };

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        code.Called();
        code.Asm.jmp(rdi);
    }
}
