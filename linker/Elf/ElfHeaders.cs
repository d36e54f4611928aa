using Atoll.Linker.Binary;

namespace Atoll.Linker.Elf;

/// <summary>Elf64_Ehdr without its identification bytes.</summary>
internal readonly record struct ElfHeader(
    ushort Type,
    ushort Machine,
    ulong Entry,
    ulong SegmentOffset,
    ulong SectionOffset,
    ushort SegmentEntryBytes,
    ushort SegmentCount,
    ushort SectionEntryBytes,
    ushort SectionCount,
    ushort NameSection)
{
    public static ElfHeader Read(ref ByteCursor cursor)
    {
        ushort type = cursor.U16();
        ushort machine = cursor.U16();
        cursor.U32();
        ulong entry = cursor.U64();
        ulong segments = cursor.U64();
        ulong sections = cursor.U64();
        cursor.U32();
        cursor.U16();
        return new ElfHeader(
            type, machine, entry, segments, sections,
            cursor.U16(), cursor.U16(), cursor.U16(), cursor.U16(), cursor.U16());
    }
}

/// <summary>Elf64_Shdr.</summary>
internal readonly record struct SectionHeader(
    uint Name,
    uint Type,
    ulong Flags,
    ulong Address,
    ulong Offset,
    ulong Size,
    uint Link,
    uint Info,
    ulong Alignment,
    ulong EntrySize)
{
    public bool HasBytes => Type is not ElfNative.SHT_NULL and not ElfNative.SHT_NOBITS;

    public static SectionHeader Read(ref ByteCursor cursor) => new(
        cursor.U32(), cursor.U32(), cursor.U64(), cursor.U64(), cursor.U64(),
        cursor.U64(), cursor.U32(), cursor.U32(), cursor.U64(), cursor.U64());

    public ElfSection ToSection(string name, ReadOnlyMemory<byte> content) => new()
    {
        Name = name,
        Type = Type,
        Flags = Flags,
        Address = Address,
        AlignmentBytes = ulong.Max(Alignment, 1),
        EntryBytes = EntrySize,
        SizeBytes = Type == ElfNative.SHT_NULL ? 0 : Size,
        Content = content,
        FileOffset = Offset,
    };
}
