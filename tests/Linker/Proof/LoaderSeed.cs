using System.Buffers.Binary;
using Atoll.Abi;
using Atoll.Linker.Model;
using Atoll.Linker.Profiles;
using Atoll.Linker.Tests.Passes;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Tests.Proof;

/// <summary>An image in which one field that a loader reads says something else.</summary>
/// <param name="Row">Row of the table in docs/proof.md.</param>
/// <param name="Image">The file.</param>
/// <param name="Says">Part of the finding.</param>
internal sealed record LoaderSeed(string Row, byte[] Image, string Says)
{
    private const ulong Text = 0xFFFF_FFFF_8020_0000;
    private const int Page = 4096;

    /// <summary>Bytes of the owner's name and of the content (Elf64_Nhdr) before the owner.</summary>
    private const int NoteHeader = 12;

    private static readonly LinkedImage s_kernel = LinkedImage.Of(ObjectBuilder.WithRoots().Data("datum", new byte[8]));

    private static readonly LinkedImage s_program = LinkedImage.Of(new LinkRequest
    {
        Objects = [new ObjectBuilder().Code("atoll_program_main", [0x0F, 0x0B]).Build()],
        Profile = ProgramProfile.Of(new ProgramRequest("seeded", 4096)
        {
            Needs = [new("serial", GrantKind.Call, "bytes", 1), new("uart", GrantKind.Ports, Amount: 8), new("more", GrantKind.Memory, Amount: 0x1_0000)],
        }),
    });

    /// <summary>Where the sections' headers begin (e_shoff).</summary>
    private static int Sections => (int)BinaryPrimitives.ReadUInt64LittleEndian(s_kernel.Bytes.AsSpan(40));

    private static int PvhNote => OffsetOf(s_kernel, "pvh_note");

    private static int Manifest => OffsetOf(s_program, "program_note") + NoteHeader + 8;

    /// <summary>The first need, of kind Call; the others follow, 80 bytes each.</summary>
    private static int Needs => Manifest + 72;

