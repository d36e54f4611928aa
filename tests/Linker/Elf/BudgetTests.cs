using Atoll.Linker.Binary;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Inspect;
using Atoll.Linker.Model;
using Atoll.Linker.Proof;
using Atoll.Linker.Tests.Dwarf;
using Atoll.Linker.Tests.Passes;
using Atoll.Linker.Tests.Proof;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Tests.Elf;

/// <summary>Nothing costs more than O(n log n) or 64 MiB for each MiB of input. Each file here has many of what some reader once
/// went through for each of something else.</summary>
public sealed class BudgetTests
{
    private const int Many = 60_000;

    [Fact]
    public void FilesThatShareALongDirectory() =>
        LinkWith(Lines(directory: new string('d', 60_000), files: 6_000, rows: 0), "long table");

    [Fact]
    public void RowsThatShareALongName() =>
        LinkWith(Lines(directory: new string('d', 30_000), files: 1, rows: 90_000), "long table");

    [Fact]
    public void RowsOfOneByteEach() => LinkWith(Lines("src", files: 1, rows: 900_000), "rows");

    [Fact]
    public void DescriptionsOfOneFunction()
    {
        ByteBuilder frames = new ByteBuilder().Bytes(DebugObject.Frames.AsSpan(0, 24));
        List<Fixup> fixups = [];
        for (int index = 0; index < Many; index++)
        {
            uint pointer = (uint)frames.Length + sizeof(uint);
            fixups.Add(new Fixup(pointer + sizeof(uint), R_X86_64_PC32, "atoll_boot_main"));
            frames.U32(20).U32(pointer).U32(0).U32(1).Uleb(4).U32(0).Bytes([0, 0, 0]);
        }

        LinkWith(ObjectBuilder.WithRoots().AddSection(".eh_frame", SHT_PROGBITS, SHF_ALLOC, frames.ToArray(), [.. fixups]), "frames");
    }

    [Fact]
    public void SectionsOfDebugInformation()
    {
        ObjectBuilder builder = ObjectBuilder.WithRoots();
        for (int index = 0; index < Many; index++)
        {
            builder.AddSection($".debug_{index}", SHT_PROGBITS, 0, [1]);
        }

        LinkWith(builder, "sections");
    }

    [Fact]
    public void RangesOverManyFunctions()
    {
        ObjectBuilder builder = ObjectBuilder.WithRoots();
        for (int index = 0; index < 20_000; index++)
        {
            builder.Code($"f{index}", [0xC3]);
        }

        List<Fixup> fixups = [];
        for (ulong index = 0; index < 10_000; index++)
        {
            fixups.Add(new Fixup(16 * index, R_X86_64_64, "@" + ObjectBuilder.CodeSection));
            fixups.Add(new Fixup((16 * index) + 8, R_X86_64_64, "@" + ObjectBuilder.CodeSection, 300_000));
        }

        LinkWith(builder.AddSection(".debug_ranges", SHT_PROGBITS, 0, new byte[160_000], [.. fixups]), "ranges");
    }

    [Fact]
    public void CallsThatBecomeTheirStubs()
    {
        // As many as fit into the text that there may be.
        const int Calls = 50_000;
        byte[] code = new byte[(5 * Calls) + 1];
        Fixup[] fixups = new Fixup[Calls];
        for (int index = 0; index < Calls; index++)
        {
            code[5 * index] = 0xE8;
            fixups[index] = Fixup.Call("x64_disable_interrupts") with { Offset = (ulong)((5 * index) + 1) };
        }

        code[^1] = 0xC3;
        byte[] image = LinkWith(ProofSubject.Kernel(code, fixups), "calls")!;
        ProveAndInspect(image, "sites of one function");
    }

    [Fact]
    public void HeadersThatShareNotes()
    {
        byte[] good = LinkedImage.Of(ObjectBuilder.WithRoots()).Bytes;
        byte[] notes = [.. Enumerable.Repeat<byte[]>([4, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, (byte)'A', 0, 0, 0], 60_000).SelectMany(note => note)];
        byte[] image = Headers(good, 4_000, index => Header(PT_NOTE, (ulong)good.Length, 0x1000, (ulong)notes.Length), notes);

        ProveAndInspect(image, "notes");
    }

    [Fact]
    public void HeadersThatHoldManySymbols()
    {
        ObjectBuilder builder = ObjectBuilder.WithRoots();
        List<string> roots = [];
        for (int index = 0; index < 20_000; index++)
        {
            builder.Constant($"c{index}", new byte[8]);
            roots.Add($"c{index}");
        }

        byte[] good = LinkedImage.Of(new LinkRequest { Objects = [builder.Build()], Roots = roots }).Bytes;
        ProveAndInspect(Headers(good, 20_000, index => Header(PT_LOAD, 0, (ulong)index << 13, 0), []), "program headers");
        ProveAndInspect(good, "symbols");
    }

