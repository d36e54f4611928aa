using Atoll.Abi;
using Atoll.Linker.Proof.Reading;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Proof.Loading;

/// <summary>Every field of every program header: there is one way to load the image.</summary>
/// <remarks>
/// A loader of pages and one of bytes, one that goes by physical and one that goes by virtual addresses put the same
/// bytes at the same places. Source: System V ABI, "Program Header".
/// </remarks>
internal static class SegmentFields
{
    private const int FieldsOfHeader = 8;

    /// <summary>Checks.</summary>
    /// <returns>Fields examined.</returns>
    public static int Check(ProofContext proof)
    {
        ulong end = 0;
        for (int index = 0; index < proof.Image.Segments.Count; index++)
        {
            WrittenSegment segment = proof.Image.Segments[index];
            string? wrong = segment.Type switch
            {
                PT_LOAD => WrongLoad(proof, segment, ref end),
                PT_NOTE => WrongNote(proof, segment),
                _ => $"p_type 0x{segment.Type:x}, which is neither PT_LOAD nor PT_NOTE",
            };
            if (wrong is not null)
            {
                proof.Report(ProofDiagnostics.Loader, $"Program header {index} (0x{segment.Address:x}) has {wrong}.");
            }
        }

        return proof.Image.Segments.Count * FieldsOfHeader;
    }

    private static string? WrongLoad(ProofContext proof, WrittenSegment load, ref ulong end)
    {
        const ulong Page = ImageLayout.PageSizeBytes;
        bool isBehind = load.Address >= end;
        end = unchecked(load.Address + load.MemoryBytes);
        LoadWindow? window = LoadWindow.Of(load, proof.Claims.IsProgram);
        bool isReadable = (load.Flags & PF_R) != 0 && (load.Flags & ~(PF_R | PF_W | PF_X)) == 0;
        return !isReadable ? $"p_flags 0x{load.Flags:x}"
            : load.AlignmentBytes != Page ? $"p_align 0x{load.AlignmentBytes:x} in place of a page"
            : load.FileOffset % Page != 0 ? $"p_offset 0x{load.FileOffset:x}, which begins no page"
            : load.Address % Page != 0 ? $"p_vaddr 0x{load.Address:x}, which begins no page"
            : load.MemoryBytes == 0 ? "a p_memsz of 0"
            : window is null ? $"p_vaddr 0x{load.Address:x} and p_memsz 0x{load.MemoryBytes:x}, which no window holds"
            : load.PhysicalAddress != window.PhysicalOf(load.Address)
                ? $"p_paddr 0x{load.PhysicalAddress:x} in place of 0x{window.PhysicalOf(load.Address):x}"
            : !isBehind ? "a p_vaddr before the end of the one before it"
            : null;
    }

    /// <summary>A note is found by its file offset, its virtual or its physical address: it is the same note.</summary>
    private static string? WrongNote(ProofContext proof, WrittenSegment note)
    {
        WrittenSegment? load = proof.Image.Loads.FirstOrDefault(load => load.Holds(note.Address, note.MemoryBytes));
        ulong offset = note.Address - (load?.Address ?? 0);
        return load is null ? "notes that no PT_LOAD holds"
            : note.FileOffset != load.FileOffset + offset ? $"p_offset 0x{note.FileOffset:x}, where its p_vaddr is not loaded from"
            : note.PhysicalAddress != load.PhysicalAddress + offset
                ? $"p_paddr 0x{note.PhysicalAddress:x}, where its p_vaddr is not loaded to"
            : note.FileBytes != note.MemoryBytes ? $"p_filesz 0x{note.FileBytes:x} and p_memsz 0x{note.MemoryBytes:x}"
            : note.AlignmentBytes != WrittenNote.AlignmentBytes ? $"p_align 0x{note.AlignmentBytes:x} in place of 4"
            : note.Flags != PF_R ? $"p_flags 0x{note.Flags:x} in place of PF_R"
            : null;
    }
}