    /// <summary>All of them, in the order of the table. Offsets are the ABI's (Elf64_Ehdr, Elf64_Phdr, Elf64_Shdr).</summary>
    public static IReadOnlyList<LoaderSeed> All { get; } =
    [
        Header("EI_CLASS", 4, [1], "no ELF64 executable"),
        Header("EI_DATA", 5, [2], "no ELF64 executable"),
        Header("EI_VERSION", 6, [2], "EI_VERSION"),
        Header("EI_OSABI", 7, [3], "EI_OSABI"),
        Header("EI_ABIVERSION", 8, [1], "EI_ABIVERSION"),
        Header("EI_PAD", 15, [1], "EI_PAD (byte 15)"),
        Header("e_type", 16, [3, 0], "no ELF64 executable"),
        Header("e_machine", 18, [3, 0], "no ELF64 executable"),
        Header("e_version", 20, [2], "e_version"),
        Header("e_entry", 24, [0x10], "which it does not claim as an entry"),
        Header("e_entry", 24, BitConverter.GetBytes(s_kernel.AddressOf("atoll_trap")), "e_entry is 0x"),
        Header("e_phoff", 32, [], "e_phoff", MovedSegments()),
        Header("e_shoff", 40, [], "e_shoff modulo 8", MovedSections(by: 4)),
        Header("e_flags", 48, [1], "e_flags"),
        Header("e_ehsize", 52, [56], "e_ehsize"),
        Header("e_phentsize", 54, [32], "no ELF64 executable"),
        Header("e_phnum", 56, [0xFF, 0xFF], "65535 program headers"),
        Header("e_phnum", 56, [3], "a place that no segment loads"),
        Header("e_shentsize", 58, [40], "no ELF64 executable"),
        Header("e_shnum", 60, [0, 0], "no names of sections"),
        Header("e_shstrndx", 62, [0xFE, 0xFF], "no names of sections"),

        Load("p_type", 0, 7, "neither PT_LOAD nor PT_NOTE"),
        Load("p_type", 0, 0, "neither PT_LOAD nor PT_NOTE"),
        Load("p_flags", 4, PF_X, "p_flags 0x1"),
        Load("p_flags", 4, 0x0010_0005, "p_flags 0x100005"),
        Load("p_offset", 8, OffsetOfText() + 16, "which begins no page"),
        Load("p_offset", 8, OffsetOfText() - Page, "share bytes of the file"),
        Load("p_vaddr", 16, Text + 16, "which begins no page"),
        Load("p_vaddr", 16, 0xFFFF_FFFF_8040_0000, "which no window holds"),
        Load("p_vaddr", 16, 0x10_0000, "in place of 0x100000"),
        Load("p_paddr", 24, 0x30_0000, "p_paddr 0x300000 in place of 0x200000"),
        Load("p_filesz", 32, 8, "its sections have"),
        Load("p_filesz", 32, 0x7FFF_FFFF, "outside the file"),
        Load("p_memsz", 40, 0x20_0000, "which no window holds"),
        Load("p_memsz", 40, 0xFFFF, "its sections have"),
        Load("p_align", 48, 8, "p_align 0x8"),
        new("order of PT_LOAD", Swapped(), "before the end of the one before it"),

        Note("p_offset of notes", 8, (ulong)PvhNote + 4, "where its p_vaddr is not loaded from"),
        Note("p_vaddr of notes", 16, 0x4_0000, "notes that no PT_LOAD holds"),
        Note("p_paddr of notes", 24, 0x4_0000, "where its p_vaddr is not loaded to"),
        Note("p_filesz of notes", 32, 16, "p_filesz 0x10"),
        Note("p_align of notes", 48, 8, "p_align 0x8"),
        Note("p_flags of notes", 4, PF_R | PF_X, "in place of PF_R"),
        new("notes of two headers", SharedNotes(), "share bytes of the file"),

        Section("first section", 0, 32, 70_000, "something in it"),
        Section("sh_type", 1, 4, 14, "asks a loader for something"),
        Section("sh_type", IndexOf(".symtab"), 4, 6, "asks a loader for something"),
        Section("sh_flags", 1, 8, SHF_ALLOC | SHF_EXECINSTR | SHF_TLS, "sh_flags"),
        Section("sh_flags", IndexOf(".text"), 8, SHF_ALLOC, "has not the access"),
        Section("sh_addr", IndexOf(".data"), 16, Text, "is not loaded from"),
        Section("sh_addr", IndexOf(".symtab"), 16, Text, "and is not loaded"),
        Section("sh_offset", IndexOf(".rodata"), 24, OffsetOfText(), "is not loaded from"),
        Section("sh_size", IndexOf(".text"), 32, 8, "its sections have"),
        Section("sh_addralign", IndexOf(".data"), 48, 1 << 20, "sh_addralign"),

        Bytes("n_namesz", s_kernel, PvhNote, [3], "filled up with something"),
        Bytes("n_descsz", s_kernel, PvhNote + 4, [3], "in place of one of 'Xen' with four bytes"),
        Bytes("n_descsz", s_kernel, PvhNote + 4, [99], "cut off"),
        Bytes("n_type", s_kernel, PvhNote + 8, [17], "with type 17"),
        Bytes("owner", s_kernel, PvhNote + NoteHeader, "Yen"u8.ToArray(), "('Yen': 0x100000)"),
        Bytes("start of PVH", s_kernel, PvhNote + NoteHeader + 4, [0x10], "starts at 0x100010, which it does not claim"),
        Bytes("start of PVH", s_kernel, PvhNote + NoteHeader + 4, BitConverter.GetBytes((uint)s_kernel.AddressOf("boot_long_mode_entry")), "e_entry is 0x100000"),
        Bytes("type 18 in a program", s_program, OffsetOf(s_program, "program_note") + 8, [18], "with type 18"),

        Bytes("manifest: Version", s_program, Manifest, [1], "has version 1"),
        Bytes("manifest: StackBytes", s_program, Manifest + 4, [0, 0x20], "0x2000 bytes of stack"),
        Bytes("manifest: Base", s_program, Manifest + 8, [0, 0x10], "has the base 0x401000"),
        Bytes("manifest: End", s_program, Manifest + 16, [0, 0], "has the end"),
        Bytes("manifest: Entry", s_program, Manifest + 24, [4], "has the entry"),
        Bytes("manifest: Name", s_program, Manifest + 32, [1], "has the name"),

        Bytes("manifest: NeedCount", s_program, Manifest + 64, [2], "has 312 bytes in place of 232"),
        Bytes("manifest: NeedCount", s_program, Manifest + 64, [53], "says that it has 53 needs"),
        Bytes("manifest: Replies", s_program, Manifest + 68, [0], "asks for 0 replies"),
        Bytes("manifest: Replies", s_program, Manifest + 68, [33], "asks for 33 replies"),
        Bytes("need: Name", s_program, Needs, [7], "need 0 ('\aerial') that has no good name"),
        Bytes("need: Name", s_program, Needs + 80, "serial"u8.ToArray(), "need 1 ('serial') that has the name of another"),
        Bytes("need: Protocol", s_program, Needs + 32, [0], "need 0 ('serial') that has no protocol"),
        Bytes("need: Protocol", s_program, Needs + 80 + 32, [0x61], "need 1 ('uart') that has a protocol"),
        Bytes("need: Kind", s_program, Needs + 64, [200], "need 0 ('serial') that has the kind 200"),
        Bytes("need: Kind", s_program, Needs + 64, [0], "need 0 ('serial') that has the kind 0"),
        Bytes("need: IsOptional", s_program, Needs + 65, [2], "need 0 ('serial') that is optional by 2"),
        Bytes("need: ProtocolVersion", s_program, Needs + 66, [0], "need 0 ('serial') that has no protocol, or no version"),
        Bytes("need: Amount", s_program, Needs + 72, [1], "need 0 ('serial') that asks for 0x1"),
        Bytes("need: Amount", s_program, Needs + 80 + 72, [0], "need 1 ('uart') that asks for 0x0"),
        Bytes("need: Amount", s_program, Needs + 160 + 72, [0, 0x18], "need 2 ('more') that asks for 0x11800"),
        Bytes("need: the rest", s_program, Needs + 70, [1], "need 0 ('serial') that has something where nothing is"),

        Bytes("Linux", s_kernel, 0x202 + 0x300, [], "header for Linux", At(0x202, "HdrS"u8)),
        Bytes("Multiboot", s_kernel, 0, [], "header for Multiboot", At(0x400, Words(0x1BAD_B002, 3, unchecked((uint)-(0x1BAD_B002 + 3))))),
        Bytes("Multiboot 2", s_kernel, 0, [], "header for Multiboot 2", At(0x400, Words(0xE852_50D6, 0, 16, unchecked((uint)-(0xE852_50D6 + 16))))),
        new("Xen's section", s_kernel.Renamed(".debug_frame", "__xen_guest\0"), "Xen's section of strings"),
    ];

