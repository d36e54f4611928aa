using System.Text;
using Atoll.Linker.Model;

namespace Atoll.Linker.Trampolines;

/// <summary>The zero-terminated texts around the name of a missing CPU feature.</summary>
public sealed class BootMessages()
    : DataFragment(Symbol, FragmentPlace.BootReadOnly, s_bytes.Length, alignmentBytes: 16)
{
    /// <summary>Symbol of the first text.</summary>
    public const string Symbol = "boot_messages";

    /// <summary>Before the name in the line for people.</summary>
    private const string Lacks = "atoll: this CPU lacks ";

    /// <summary>After it, and up to the name in the line for programs (docs/serial.md).</summary>
    private const string Advice =
        ", or its firmware has turned it off, and the kernel is compiled for it; use a CPU with x86-64-v2 (QEMU: -cpu max)\n"
        + "@verdict result=fail reason=cpu-feature-";

    private const string End = "\n";

    private static readonly byte[] s_bytes = Encoding.ASCII.GetBytes(Lacks + '\0' + Advice + '\0' + End + '\0');

    /// <summary>Offset of the text before the name.</summary>
    public static int LacksOffset => 0;

    /// <summary>Offset of the text between the two places of the name.</summary>
    public static int AdviceOffset => Lacks.Length + 1;

    /// <summary>Offset of the end of the line.</summary>
    public static int EndOffset => AdviceOffset + Advice.Length + 1;

    /// <inheritdoc/>
    protected override void Fill(Span<byte> bytes, IFragmentContext context) => s_bytes.CopyTo(bytes);
}
