using Atoll.Abi;
using Atoll.Linker.Model;

namespace Atoll.Linker.Trampolines;

/// <summary>A fragment of machine code, in text unless it says otherwise.</summary>
public abstract class CodeFragment : Fragment
{
    private readonly Lazy<AssembledCode> _sample;

    /// <summary>Prepares the sample that size and call frames are read from.</summary>
    protected CodeFragment() => _sample = new Lazy<AssembledCode>(() => AssembleFor(new SampleContext(Place)));

    /// <inheritdoc/>
    public override FragmentPlace Place => FragmentPlace.Text;

    /// <inheritdoc/>
    public override bool IsCode => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> References => [];

    /// <summary>Mode that the processor is in when it runs this code: 32 or 64.</summary>
    public virtual int Bitness => 64;

    /// <inheritdoc/>
    public override int SizeBytes => _sample.Value.Bytes.Length;

    /// <inheritdoc/>
    public override IReadOnlyList<CallFrameRow> CallFrames => _sample.Value.Rows;

    /// <inheritdoc/>
    public sealed override byte[] Emit(IFragmentContext context)
    {
        byte[] bytes = AssembleFor(context).Bytes;
        if (bytes.Length != SizeBytes)
        {
            throw new InvalidOperationException(
                $"{Name} has {bytes.Length} bytes at 0x{context.Address:x}, but {SizeBytes} in the layout.");
        }

        return bytes;
    }

    /// <summary>Writes the code. Its length must not depend on any address.</summary>
    protected abstract void Assemble(CodeBuilder code, IFragmentContext context);

    private AssembledCode AssembleFor(IFragmentContext context)
    {
        CodeBuilder code = new(Bitness);
        Assemble(code, context);
        return code.Assemble(context.Address);
    }

    /// <summary>Stands in for a layout while only the size matters: every symbol is near.</summary>
    private sealed class SampleContext(FragmentPlace place) : IFragmentContext
    {
        public ulong Address =>
            place == FragmentPlace.BootCode ? ImageLayout.BootSegmentBase : ImageLayout.ImageBase;

        public ulong AddressOf(string symbol) => Address + (16 * ImageLayout.PageSizeBytes);
    }
}