    /// <inheritdoc/>
    public override string ToString() => $"{Row}: {Says}";

    private static LoaderSeed Header(string row, int offset, byte[] value, string says, byte[]? image = null) =>
        new(row, With(image ?? s_kernel.Bytes, offset, value), says);

    private static LoaderSeed Load(string row, int field, ulong value, string says) =>
        new(row, s_kernel.WithHeader(Text, field, value), says);

    private static LoaderSeed Note(string row, int field, ulong value, string says) =>
        new(row, With(s_kernel.Bytes, SizeOfEhdr + field, field == 4 ? BitConverter.GetBytes((uint)value) : BitConverter.GetBytes(value)), says);

    private static LoaderSeed Section(string row, int index, int field, ulong value, string says) =>
        new(row, With(s_kernel.Bytes, Sections + (index * SizeOfShdr) + field, field == 4 ? BitConverter.GetBytes((uint)value) : BitConverter.GetBytes(value)), says);

    private static LoaderSeed Bytes(string row, LinkedImage image, int offset, byte[] value, string says, byte[]? other = null) =>
        new(row, With(other ?? image.Bytes, offset, value), says);

    private static byte[] At(int offset, ReadOnlySpan<byte> value) => With(s_kernel.Bytes, offset, value);

    private static byte[] Words(params uint[] words) => [.. words.SelectMany(BitConverter.GetBytes)];

    private static int IndexOf(string section) => s_kernel.File.Sections.FindIndex(candidate => candidate.Name == section);

    private static ulong OffsetOfText() => s_kernel.Loads.Single(load => load.VirtualAddress == Text).FileOffset;

    private static int OffsetOf(LinkedImage image, string symbol)
    {
        ulong address = image.AddressOf(symbol);
        var load = image.Loads.Single(load => address >= load.VirtualAddress && address - load.VirtualAddress < load.FileBytes);
        return (int)(load.FileOffset + (address - load.VirtualAddress));
    }

    /// <summary>The program headers stand at the end of the file instead.</summary>
    private static byte[] MovedSegments()
    {
        int length = s_kernel.File.Segments.Count * SizeOfPhdr;
        byte[] image = [.. s_kernel.Bytes, .. s_kernel.Bytes.AsSpan(SizeOfEhdr, length)];
        image.AsSpan(SizeOfEhdr, length).Clear();
        return With(image, 32, BitConverter.GetBytes((ulong)s_kernel.Bytes.Length));
    }

    private static byte[] MovedSections(int by)
    {
        byte[] image = [.. s_kernel.Bytes.AsSpan(0, Sections), .. new byte[by], .. s_kernel.Bytes.AsSpan(Sections)];
        return With(image, 40, BitConverter.GetBytes((ulong)(Sections + by)));
    }

    /// <summary>The last two program headers, both PT_LOAD, change places.</summary>
    private static byte[] Swapped()
    {
        byte[] image = [.. s_kernel.Bytes];
        int last = SizeOfEhdr + ((s_kernel.File.Segments.Count - 1) * SizeOfPhdr);
        s_kernel.Bytes.AsSpan(last, SizeOfPhdr).CopyTo(image.AsSpan(last - SizeOfPhdr));
        s_kernel.Bytes.AsSpan(last - SizeOfPhdr, SizeOfPhdr).CopyTo(image.AsSpan(last));
        return image;
    }

    /// <summary>The second header, of the build id, leads to the first one's notes.</summary>
    private static byte[] SharedNotes()
    {
        byte[] image = [.. s_kernel.Bytes];
        image.AsSpan(SizeOfEhdr, SizeOfPhdr).CopyTo(image.AsSpan(SizeOfEhdr + SizeOfPhdr));
        return image;
    }

    private static byte[] With(byte[] image, int offset, ReadOnlySpan<byte> value)
    {
        byte[] copy = [.. image];
        value.CopyTo(copy.AsSpan(offset));
        return copy;
    }
}
