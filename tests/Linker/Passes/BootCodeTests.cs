using System.Buffers.Binary;
using Atoll.Abi;
using Atoll.Linker.Tests.Proof;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Tests.Passes;

/// <summary>What only the way to the first instance needs lies in the boot segment, and nothing else does (docs/image.md, "Boot code").</summary>
public sealed class BootCodeTests
{
    private const ulong BootBase = 0x10_0000;
    private const ulong TextBase = 0xFFFF_FFFF_8020_0000;

    // lea rax, [rip + constant]; call; ret
    private static readonly byte[] s_leaAndCall = [0x48, 0x8D, 0x05, 0, 0, 0, 0, 0xE8, 0, 0, 0, 0, 0xC3];

    [Fact]
    public void WhatOnlyBootReaches_LiesInTheBootSegment_AndWhatAnInstanceReachesToo_DoesNot()
    {
        LinkedImage image = LinkedImage.Of(Sample());

        Assert.All((string[])["first", "second", "message"], symbol => Assert.True(IsOfBoot(image, symbol), symbol));
        Assert.All(
            (string[])["atoll_boot_main", "atoll_instance_main", "atoll_trap", "shared", "deep", "text", "counter"],
            symbol => Assert.False(IsOfBoot(image, symbol), symbol));
        Assert.False(image.Has("dropped"));
    }

    /// <summary>Boot code is executable and not writable, its constants are neither.</summary>
    [Fact]
    public void AccessIsThatOfItsKind()
    {
        LinkedImage image = LinkedImage.Of(Sample());
        Assert.Equal(PF_R | PF_X, AccessOf(image, "first"));
        Assert.Equal(PF_R, AccessOf(image, "message"));
    }

    /// <summary>A displacement of 32 bits reaches from the boot segment into the upper half and back, because both are next to 2 GiB apart.</summary>
    [Fact]
    public void ReferencesAcross_LeadWhereTheyShould()
    {
        LinkedImage image = LinkedImage.Of(Sample());
        ulong main = image.AddressOf("atoll_boot_main");
        Assert.Equal(image.AddressOf("first"), Target(image, main + 1));

        ulong first = image.AddressOf("first");
        Assert.Equal(image.AddressOf("message"), Target(image, first + 3));
        Assert.Equal(image.AddressOf("second"), Target(image, first + 8));
        Assert.Equal(image.AddressOf("shared"), Target(image, image.AddressOf("second") + 1));
    }

    /// <summary>Loaders that read no note start at the first address of the boot segment.</summary>
    [Fact]
    public void EntryStaysWhereItWas() => Assert.Equal(BootBase, LinkedImage.Of(Sample()).AddressOf("pvh_entry"));

    [Fact]
    public void SharedByDataOfAnInstance_IsNotBootOnly()
    {
        // The instance's code has the address of a datum, and that has the address of the function.
        LinkedImage image = LinkedImage.Of(new ObjectBuilder()
            .Code("atoll_boot_main", LinkedImage.CallBytes, Fixup.Call("called"))
            .Code("atoll_instance_main", [0x48, 0x8D, 0x05, 0, 0, 0, 0, 0xC3], new Fixup(3, R_X86_64_PC32, "table", -4))
            .Code("atoll_trap", [0xC3]).Code("called", [0xC3])
            .Constant("table", new byte[8], new Fixup(0, R_X86_64_64, "called", 0)));

        Assert.False(IsOfBoot(image, "called"));
        Assert.False(IsOfBoot(image, "table"));
    }

    [Fact]
    public void UnwindTableKnowsBootCode_BehindText()
    {
        LinkedImage image = LinkedImage.Of(Sample().WithFrames(("first", 13, null)));
        ulong info = image.AddressOf("image_info");
        ulong text = Word(image, info + 24) - Word(image, info + 16);
        uint bootBytes = BinaryPrimitives.ReadUInt32LittleEndian(image.At(info + 124, 4));
        int count = (int)BinaryPrimitives.ReadUInt32LittleEndian(image.At(info + 12, 4));
        uint[] offsets = [.. Enumerable.Range(0, count).Select(index =>
            new RowOf(image.At(image.AddressOf("unwind_table") + (4UL * (ulong)index), 4)).Offset)];

        Assert.Equal(offsets.Order(), offsets);
        Assert.Contains((uint)(text + image.AddressOf("first") - BootBase), offsets);
        Assert.Equal(image.AddressOf("__boot_code_end") - BootBase, bootBytes);
    }

