using System.Buffers.Binary;
using System.Text;
using Atoll.Linker.Model;
using Iced.Intel;

namespace Atoll.Linker.Trampolines;

/// <summary>One feature that the CPU must have.</summary>
/// <param name="Name">As printed; a value of a serial record, so without spaces.</param>
/// <param name="Leaf">CPUID leaf.</param>
/// <param name="Output">Register that CPUID answers in: EAX, EBX, ECX or EDX.</param>
/// <param name="Bit">Bit in it.</param>
public readonly record struct CpuFeature(string Name, uint Leaf, Register Output, int Bit);

/// <summary>The features that compiled code (x86-64-v2) and the kernel take for granted.</summary>
/// <remarks>
/// One row of 16 bytes each, then the names.
/// Row: leaf, index of the output among EAX, EBX, ECX, EDX, mask, address of the zero-terminated name.
/// Sources: System V ABI AMD64, "Micro-Architecture Levels"; Intel SDM Vol. 2A, "CPUID".
/// </remarks>
public sealed class CpuFeatureTable()
    : DataFragment(Symbol, FragmentPlace.BootReadOnly, RowsBytes + s_names.Length, alignmentBytes: 16)
{
    /// <summary>Symbol of the table.</summary>
    public const string Symbol = "cpu_feature_table";

    /// <summary>Bytes of one row.</summary>
    public const int RowBytes = 16;

    /// <summary>Offset of the leaf in a row.</summary>
    public const int LeafOffset = 0;

    /// <summary>Offset of the output's index in a row.</summary>
    public const int OutputOffset = 4;

    /// <summary>Offset of the mask in a row.</summary>
    public const int MaskOffset = 8;

    /// <summary>Offset of the name's address in a row.</summary>
    public const int NameOffset = 12;

    private const uint Basic = 1;
    private const uint Extended = 0x8000_0001;

    private static readonly byte[] s_names =
        [.. Features.SelectMany(feature => Encoding.ASCII.GetBytes(feature.Name + '\0'))];

    /// <summary>In the order of checking: the first that is missing is reported.</summary>
    public static IReadOnlyList<CpuFeature> Features =>
    [
        new("long-mode", Extended, Register.EDX, 29),
        new("nx", Extended, Register.EDX, 20),
        new("lahf-lm", Extended, Register.ECX, 0),
        new("fpu", Basic, Register.EDX, 0),
        new("tsc", Basic, Register.EDX, 4),
        new("msr", Basic, Register.EDX, 5),
        new("pae", Basic, Register.EDX, 6),
        new("cx8", Basic, Register.EDX, 8),
        new("apic", Basic, Register.EDX, 9),
        new("pge", Basic, Register.EDX, 13),
        new("cmov", Basic, Register.EDX, 15),
        new("fxsr", Basic, Register.EDX, 24),
        new("sse", Basic, Register.EDX, 25),
        new("sse2", Basic, Register.EDX, 26),
        new("sse3", Basic, Register.ECX, 0),
        new("ssse3", Basic, Register.ECX, 9),
        new("cmpxchg16b", Basic, Register.ECX, 13),
        new("sse4.1", Basic, Register.ECX, 19),
        new("sse4.2", Basic, Register.ECX, 20),
        new("popcnt", Basic, Register.ECX, 23),
    ];

    /// <summary>Bytes of all rows.</summary>
    public static int RowsBytes => Features.Count * RowBytes;

    /// <inheritdoc/>
    protected override void Fill(Span<byte> bytes, IFragmentContext context)
    {
        uint name = checked((uint)context.Address + (uint)RowsBytes);
        for (int index = 0; index < Features.Count; index++)
        {
            CpuFeature feature = Features[index];
            Span<byte> row = bytes.Slice(index * RowBytes, RowBytes);
            BinaryPrimitives.WriteUInt32LittleEndian(row[LeafOffset..], feature.Leaf);
            BinaryPrimitives.WriteUInt32LittleEndian(row[OutputOffset..], OutputIndex(feature.Output));
            BinaryPrimitives.WriteUInt32LittleEndian(row[MaskOffset..], 1u << feature.Bit);
            BinaryPrimitives.WriteUInt32LittleEndian(row[NameOffset..], name);
            name += (uint)feature.Name.Length + 1;
        }

        s_names.CopyTo(bytes[RowsBytes..]);
    }

    private static uint OutputIndex(Register output) => output switch
    {
        Register.EAX => 0,
        Register.EBX => 1,
        Register.ECX => 2,
        Register.EDX => 3,
        _ => throw new ArgumentOutOfRangeException(nameof(output), output, "CPUID does not answer there."),
    };
}
