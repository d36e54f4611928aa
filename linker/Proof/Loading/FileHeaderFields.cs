using Atoll.Linker.Proof.Reading;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Proof.Loading;

/// <summary>Every field of the file header has the value that the ABI gives an executable without extensions.</summary>
/// <remarks>
/// Class, byte order, type, machine and the sizes of table entries are compared where the file is read. Source: System V
/// ABI, "ELF Header" and "ELF Identification".
/// </remarks>
internal static class FileHeaderFields
{
    private const int VersionAt = 6;

    /// <summary>Checks.</summary>
    /// <returns>Fields examined.</returns>
    public static int Check(ProofContext proof)
    {
        WrittenHeader header = proof.Image.Header;
        (string Field, ulong Value, ulong Proved)[] fields =
        [
            ("EI_VERSION", header.Identification.Span[VersionAt], EV_CURRENT),
            .. Enumerable.Range(VersionAt + 1, EI_NIDENT - VersionAt - 1).Select(index =>
                (NameOf(index), (ulong)header.Identification.Span[index], 0UL)),
            ("e_version", header.Version, EV_CURRENT),
            ("e_phoff", header.SegmentOffset, SizeOfEhdr),
            ("e_flags", header.Flags, 0),
            ("e_ehsize", header.HeaderBytes, SizeOfEhdr),
            ("e_shoff modulo 8", header.SectionOffset % sizeof(ulong), 0),
        ];
        foreach ((string field, ulong value, ulong proved) in fields.Where(field => field.Value != field.Proved))
        {
            proof.Report(ProofDiagnostics.Loader, $"{field} of the file header is 0x{value:x} in place of 0x{proved:x}.");
        }

        return fields.Length;
    }

    private static string NameOf(int index) => index switch
    {
        7 => "EI_OSABI",
        8 => "EI_ABIVERSION",
        _ => $"EI_PAD (byte {index})",
    };
}
