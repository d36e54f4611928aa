using System.Buffers.Binary;
using System.Text;
using Atoll.Abi;
using Atoll.Linker.Manifests;
using Atoll.Linker.Profiles;

namespace Atoll.Cli.Tests.Systems;

/// <summary>A program's file made by hand: header, three program headers, text, a note, and something behind that nobody loads.</summary>
/// <remarks>Offsets are those of the ELF-64 Object File Format (Elf64_Ehdr, Elf64_Phdr, Elf64_Nhdr).</remarks>
internal static class HandMadeProgram
{
    public const int LoadedEnd = 0x2000 + NoteBytes;
    private const int NoteHead = 20;
    private const int NoteBytes = NoteHead + 72 + 80;
    private const uint PT_LOAD = 1;
    private const uint PT_NOTE = 4;

    /// <summary>The file of a program with one need.</summary>
    public static byte[] Make(string name)
    {
        byte[] file = new byte[0x4000];
        new byte[] { 0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(file, 0);
        U16(file, 16, 2);
        U16(file, 18, 62);
        U32(file, 20, 1);
        U64(file, 24, 0x40_0000);
        U64(file, 32, 64);
        U64(file, 40, 0x3000);
        U16(file, 52, 64);
        U16(file, 54, 56);
        U16(file, 56, 3);
        U16(file, 58, 64);
        U16(file, 60, 2);
        U16(file, 62, 1);
        Segment(file, 0, PT_LOAD, 5, 0x1000, 0x40_0000, 0x10);
        Segment(file, 1, PT_LOAD, 4, 0x2000, 0x40_1000, NoteBytes);
        Segment(file, 2, PT_NOTE, 4, 0x2000, 0x40_1000, NoteBytes);
        Note(file, name);

        // Sections: none, and their names. A loader needs neither.
        U32(file, 0x3000 + 64, 1);
        U32(file, 0x3000 + 64 + 4, 3);
        U64(file, 0x3000 + 64 + 24, 0x3100);
        U64(file, 0x3000 + 64 + 32, 11);
        Encoding.ASCII.GetBytes("\0.shstrtab\0").CopyTo(file, 0x3100);
        return file;
    }

    private static void Note(byte[] file, string name)
    {
        byte[] manifest = ManifestNote.Write(
            new ProgramRequest(name, 8192) { Needs = [new("figures", GrantKind.Figures, IsOptional: true)] }, end: 0x40_2000, entry: 0x40_0000);
        U32(file, 0x2000, 6);
        U32(file, 0x2004, (uint)manifest.Length);
        U32(file, 0x2008, 2);
        Encoding.ASCII.GetBytes("Atoll\0").CopyTo(file, 0x200C);
        manifest.CopyTo(file, 0x2000 + NoteHead);
    }

    private static void Segment(byte[] file, int index, uint type, uint flags, ulong offset, ulong address, ulong bytes)
    {
        int at = 64 + (index * 56);
        U32(file, at, type);
        U32(file, at + 4, flags);
        U64(file, at + 8, offset);
        U64(file, at + 16, address);
        U64(file, at + 24, address);
        U64(file, at + 32, bytes);
        U64(file, at + 40, bytes);
        U64(file, at + 48, type == PT_LOAD ? 0x1000u : 4u);
    }

    private static void U16(byte[] file, int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), value);

    private static void U32(byte[] file, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);

    private static void U64(byte[] file, int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at), value);
}