    [Fact]
    public void InstructionsOfOneByte()
    {
        // As many as fit into the text that there may be.
        byte[] code = new byte[250_000];
        code.AsSpan().Fill(0x90);
        code[^1] = 0xC3;

        ProveAndInspect(LinkWith(ProofSubject.Kernel(code), "code")!, "instructions");
    }

    [Fact]
    public void SwitchesThatShareOneTable()
    {
        // 400 switches, each with a comparison that allows the whole of one table of 40,000 entries.
        byte[] one = [0x81, 0xFF, 0x3F, 0x9C, 0, 0, 0x77, 0xF8, 0x8B, 0xC7, 0x48, 0x8D, 0x0D, 0, 0, 0, 0, 0x8B, 0x0C, 0x81,
            0x48, 0x8D, 0x15, 0, 0, 0, 0, 0x48, 0x03, 0xCA, 0xFF, 0xE1];
        byte[] code = [.. Enumerable.Repeat(one, 400).SelectMany(bytes => bytes), 0xC3];
        Fixup[] fixups =
        [
            .. Enumerable.Range(0, 400).SelectMany(index => new Fixup[]
            {
                new((ulong)((index * one.Length) + 13), R_X86_64_PC32, "table", -4),
                new((ulong)((index * one.Length) + 23), R_X86_64_PC32, "atoll_boot_main", -4),
            }),
        ];

        ProveAndInspect(LinkWith(ProofSubject.Kernel(code, fixups).Constant("table", new byte[160_000]), "switches")!, "entries");
    }

    [Fact]
    public void ClaimsAboutManyFunctions()
    {
        ObjectBuilder builder = ObjectBuilder.WithRoots();
        List<string> roots = [];
        for (int index = 0; index < 20_000; index++)
        {
            builder.Code($"f{index}", [0xF4, 0xC3]);
            roots.Add($"f{index}");
        }

        LinkedImage image = LinkedImage.Of(new LinkRequest { Objects = [builder.Build()], Roots = roots });
        IEnumerable<string> claims = ["entry pvh_entry -", "mode pvh_entry 32", .. roots.SelectMany(name => new[] { $"privileged {name} hlt", $"entry {name} -", $"jumps-anywhere {name}" })];
        ProveAndInspect(image.WithClaims(claims), "claims");
    }

    /// <summary>A line table: one file or many in one directory, and special opcodes that make a row with each byte.</summary>
    private static ObjectBuilder Lines(string directory, int files, int rows)
    {
        ByteBuilder header = new ByteBuilder()
            .U8(1).U8(1).U8(1).U8(unchecked((byte)-5)).U8(14).U8(13)
            .Bytes([0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1])
            .String(directory).U8(0);
        for (int index = 0; index < files; index++)
        {
            header.String($"f{index}").Uleb(1).Uleb(0).Uleb(0);
        }

        header.U8(0);
        ByteBuilder program = new ByteBuilder().U8(0).Uleb(9).U8(2).U64(0);
        for (int index = 0; index < rows; index++)
        {
            program.U8((byte)(13 + 5 + (index & 1)));
        }

        program.U8(0).Uleb(1).U8(1);
        ByteBuilder unit = new ByteBuilder().U16(4).U32((uint)header.Length).Bytes(header.ToArray());
        ulong anchor = (ulong)(sizeof(uint) + unit.Length + 3);
        unit.Bytes(program.ToArray());
        byte[] section = new ByteBuilder().U32((uint)unit.Length).Bytes(unit.ToArray()).ToArray();
        return ObjectBuilder.WithRoots().AddSection(
            ".debug_line", SHT_PROGBITS, 0, section, new Fixup(anchor, R_X86_64_64, "@" + ObjectBuilder.CodeSection));
    }

    private static byte[] Header(uint type, ulong offset, ulong address, ulong bytes) => new ByteBuilder()
        .U32(type).U32(PF_R).U64(offset).U64(address).U64(address).U64(bytes).U64(bytes).U64(4).ToArray();

    /// <summary>The image with other program headers, at the end of the file.</summary>
    private static byte[] Headers(byte[] good, int count, Func<int, byte[]> header, byte[] content)
    {
        byte[] image = [.. good, .. content, .. Enumerable.Range(0, count).SelectMany(header)];
        BitConverter.TryWriteBytes(image.AsSpan(32), (ulong)(good.Length + content.Length));
        BitConverter.TryWriteBytes(image.AsSpan(56), (ushort)count);
        return image;
    }

    private static byte[]? LinkWith(ObjectBuilder builder, string what)
    {
        LinkInput input = builder.Build();
        byte[]? image = null;
        Bounded.Run(what, input.Bytes.Length, () => image = Link.Run(new LinkRequest { Objects = [input] }).Image);
        return image;
    }

    private static void ProveAndInspect(byte[] image, string what)
    {
        Bounded.Run($"proof of {what}", image.Length, () => ImageProof.Run(image, "many.elf", new DiagnosticBag()));
        Bounded.Run($"inspection of {what}", image.Length, () => ImageInspector.Inspect(image, "many.elf", new DiagnosticBag()));
    }
}