    /// <summary>A unit's range over the whole section becomes two, and what refers to the next list finds it behind (DWARF 4, 2.17.3).</summary>
    [Fact]
    public void RangesOfDebugInformation_AreOfBothSegments()
    {
        LinkedImage image = LinkedImage.Of(Sample()
            .AddSection(
                ".debug_ranges", SHT_PROGBITS, 0, new byte[64],
                new Fixup(0, R_X86_64_64, "@" + ObjectBuilder.CodeSection), new Fixup(8, R_X86_64_64, "@" + ObjectBuilder.CodeSection, 0x80),
                new Fixup(32, R_X86_64_64, "first"), new Fixup(40, R_X86_64_64, "first", 13))
            .AddSection(
                ".debug_info", SHT_PROGBITS, 0, new byte[8],
                new Fixup(0, R_X86_64_32, "@.debug_ranges"), new Fixup(4, R_X86_64_32, "@.debug_ranges", 32)));

        ReadOnlySpan<byte> info = image.Section(".debug_info").Content.Span;
        (uint whole, uint next) = (BinaryPrimitives.ReadUInt32LittleEndian(info), BinaryPrimitives.ReadUInt32LittleEndian(info[4..]));
        Assert.Equal((0u, 48u), (whole, next));

        (ulong, ulong)[] entries = [.. Enumerable.Range(0, 5).Select(entry => PairAt(image.Section(".debug_ranges").Content.Span, entry * 16))];
        ulong first = image.AddressOf("first");
        Assert.Equal(
            [
                (image.AddressOf("atoll_boot_main"), image.AddressOf("deep") + 1), (first, image.AddressOf("second") + 13), (0UL, 0UL),
                (first, first + 13), (0UL, 0UL),
            ],
            entries);
    }

    private static (ulong From, ulong To) PairAt(ReadOnlySpan<byte> list, int offset) =>
        (BinaryPrimitives.ReadUInt64LittleEndian(list[offset..]), BinaryPrimitives.ReadUInt64LittleEndian(list[(offset + 8)..]));

    private static bool IsOfBoot(LinkedImage image, string symbol) => image.AddressOf(symbol) < TextBase;

    private static uint AccessOf(LinkedImage image, string symbol) => image.Loads.Single(load =>
        image.AddressOf(symbol) - load.VirtualAddress < load.MemoryBytes).Flags;

    private static ulong Target(LinkedImage image, ulong field) =>
        field + 4 + (ulong)BinaryPrimitives.ReadInt32LittleEndian(image.At(field, 4));

    private static ulong Word(LinkedImage image, ulong address) => BinaryPrimitives.ReadUInt64LittleEndian(image.At(address, 8));

    // boot main -> first -> message, second -> shared -> deep, text. An instance -> shared, counter. Boot -> counter, too.
    private static ObjectBuilder Sample() => new ObjectBuilder()
        .Code("atoll_boot_main", LinkedImage.CallBytes, Fixup.Call("first"))
        .Code("atoll_instance_main", s_leaAndCall, new Fixup(3, R_X86_64_PC32, "counter", -4), new Fixup(8, R_X86_64_PLT32, "shared", -4))
        .Code("atoll_trap", [0xC3])
        .Code("dropped", [0xC3])
        .Code("first", s_leaAndCall, new Fixup(3, R_X86_64_PC32, "message", -4), new Fixup(8, R_X86_64_PLT32, "second", -4))
        .Code("second", [.. LinkedImage.CallBytes, 0x48, 0x8D, 0x05, 0, 0, 0, 0, 0xC3], Fixup.Call("shared"), new Fixup((uint)LinkedImage.CallBytes.Length + 3, R_X86_64_PC32, "counter", -4))
        .Code("shared", s_leaAndCall, new Fixup(3, R_X86_64_PC32, "text", -4), new Fixup(8, R_X86_64_PLT32, "deep", -4))
        .Code("deep", [0xC3])
        .Constant("message", new byte[24]).Constant("text", new byte[24]).Data("counter", new byte[8]);

    private readonly ref struct RowOf(ReadOnlySpan<byte> bytes)
    {
        public readonly uint Offset = BinaryPrimitives.ReadUInt32LittleEndian(bytes) & UnwindRow.CodeOffsetMax;
    }
}
