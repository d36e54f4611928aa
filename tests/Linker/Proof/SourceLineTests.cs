using Atoll.Linker.Binary;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Tests.Passes;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Tests.Proof;

/// <summary>A finding about an instruction names the line that it comes from, by the image's own line table.</summary>
public sealed class SourceLineTests
{
    private const byte Nop = 0x90;
    private const byte Hlt = 0xF4;
    private const byte Ret = 0xC3;

    [Theory]
    [InlineData(0, 7, true)]
    [InlineData(1, 9, true)]
    [InlineData(2, 9, true)]
    [InlineData(3, 40, true)]
    [InlineData(0, 7, false)]
    [InlineData(3, 40, false)]
    public void Finding_NamesTheLine(int at, int line, bool isTrapFirst)
    {
        byte[] code = [Nop, Nop, Nop, Nop, Ret];
        code[at] = Hlt;

        Diagnostic finding = ProofSubject.Finding(LinkedImage.Of(WithLines(ProofSubject.Kernel(code), isTrapFirst)));

        Assert.Equal(new SourceLine("src/f0", line), finding.Source);
    }

    [Fact]
    public void WithoutALineTable_NoLineIsNamed() =>
        Assert.Null(ProofSubject.Finding(ProofSubject.WithBootMain([Hlt, Ret])).Source);

    // DWARF 4, section 6.2 "Line Number Information". Two sequences, in either order, as a compiler may write them:
    // atoll_trap, line 21; atoll_boot_main, lines 7, 9 from its second byte, 40 from its fourth.
    private static ObjectBuilder WithLines(ObjectBuilder builder, bool isTrapFirst)
    {
        byte[] header = new ByteBuilder()
            .U8(1).U8(1).U8(1).U8(unchecked((byte)-5)).U8(14).U8(13)
            .Bytes([0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1])
            .String("src").U8(0)
            .String("f0").Uleb(1).Uleb(0).Uleb(0).U8(0).ToArray();
        ByteBuilder program = new();
        List<Fixup> fixups = [];
        foreach (bool isTrap in (bool[])[isTrapFirst, !isTrapFirst])
        {
            // DW_LNE_set_address
            program.U8(0).Uleb(9).U8(2);
            fixups.Add(new Fixup((ulong)program.Length, R_X86_64_64, isTrap ? "atoll_trap" : "atoll_boot_main"));
            program.U64(0);
            AddRows(program, isTrap ? [(20, 1)] : [(6, 1), (2, 2), (31, 2)]);
        }

        ByteBuilder unit = new ByteBuilder().U16(4).U32((uint)header.Length).Bytes(header);
        ulong first = (ulong)(sizeof(uint) + unit.Length);
        unit.Bytes(program.ToArray());
        byte[] section = new ByteBuilder().U32((uint)unit.Length).Bytes(unit.ToArray()).ToArray();
        return builder.AddSection(
            ".debug_line", SHT_PROGBITS, 0, section, [.. fixups.Select(fixup => fixup with { Offset = fixup.Offset + first })]);
    }

    // DW_LNS_advance_line, DW_LNS_copy, DW_LNS_advance_pc for each row; then DW_LNE_end_sequence.
    private static void AddRows(ByteBuilder program, (int Lines, uint Bytes)[] rows)
    {
        foreach ((int lines, uint bytes) in rows)
        {
            program.U8(3).Sleb(lines).U8(1).U8(2).Uleb(bytes);
        }

        program.U8(0).Uleb(1).U8(1);
    }
}
