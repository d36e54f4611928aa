namespace Atoll.Linker.Elf;

/// <summary>One section.</summary>
public sealed class ElfSection
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>SHT_…</summary>
    public required uint Type { get; init; }

    /// <summary>SHF_…</summary>
    public ulong Flags { get; init; }

    /// <summary>Virtual address; 0 in objects and for what is not loaded.</summary>
    public ulong Address { get; init; }

    /// <summary>Alignment, a power of two; 0 reads as 1.</summary>
    public ulong AlignmentBytes { get; init; } = 1;

    /// <summary>Bytes of one entry in tables, else 0.</summary>
    public ulong EntryBytes { get; init; }

    /// <summary>Bytes in memory. More than <see cref="Content"/> only for SHT_NOBITS.</summary>
    public ulong SizeBytes { get; init; }

    /// <summary>Bytes in the file.</summary>
    public ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>Offset in the file; meaningful for sections that were read, or that the writer is told to
    /// place.</summary>
    public ulong FileOffset { get; init; }

    /// <summary>Relocations that apply to the content, in file order.</summary>
    public IReadOnlyList<ElfRelocation> Relocations { get; set; } = [];

    /// <summary>Whether the section is part of the running program.</summary>
    public bool IsLoaded => (Flags & ElfNative.SHF_ALLOC) != 0;

    /// <summary>Whether the program writes to it.</summary>
    public bool IsWritable => (Flags & ElfNative.SHF_WRITE) != 0;

    /// <summary>Whether it holds instructions.</summary>
    public bool IsExecutable => (Flags & ElfNative.SHF_EXECINSTR) != 0;

    /// <summary>Whether it is a template of thread-local storage.</summary>
    public bool IsThreadLocal => (Flags & ElfNative.SHF_TLS) != 0;

    /// <summary>Whether it is zero and has no bytes in the file.</summary>
    public bool IsZero => Type == ElfNative.SHT_NOBITS;
}

/// <summary>A place in a section that depends on a symbol.</summary>
/// <param name="Offset">Offset in the section.</param>
/// <param name="Type">R_X86_64_…</param>
/// <param name="SymbolIndex">Index in the symbol table.</param>
/// <param name="Addend">Constant to add.</param>
public readonly record struct ElfRelocation(ulong Offset, uint Type, int SymbolIndex, long Addend);
