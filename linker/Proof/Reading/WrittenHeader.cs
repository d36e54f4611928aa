namespace Atoll.Linker.Proof.Reading;

/// <summary>The file header as it is in the file (Elf64_Ehdr), short of what makes the file readable at all.</summary>
/// <param name="Identification">e_ident, 16 bytes.</param>
/// <param name="Version">e_version.</param>
/// <param name="Entry">e_entry: where a loader that knows no note starts.</param>
/// <param name="SegmentOffset">e_phoff.</param>
/// <param name="SegmentCount">e_phnum.</param>
/// <param name="SectionOffset">e_shoff.</param>
/// <param name="SectionCount">e_shnum.</param>
/// <param name="Flags">e_flags.</param>
/// <param name="HeaderBytes">e_ehsize.</param>
public sealed record WrittenHeader(
    ReadOnlyMemory<byte> Identification,
    uint Version,
    ulong Entry,
    ulong SegmentOffset,
    ushort SegmentCount,
    ulong SectionOffset,
    ushort SectionCount,
    uint Flags,
    ushort HeaderBytes)
{
    /// <summary>Stretches of the file that hold this header and the header tables.</summary>
    public IReadOnlyList<FileRange> Ranges =>
    [
        new(0, Elf.ElfNative.SizeOfEhdr),
        new(SegmentOffset, (ulong)SegmentCount * Elf.ElfNative.SizeOfPhdr),
        new(SectionOffset, (ulong)SectionCount * Elf.ElfNative.SizeOfShdr),
    ];
}
