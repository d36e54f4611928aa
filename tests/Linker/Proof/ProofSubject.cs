using System.Buffers.Binary;
using System.Text;
using Atoll.Linker.Binary;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Elf;
using Atoll.Linker.Proof;
using Atoll.Linker.Tests.Passes;
using Iced.Intel;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Tests.Proof;

/// <summary>Small images, good and spoiled, and what the proof says of them.</summary>
internal static class ProofSubject
{
    /// <summary>CIE "zR": CFA = RSP + 8, return address at CFA - 8. 24 bytes.</summary>
    private static readonly byte[] s_common = new ByteBuilder()
        .U32(20).U32(0).U8(1).String("zR").Uleb(1).Sleb(-8).U8(16).Uleb(1).U8(0x1B)
        .Bytes([0x0C, 7, 8, 0x90, 1]).Align(8).ToArray();

    /// <summary>Machine code by Iced.</summary>
    public static byte[] Code(Action<Assembler> body)
    {
        Assembler assembler = new(64);
        body(assembler);
        using MemoryStream stream = new();
        assembler.Assemble(new StreamCodeWriter(stream), 0);
        return stream.ToArray();
    }

    /// <summary>An image whose <c>atoll_boot_main</c> is as given.</summary>
    public static LinkedImage WithBootMain(byte[] code, params Fixup[] fixups) =>
        LinkedImage.Of(Kernel(code, fixups));

    /// <inheritdoc cref="WithBootMain(byte[], Fixup[])"/>
    public static LinkedImage WithBootMain(Action<Assembler> body) => WithBootMain(Code(body));

    /// <summary>The object of <see cref="WithBootMain(byte[], Fixup[])"/>, to add to.</summary>
    public static ObjectBuilder Kernel(byte[] bootMain, params Fixup[] fixups) => new ObjectBuilder()
        .Code("atoll_boot_main", bootMain, fixups).Code("atoll_instance_main", [0xC3]).Code("atoll_trap", [0xC3]);

    /// <summary>Adds call frame information: for each function the offset at which a push of 8 bytes is done, or
    /// none.</summary>
    public static ObjectBuilder WithFrames(this ObjectBuilder builder, params (string Function, byte Bytes, byte? Push)[] frames)
    {
        ByteBuilder section = new ByteBuilder().Bytes(s_common);
        List<Fixup> fixups = [];
        foreach ((string function, byte bytes, byte? push) in frames)
        {
            uint pointer = (uint)section.Length + sizeof(uint);
            fixups.Add(new Fixup(pointer + sizeof(uint), R_X86_64_PC32, function));
            byte[] rules = push is { } offset ? [(byte)(0x40 | offset), 0x0E, 16] : [0, 0, 0];
            section.U32(20).U32(pointer).U32(0).U32(bytes).Uleb(0).Bytes(rules).Align(8);
        }

        return builder.AddSection(".eh_frame", SHT_PROGBITS, SHF_ALLOC, section.ToArray(), [.. fixups]);
    }

    /// <summary>What an image claims about itself.</summary>
    public static IReadOnlyList<string> ClaimsOf(LinkedImage image) => Prove(image.Bytes).Report!.Trusted;

    /// <summary>Proves.</summary>
    public static (ProofReport? Report, IReadOnlyList<Diagnostic> Findings) Prove(ReadOnlyMemory<byte> image)
    {
        DiagnosticBag findings = new();
        ProofReport? report = ImageProof.Run(image, "test.elf", findings);
        return (report, findings.Found);
    }

    /// <summary>The one finding of an image.</summary>
    public static Diagnostic Finding(LinkedImage image) => Finding(image.Bytes);

    /// <inheritdoc cref="Finding(LinkedImage)"/>
    public static Diagnostic Finding(ReadOnlyMemory<byte> image)
    {
        (ProofReport? report, IReadOnlyList<Diagnostic> findings) = Prove(image);
        Assert.False(report is { Holds: true });
        return Assert.Single(findings);
    }

    /// <summary>The findings of one kind, at least one.</summary>
    public static IReadOnlyList<Diagnostic> Findings(ReadOnlyMemory<byte> image, string id)
    {
        (ProofReport? report, IReadOnlyList<Diagnostic> findings) = Prove(image);
        Assert.False(report is { Holds: true });
        Diagnostic[] found = [.. findings.Where(finding => finding.Id == id)];
        Assert.NotEmpty(found);
        return found;
    }

    /// <summary>The image with other bytes at an address.</summary>
    public static byte[] Patched(this LinkedImage image, ulong address, params byte[] bytes)
    {
        byte[] copy = [.. image.Bytes];
        ElfSegment load = image.Loads.Single(
            load => address >= load.VirtualAddress && address - load.VirtualAddress < load.FileBytes);
        bytes.CopyTo(copy, (int)(load.FileOffset + (address - load.VirtualAddress)));
        return copy;
    }

    /// <summary>The image with another text, of equal length, where one stands.</summary>
    public static byte[] Renamed(this LinkedImage image, string old, string other)
    {
        Assert.Equal(old.Length, other.Length);
        byte[] copy = [.. image.Bytes];
        int position = copy.AsSpan().LastIndexOf(Encoding.UTF8.GetBytes(old));
        Encoding.UTF8.GetBytes(other).CopyTo(copy, position);
        return copy;
    }

    /// <summary>The image with another value in a program header.</summary>
    /// <param name="image">The image.</param>
    /// <param name="address">Virtual address of the segment.</param>
    /// <param name="field">Offset of the field (Elf64_Phdr: p_flags 4, p_vaddr 16, p_paddr 24).</param>
    /// <param name="value">New value; p_flags takes its low half.</param>
    public static byte[] WithHeader(this LinkedImage image, ulong address, int field, ulong value)
    {
        byte[] copy = [.. image.Bytes];
        int index = image.File.Segments.FindIndex(segment => segment.Type == PT_LOAD && segment.VirtualAddress == address);
        Span<byte> header = copy.AsSpan(SizeOfEhdr + (index * SizeOfPhdr), SizeOfPhdr);
        if (field == 4)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(header[field..], (uint)value);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(header[field..], value);
        }

        return copy;
    }

    /// <summary>The file with other claims, which may be longer: the section moves to the end of the file.</summary>
    public static byte[] WithClaims(this LinkedImage image, IEnumerable<string> lines)
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));
        byte[] note = [6, 0, 0, 0, .. BitConverter.GetBytes(text.Length), 1, 0, 0, 0, .. "Atoll\0\0\0"u8, .. text, .. new byte[-text.Length & 3]];
        byte[] file = [.. image.Bytes, .. note];
        int headers = (int)BitConverter.ToUInt64(file, 40);
        int index = image.File.Sections.FindIndex(section => section.Name == ".note.atoll.claims");
        ElfSection old = image.File.Sections[index];
        file.AsSpan((int)old.FileOffset, (int)old.SizeBytes).Clear();
        BitConverter.TryWriteBytes(file.AsSpan(headers + (index * SizeOfShdr) + 24), (ulong)image.Bytes.Length);
        BitConverter.TryWriteBytes(file.AsSpan(headers + (index * SizeOfShdr) + 32), (ulong)note.Length);
        return file;
    }
}
