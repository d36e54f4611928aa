using Atoll.Linker.Elf;
using LibObjectFile.Diagnostics;
using Second = LibObjectFile.Elf;

namespace Atoll.Linker.Tests.Elf;

/// <summary>A file as LibObjectFile reads it, in the words of our own reader. For files of our own making only: damaged ones
/// make it throw or take gigabytes.</summary>
internal static class SecondReader
{
    /// <summary>Reads; fails the test when the library objects to anything.</summary>
    public static Second.ElfFile Read(byte[] bytes)
    {
        using MemoryStream stream = new(bytes);
        bool isRead = Second.ElfFile.TryRead(stream, out Second.ElfFile? file, out DiagnosticBag? found);
        Assert.True(isRead && found is not { HasErrors: true }, string.Join('\n', found?.Messages ?? []));
        return file!;
    }

    /// <summary>Writes again what was read.</summary>
    public static byte[] Write(Second.ElfFile file)
    {
        using MemoryStream stream = new();
        file.Write(stream);
        return stream.ToArray();
    }

    /// <summary>Every section but its content and relocations.</summary>
    public static IEnumerable<object> Sections(Second.ElfFile file) => file.Sections.Select(section => (object)(
        section.Name.Value, (uint)section.Type, (ulong)section.Flags, section.VirtualAddress,
        ulong.Max(section.VirtualAddressAlignment, 1), section.Position, section.Size));

    /// <inheritdoc cref="Sections(Second.ElfFile)"/>
    public static IEnumerable<object> Sections(ElfFile file) => file.Sections.Select(section => (object)(
        section.Name, section.Type, section.Flags, section.Address,
        section.AlignmentBytes, section.FileOffset, section.SizeBytes));

    /// <summary>Every symbol.</summary>
    public static IEnumerable<object> Symbols(Second.ElfFile file) =>
        file.Sections.OfType<Second.ElfSymbolTable>().SelectMany(table => table.Entries).Select(symbol => (object)(
            symbol.Name.Value ?? "", symbol.Value, symbol.Size, (byte)symbol.Bind, (byte)symbol.Type,
            symbol.SectionLink.GetIndex(), (byte)symbol.Visibility));

    /// <inheritdoc cref="Symbols(Second.ElfFile)"/>
    public static IEnumerable<object> Symbols(ElfFile file) => file.Symbols.Select(symbol => (object)(
        symbol.Name, symbol.Value, symbol.SizeBytes, symbol.Binding, symbol.Type,
        (int)symbol.SectionIndex, symbol.Visibility));

    /// <summary>Every relocation, table by table.</summary>
    public static IEnumerable<object> Relocations(Second.ElfFile file) =>
        file.Sections.OfType<Second.ElfRelocationTable>().OrderBy(table => table.Info.GetIndex()).SelectMany(table =>
            table.Entries.Select(entry => (object)(
                table.Info.GetIndex(), entry.Offset, entry.Type.Value, (int)entry.SymbolIndex, entry.Addend)));

    /// <inheritdoc cref="Relocations(Second.ElfFile)"/>
    public static IEnumerable<object> Relocations(ElfFile file) => file.Sections.SelectMany((section, index) =>
        section.Relocations.Select(entry => (object)(index, entry.Offset, entry.Type, entry.SymbolIndex, entry.Addend)));

    /// <summary>Every program header.</summary>
    public static IEnumerable<object> Segments(Second.ElfFile file) => file.Segments.Select(segment => (object)(
        segment.Type.Value, segment.Flags.Value, segment.Position, segment.VirtualAddress, segment.PhysicalAddress,
        segment.Size, segment.SizeInMemory, segment.VirtualAddressAlignment));

    /// <inheritdoc cref="Segments(Second.ElfFile)"/>
    public static IEnumerable<object> Segments(ElfFile file) => file.Segments.Select(segment => (object)(
        segment.Type, segment.Flags, segment.FileOffset, segment.VirtualAddress, segment.PhysicalAddress,
        segment.FileBytes, segment.MemoryBytes, segment.AlignmentBytes));

    /// <summary>Both readers find the same in a file.</summary>
    public static void AssertAgrees(byte[] bytes)
    {
        ElfFile ours = ElfReader.Read(bytes, "ours", new()) ?? throw new InvalidOperationException("our reader refuses the file");
        Second.ElfFile second = Read(bytes);
        Assert.Equal(Sections(ours), Sections(second));
        Assert.Equal(Symbols(ours), Symbols(second));
        Assert.Equal(Segments(ours), Segments(second));
        Assert.Equal(ours.EntryAddress, second.EntryPointAddress);
        if (ours.Type == ElfNative.ET_REL)
        {
            Assert.Equal(Relocations(ours), Relocations(second));
        }
    }
}
