using Atoll.Linker.Elf;

namespace Atoll.Linker.Inspect;

/// <summary>What can be said of a finished image without running it.</summary>
/// <param name="Segments">Program headers that load something, in file order.</param>
/// <param name="Notes">Notes.</param>
/// <param name="BuildId">The build id in hexadecimal, or null when the image has none.</param>
/// <param name="Inputs">Tools and packages that the image says it was made with.</param>
/// <param name="BiggestSymbols">Functions and objects by size, largest first.</param>
/// <param name="Sizes">Bytes of text, read-only data and data.</param>
/// <param name="Rooms">The same bytes by the room they come from, largest first.</param>
/// <param name="Trampolines">Code that the linker made, disassembled.</param>
/// <param name="Interlocked">Instructions that lock the bus or a cache line; none is expected.</param>
public sealed record ImageReport(
    IReadOnlyList<ElfSegment> Segments,
    IReadOnlyList<ImageNote> Notes,
    string? BuildId,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<SymbolExtent> BiggestSymbols,
    SectionSizes Sizes,
    IReadOnlyList<RoomSize> Rooms,
    IReadOnlyList<TrampolineCode> Trampolines,
    InterlockedCount Interlocked);

/// <summary>One note.</summary>
/// <param name="Owner">Who defines the type.</param>
/// <param name="Type">Type in the owner's numbering.</param>
/// <param name="Content">Bytes.</param>
public sealed record ImageNote(string Owner, uint Type, byte[] Content);

/// <summary>A symbol with its size.</summary>
public sealed record SymbolExtent(string Name, ulong Address, ulong SizeBytes);

/// <summary>Bytes of the sections that every instance needs.</summary>
public sealed record SectionSizes(ulong Text, ulong ReadOnly, ulong Data)
{
    /// <summary>All three.</summary>
    public ulong Total => Text + ReadOnly + Data;
}

/// <summary>How often text locks.</summary>
/// <param name="LockPrefixes">Instructions with a LOCK prefix.</param>
/// <param name="MemoryExchanges">XCHG with memory, which locks without a prefix (Intel SDM Vol. 2, "XCHG").</param>
/// <param name="Instructions">Instructions that were decoded.</param>
public sealed record InterlockedCount(int LockPrefixes, int MemoryExchanges, int Instructions);
