using Atoll.Linker.Model;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines;

/// <summary>Returns the address of the linker's <see cref="Abi.ImageInfo"/>.</summary>
public sealed class ImageInfoStub : CodeFragment
{
    /// <inheritdoc/>
    public override string Name => "x64_image_info";

    /// <inheritdoc/>
    public override IReadOnlyList<string> References => [SymbolNames.ImageInfo];

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        code.Called();
        code.LoadAddress(rax, context.AddressOf(SymbolNames.ImageInfo));
        code.Asm.ret();
    }
}
