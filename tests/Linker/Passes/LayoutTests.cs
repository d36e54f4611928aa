using Atoll.Linker.Diagnostics;
using Atoll.Linker.Elf;
using Atoll.Linker.Model;
using FsCheck;
using FsCheck.Fluent;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Tests.Passes;

/// <summary>The layout that docs/image.md promises, for images of any content. Numbers are those of the page.</summary>
public sealed class LayoutTests
{
    private const ulong PageSizeBytes = 4096;
    private const ulong TextBase = 0xFFFF_FFFF_8020_0000;
    private const ulong TextLoad = 0x20_0000;

    /// <summary>Sizes of data, constants and zeros; each datum is referred to by the one before it.</summary>
    private static readonly Arbitrary<int[]> s_sizes =
        Gen.Choose(1, 3000).ArrayOf().Where(sizes => sizes.Length < 24).ToArbitrary();

    [Fact]
    public void EveryImageKeepsThePromises() =>
        Prop.ForAll(s_sizes, sizes => CheckPromises(LinkedImage.Of(ImageWith(sizes)))).QuickCheckThrowOnFailure();

    [Fact]
    public void PristineDataFollowsReadOnlyDataInMemoryAsInAddresses()
    {
        LinkedImage image = LinkedImage.Of(ImageWith([100, 5000, 7, 64]));

        foreach (ElfSegment high in image.Loads.Where(load => load.VirtualAddress >= TextBase))
        {
            Assert.Equal(high.VirtualAddress - TextBase, high.PhysicalAddress - TextLoad);
        }
    }

