namespace Atoll.Linker.Elf;

/// <summary>One program header.</summary>
/// <param name="Type">PT_…</param>
/// <param name="Flags">PF_…</param>
/// <param name="FileOffset">Offset of its first byte in the file.</param>
/// <param name="VirtualAddress">Virtual address (VMA).</param>
/// <param name="PhysicalAddress">Physical address that it is loaded at (LMA).</param>
/// <param name="FileBytes">Bytes in the file.</param>
/// <param name="MemoryBytes">Bytes in memory; what the file does not hold is zero.</param>
/// <param name="AlignmentBytes">Address and offset agree modulo this.</param>
public sealed record ElfSegment(
    uint Type,
    uint Flags,
    ulong FileOffset,
    ulong VirtualAddress,
    ulong PhysicalAddress,
    ulong FileBytes,
    ulong MemoryBytes,
    ulong AlignmentBytes);
