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
    [InlineData(0, 7)]
    [InlineData(1, 9)]
    [InlineData(2, 9)]
    [InlineData(3, 40)]
    public void Finding_NamesTheLine(int at, int line)
    {
        byte[] code = [Nop, Nop, Nop, Nop, Ret];
        code[at] = Hlt;

        Diagnostic finding = ProofSubject.Finding(LinkedImage.Of(WithLines(ProofSubject.Kernel(code))));

        Assert.Equal(new SourceLine("src/f0", line), finding.Source);
    }

    [Fact]
    public void WithoutALineTable_NoLineIsNamed() =>
        Assert.Null(ProofSubject.Finding(ProofSubject.WithBootMain([Hlt, Ret])).Source);

    // DWARF 4, section 6.2 "Line Number Information". Two sequences, the one of the higher address first, as a compiler may write them:
    // atoll_trap, line 21; atoll_boot_main, lines 7, 9 from its second byte, 40 from its fourth.
    private static ObjectBuilder WithLines(ObjectBuilder builder)
    {
        byte[] header = new ByteBuilder()
            .U8(1).U8(1).U8(1).U8(unchecked((byte)-5)).U8(14).U8(13)
            .Bytes([0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1])
            .String("src").U8(0)
            .String("f0").Uleb(1).Uleb(0).Uleb(0).U8(0).ToArray();
        ByteBuilder program = new ByteBuilder().U8(0).Uleb(9).U8(2);
        int trap = program.Length;
        program.U64(0).U8(3).Sleb(20).U8(1).U8(2).Uleb(1).U8(0).Uleb(1).U8(1);
        program.U8(0).Uleb(9).U8(2);
        int bootMain = program.Length;
        program.U64(0).U8(3).Sleb(6).U8(1);
        program.U8(2).Uleb(1).U8(3).Sleb(2).U8(1);
        program.U8(2).Uleb(2).U8(3).Sleb(31).U8(1);
        program.U8(2).Uleb(2).U8(0).Uleb(1).U8(1);

        ByteBuilder unit = new ByteBuilder().U16(4).U32((uint)header.Length).Bytes(header);
        uint first = (uint)(sizeof(uint) + unit.Length);
        unit.Bytes(program.ToArray());
        byte[] section = new ByteBuilder().U32((uint)unit.Length).Bytes(unit.ToArray()).ToArray();
        return builder.AddSection(
            ".debug_line",
            SHT_PROGBITS,
            0,
            section,
            new Fixup(first + (ulong)trap, R_X86_64_64, "atoll_trap"),
            new Fixup(first + (ulong)bootMain, R_X86_64_64, "atoll_boot_main"));
    }
}
