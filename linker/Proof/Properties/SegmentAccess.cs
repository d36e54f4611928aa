using Atoll.Linker.Proof.Reading;

namespace Atoll.Linker.Proof.Properties;

/// <summary>No page is writable and executable, and none belongs to two segments.</summary>
/// <remarks>Sections say the same as the segments that hold them, so that no tool is told otherwise.</remarks>
public static class SegmentAccess
{
    /// <summary>Checks.</summary>
    /// <returns>Segments and sections examined.</returns>
    public static int Check(ProofContext proof)
    {
        WrittenSegment[] loads = [.. proof.Image.Loads.OrderBy(load => load.Address)];
        foreach (WrittenSegment load in loads)
        {
            if (load.IsWritable && load.IsExecutable)
            {
                Report(proof, $"The segment at 0x{load.Address:x} is writable and executable.");
            }

            if (load.IsExecutable && load.MemoryBytes != load.FileBytes)
            {
                Report(proof, $"The segment at 0x{load.Address:x} is executable and has bytes that the file does not hold.");
            }

            if (proof.Claims.IsProgram && !IsProgramMemory(load))
            {
                Report(proof, $"The segment at 0x{load.Address:x} lies where no program may.");
            }
        }

        CheckPages(proof, loads, load => load.Address, "virtual");
        CheckPages(proof, [.. loads.OrderBy(load => load.PhysicalAddress)], load => load.PhysicalAddress, "physical");
        int sections = 0;
        foreach (WrittenSection section in proof.Image.Sections.Where(section => section.IsLoaded && section.SizeBytes > 0))
        {
            sections++;
            CheckSection(proof, loads, section);
        }

        return loads.Length + sections;
    }

    /// <summary>Page 0 stays free, so that a null pointer faults, and the upper half is the kernel's.</summary>
    private static bool IsProgramMemory(WrittenSegment load) =>
        load.Address >= Abi.ImageLayout.PageSizeBytes
        && load.Address < Abi.ProgramManifest.AddressLimit
        && load.MemoryBytes <= Abi.ProgramManifest.AddressLimit - load.Address;

    private static void CheckPages(
        ProofContext proof, WrittenSegment[] loads, Func<WrittenSegment, ulong> addressOf, string kind)
    {
        const ulong PageMask = ~(Abi.ImageLayout.PageSizeBytes - 1);
        for (int index = 1; index < loads.Length; index++)
        {
            ulong lastPage = (addressOf(loads[index - 1]) + ulong.Max(loads[index - 1].MemoryBytes, 1) - 1) & PageMask;
            ulong firstPage = addressOf(loads[index]) & PageMask;
            if (lastPage >= firstPage)
            {
                Report(proof, $"Two segments share the {kind} page 0x{firstPage:x}.");
            }
        }
    }

    private static void CheckSection(ProofContext proof, WrittenSegment[] loads, WrittenSection section)
    {
        WrittenSegment? holder = Array.Find(loads, load =>
            load.Holds(section.Address) && section.SizeBytes <= load.MemoryBytes - (section.Address - load.Address));
        bool isWritable = (section.Flags & Elf.ElfNative.SHF_WRITE) != 0;
        bool isExecutable = (section.Flags & Elf.ElfNative.SHF_EXECINSTR) != 0;
        if (holder is null || holder.IsWritable != isWritable || holder.IsExecutable != isExecutable)
        {
            Report(proof, $"Section '{section.Name}' has not the access of the segment that holds it.");
        }
    }

    private static void Report(ProofContext proof, string what) => proof.Report(ProofDiagnostics.SegmentAccess, what);
}
