using Atoll.Linker.Proof.Reading;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Proof.Loading;

/// <summary>Sections say of the file what program headers say, and name no work that a loader would have to do.</summary>
/// <remarks>
/// Functions, notes and call frames are found by sections; loaders go by program headers. Source: System V ABI,
/// "Sections".
/// </remarks>
internal static class SectionFields
{
    private const int FieldsOfHeader = 10;

    /// <summary>Checks.</summary>
    /// <returns>Fields examined.</returns>
    public static int Check(ProofContext proof)
    {
        for (int index = 0; index < proof.Image.Sections.Count; index++)
        {
            WrittenSection section = proof.Image.Sections[index];
            string? wrong = index == 0 ? WrongNull(section)
                : section.IsLoaded ? WrongLoaded(proof, section)
                : WrongUnloaded(section);
            if (wrong is not null)
            {
                proof.Report(ProofDiagnostics.Loader, $"Section {index} ('{section.Name}') has {wrong}.", section.Name);
            }
        }

        foreach (WrittenSegment load in proof.Image.Loads)
        {
            CheckExtent(proof, load);
        }

        return proof.Image.Sections.Count * FieldsOfHeader;
    }

    /// <summary>The first one would hold counts that do not fit the file header.</summary>
    private static string? WrongNull(WrittenSection section) =>
        section is { Type: SHT_NULL, Flags: 0, Address: 0, FileOffset: 0, SizeBytes: 0, Link: 0 } ? null : "something in it";

    private static string? WrongUnloaded(WrittenSection section)
    {
        bool isKnown = section.Type is SHT_PROGBITS or SHT_NOTE or SHT_SYMTAB or SHT_STRTAB;
        return !isKnown ? $"sh_type 0x{section.Type:x}, which asks a loader for something"
            : section.Address != 0 ? $"sh_addr 0x{section.Address:x}, and is not loaded"
            : (section.Flags & ~(SHF_MERGE | SHF_STRINGS)) != 0 ? $"sh_flags 0x{section.Flags:x}"
            : null;
    }

    private static string? WrongLoaded(ProofContext proof, WrittenSection section)
    {
        bool isKnown = section.Type is SHT_PROGBITS or SHT_NOTE or SHT_NOBITS;
        WrittenSegment? load = proof.Image.Loads.FirstOrDefault(load => load.Holds(section.Address, section.SizeBytes));
        if (!isKnown || load is null)
        {
            return isKnown ? "a place that no segment loads" : $"sh_type 0x{section.Type:x}, which asks a loader for something";
        }

        ulong offset = section.Address - load.Address;
        bool isInFile = section.SizeBytes <= load.FileBytes && offset <= load.FileBytes - section.SizeBytes;
        bool isAligned = section.AlignmentBytes <= 1 || section.Address % section.AlignmentBytes == 0;
        return section.FileOffset != load.FileOffset + offset
                ? $"sh_offset 0x{section.FileOffset:x}, where its sh_addr is not loaded from"
            : section.HasBytes && !isInFile ? "bytes that its segment does not load"
            : !section.HasBytes && offset < load.FileBytes ? "no bytes, where its segment loads some"
            : !isAligned ? $"sh_addr 0x{section.Address:x} and sh_addralign 0x{section.AlignmentBytes:x}"
            : (section.Flags & ~(SHF_ALLOC | SHF_WRITE | SHF_EXECINSTR)) != 0 ? $"sh_flags 0x{section.Flags:x}"
            : null;
    }

    /// <summary>No segment loads more than its sections name.</summary>
    private static void CheckExtent(ProofContext proof, WrittenSegment load)
    {
        ulong fileEnd = load.Address;
        ulong end = load.Address;
        foreach (WrittenSection section in proof.Image.Sections)
        {
            if (section.IsLoaded && load.Holds(section.Address, section.SizeBytes))
            {
                end = ulong.Max(end, section.Address + section.SizeBytes);
                fileEnd = section.HasBytes ? ulong.Max(fileEnd, section.Address + section.SizeBytes) : fileEnd;
            }
        }

        if (end - load.Address != load.MemoryBytes || fileEnd - load.Address != load.FileBytes)
        {
            proof.Report(
                ProofDiagnostics.Loader,
                $"The segment at 0x{load.Address:x} loads 0x{load.FileBytes:x} bytes and takes 0x{load.MemoryBytes:x}, "
                + $"where its sections have 0x{fileEnd - load.Address:x} and 0x{end - load.Address:x}.");
        }
    }
}