    [Fact]
    public void BootCopyOfDataIsDataWithItsZeros()
    {
        LinkedImage image = LinkedImage.Of(ImageWith([5000, 5000, 5000, 3000]));
        ulong start = image.AddressOf("__data_start");
        ulong fileBytes = image.AddressOf("__data_file_end") - start;
        ulong bytes = image.AddressOf("__data_end") - start;

        ReadOnlySpan<byte> copy = image.At(image.AddressOf("boot_data_copy"), (int)bytes);
        Assert.True(copy[..(int)fileBytes].SequenceEqual(image.At(start, (int)fileBytes)));
        Assert.True(copy[(int)fileBytes..].IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    public void BoundariesAreThoseOfTheSegments()
    {
        LinkedImage image = LinkedImage.Of(ImageWith([5000, 10, 20]));
        ElfSegment[] high = [.. image.Loads.Where(load => load.VirtualAddress >= TextBase)];

        Assert.Equal(TextBase, image.AddressOf("__text_start"));
        Assert.Equal(high[1].VirtualAddress, image.AddressOf("__text_end"));
        Assert.Equal(high[1].VirtualAddress, image.AddressOf("__readonly_start"));
        Assert.Equal(high[2].VirtualAddress, image.AddressOf("__readonly_end"));
        Assert.Equal(high[2].VirtualAddress, image.AddressOf("__data_start"));
        Assert.Equal(high[2].PhysicalAddress, image.AddressOf("__data_load_start"));
        Assert.Equal(high[2].VirtualAddress + high[2].FileBytes, image.AddressOf("__data_file_end"));
        Assert.Equal(0x10_0000UL, image.AddressOf("__boot_code_start"));
    }

    // Eight bytes each, at multiples of 64, 8, 16, 8, 32 and so on: none of them needs a gap.
    [Fact]
    public void GapsBetweenConstantsAreFilled()
    {
        const int Count = 64;
        ObjectBuilder builder = WithMain("text0");
        for (int index = 0; index < Count; index++)
        {
            builder.Constant($"text{index}", new byte[8], new Fixup(0, R_X86_64_64, index + 1 < Count ? $"text{index + 1}" : "atoll_trap"));
        }

        LinkedImage image = LinkedImage.Of(builder);
        ulong[] at = [.. Enumerable.Range(0, Count).Select(index => image.AddressOf($"text{index}")).Order()];

        Assert.Equal(Enumerable.Range(0, Count).Select(index => at[0] + (8ul * (ulong)index)), at);
    }

    [Fact]
    public void CodeKeepsTheOrderOfTheCompiler()
    {
        LinkedImage image = LinkedImage.Of(new ObjectBuilder()
            .Code("atoll_trap", [0xC3]).Code("atoll_boot_main", [0xC3]).Code("atoll_instance_main", [0xC3]));

        Assert.Equal(TextBase, image.AddressOf("atoll_trap"));
        Assert.Equal(TextBase + 4, image.AddressOf("atoll_boot_main"));
        Assert.Equal(TextBase + 8, image.AddressOf("atoll_instance_main"));
    }

    [Fact]
    public void PaddingBetweenFunctionsStopsTheCore()
    {
        LinkedImage image = LinkedImage.Of(ObjectBuilder.WithRoots());

        Assert.Equal(0xCC, image.At(TextBase + 1, 1)[0]);
        Assert.Equal(0xCC, image.At(TextBase + 7, 1)[0]);
    }

    [Fact]
    public void EntryForLoadersIsThePvhNote()
    {
        LinkedImage image = LinkedImage.Of(ObjectBuilder.WithRoots());
        ElfSegment note = image.File.Segments[0];

        // namesz, descsz, type XEN_ELFNOTE_PHYS32_ENTRY, "Xen", the 32-bit address (Xen, "x86/HVM direct boot ABI").
        byte[] expected =
        [
            4, 0, 0, 0, 4, 0, 0, 0, 18, 0, 0, 0, (byte)'X', (byte)'e', (byte)'n', 0,
            .. BitConverter.GetBytes((uint)image.AddressOf("pvh_entry")),
        ];
        Assert.Equal(PT_NOTE, note.Type);
        Assert.Equal(expected, image.Bytes.AsSpan((int)note.FileOffset, (int)note.FileBytes).ToArray());
    }

    [Fact]
    public void ImageLargerThanItsWindowIsAnErrorAndNotAnAllocation()
    {
        ObjectBuilder builder = WithMain("huge").Zero("huge", 0x10_0000);

        Diagnostic diagnostic = Assert.Single(Link.Run(new LinkRequest { Objects = [builder.Build()] }).Diagnostics);

        Assert.Equal("ATL9030", diagnostic.Id);
        Assert.Equal("data", diagnostic.Symbol);
    }

    /// <summary>Text of which the unwind table could not tell is an error, not a table that tells of other code.</summary>
    [Fact]
    public void TextBeyondTheUnwindTableIsAnError()
    {
        ObjectBuilder builder = new ObjectBuilder()
            .Code("atoll_boot_main", [0xC3])
            .Code("atoll_instance_main", [0xC3])
            .Code("atoll_trap", [.. Enumerable.Repeat((byte)0x90, 1 << 18), 0xC3]);

        Diagnostic diagnostic = Assert.Single(Link.Run(new LinkRequest { Objects = [builder.Build()] }).Diagnostics);

        Assert.Equal(("ATL9030", "unwind_table"), (diagnostic.Id, diagnostic.Symbol));
    }

    [Fact]
    public void WritableCodeIsAnError()
    {
        ObjectBuilder builder = ObjectBuilder.WithRoots()
            .AddSection(".wx", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE | SHF_EXECINSTR, [0xC3]);

        Assert.Equal(
            "ATL9031", Assert.Single(Link.Run(new LinkRequest { Objects = [builder.Build()] }).Diagnostics).Id);
    }

    private static ObjectBuilder WithMain(string first) => new ObjectBuilder()
        .Code("atoll_boot_main", [0x48, 0x8D, 0x05, 0, 0, 0, 0, 0xC3], new Fixup(3, R_X86_64_PC32, first, -4))
        .Code("atoll_instance_main", [0xC3])
        .Code("atoll_trap", [0xC3]);

    private static ObjectBuilder ImageWith(int[] sizes)
    {
        ObjectBuilder builder = WithMain(sizes.Length > 0 ? "datum0" : "atoll_trap");
        for (int index = 0; index < sizes.Length; index++)
        {
            string next = index + 1 < sizes.Length ? $"datum{index + 1}" : "atoll_trap";
            byte[] bytes = [.. Enumerable.Repeat((byte)(index + 1), sizes[index] + 8)];
            Fixup fixup = new(0, R_X86_64_64, next);
            _ = (index % 3) switch
            {
                0 => builder.Data(
                    $"datum{index}", bytes, fixup, new Fixup((ulong)bytes.Length - 8, R_X86_64_64, $"zero{index}")),
                _ => builder.Constant($"datum{index}", bytes, fixup),
            };
            builder.Zero($"zero{index}", sizes[index]);
        }

        return builder;
    }

    /// <summary>The window takes an image that fills it, and not one page more.</summary>
    [Fact]
    public void WindowIsFilledToItsLastPageAndNotBeyond()
    {
        const int Window = 1 << 20;
        int others = (int)LinkedImage.Of(Holding(8)).Loads.Where(load => load.VirtualAddress >= TextBase)
            .Aggregate(0UL, (sum, load) => sum + ((load.MemoryBytes + PageSizeBytes - 1) / PageSizeBytes * PageSizeBytes));

        // Of the page that the eight bytes are in, nothing is known: fill from there in whole pages.
        LinkResult full = Link.Run(new LinkRequest { Objects = [Holding(8 + Window - others).Build()] });
        LinkResult beyond = Link.Run(new LinkRequest { Objects = [Holding(8 + Window - others + (int)PageSizeBytes).Build()] });

        Assert.True(full.Succeeded, string.Join('\n', full.Diagnostics));
        Assert.Equal("ATL9030", Assert.Single(beyond.Diagnostics).Id);
    }

    /// <summary>lea rax, [rip + datum]; ret, and a constant.</summary>
    private static ObjectBuilder Holding(int sizeBytes) => new ObjectBuilder()
        .Code("atoll_instance_main", [0x48, 0x8D, 0x05, 0, 0, 0, 0, 0xC3], new Fixup(3, R_X86_64_PC32, "datum", -4))
        .Code("atoll_boot_main", [0xC3]).Code("atoll_trap", [0xC3]).Constant("datum", new byte[sizeBytes]);

    private static bool CheckPromises(LinkedImage image)
    {
        ElfSegment[] loads = [.. image.Loads];
        ulong[] firsts = [.. loads.Select(load => load.VirtualAddress)];
        Assert.Equal(firsts.Order(), firsts);
        for (int index = 0; index < loads.Length; index++)
        {
            ElfSegment load = loads[index];
            Assert.NotEqual(PF_W | PF_X, load.Flags & (PF_W | PF_X));
            Assert.Equal(0UL, load.VirtualAddress % PageSizeBytes);
            Assert.Equal(load.VirtualAddress % PageSizeBytes, load.FileOffset % PageSizeBytes);

            // No page of two access kinds, by either address.
            ulong pages = (load.MemoryBytes + PageSizeBytes - 1) / PageSizeBytes * PageSizeBytes;
            bool isLastOfItsWindow = index + 1 == loads.Length || loads[index + 1].VirtualAddress == TextBase;
            Assert.True(isLastOfItsWindow || load.VirtualAddress + pages == loads[index + 1].VirtualAddress);
            Assert.True(
                load.VirtualAddress < TextBase
                    ? load.PhysicalAddress + pages <= TextLoad
                    : load.PhysicalAddress >= TextLoad);
        }

        CheckSymbols(image);
        return true;
    }

    /// <summary>Objects do not overlap, lie in segments of their kind, and are aligned as in the object file.</summary>
    private static void CheckSymbols(LinkedImage image)
    {
        ulong end = 0;
        foreach (ElfSymbol symbol in image.File.Symbols
            .Where(symbol => symbol.Name.StartsWith("datum", StringComparison.Ordinal)
                || symbol.Name.StartsWith("zero", StringComparison.Ordinal))
            .OrderBy(symbol => symbol.Value))
        {
            Assert.True(symbol.Value >= end);
            Assert.Equal(0UL, symbol.Value % 8);
            end = symbol.Value + symbol.SizeBytes;

            bool isConstant = symbol.Name.StartsWith("datum", StringComparison.Ordinal)
                && int.Parse(symbol.Name[5..]) % 3 != 0;
            ElfSegment holder = image.Loads.Single(load =>
                symbol.Value >= load.VirtualAddress && end <= load.VirtualAddress + load.MemoryBytes);
            Assert.Equal(isConstant ? PF_R : PF_R | PF_W, holder.Flags);
        }
    }
}
