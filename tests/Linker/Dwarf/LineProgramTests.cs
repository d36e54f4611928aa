using Atoll.Linker.Binary;
using Atoll.Linker.Dwarf;

namespace Atoll.Linker.Tests.Dwarf;

public sealed class LineProgramTests
{
    private const byte LineBase = unchecked((byte)-3);
    private const byte LineRange = 12;
    private const byte OpcodeBase = 13;

    /// <summary>A program with DW_LNS_fixed_advance_pc, in the manner of DWARF 4, D.5 "Line Number Program
    /// Example".</summary>
    [Fact]
    public void FixedAdvancesGiveTheRowsTheySay()
    {
        byte[] program =
        [
            9, 0x39, 0x02, 3, 1, 1, // fixed_advance_pc 0x239, advance_line 1, copy
            9, 3, 0, 3, 2, 1, // 0x23c, two lines on
            9, 8, 0, 3, 1, 1, // 0x244
            9, 7, 0, 3, 1, 1, // 0x24b
            9, 2, 0, // 0x24d
            0, 1, 1, // end_sequence
        ];

        LineUnit unit = Read(program);

        Assert.Equal(
            [
                (0x239UL, 2u, false), (0x23CUL, 4u, false), (0x244UL, 5u, false), (0x24BUL, 6u, false),
                (0x24DUL, 6u, true),
            ],
            unit.Rows.Select(row => (unit.AddressOf(row), row.Line, row.IsEnd)));
    }

    /// <summary>The same rows by special opcodes; line_base -3 and line_range 12 as in D.5.</summary>
    [Fact]
    public void SpecialOpcodesFollowTheFormula()
    {
        // 6.2.5.1: opcode = (line - line_base) + (line_range * address) + opcode_base.
        byte first = 1 + 3 + (LineRange * 0) + OpcodeBase;
        byte second = 2 + 3 + (LineRange * 3) + OpcodeBase;
        byte third = 1 + 3 + (LineRange * 8) + OpcodeBase;
        byte fourth = 1 + 3 + (LineRange * 7) + OpcodeBase;
        byte[] program = [2, 0xB9, 4, first, second, third, fourth, 2, 2, 0, 1, 1];

        Assert.Equal(
            [(0x239UL, 2u), (0x23CUL, 4u), (0x244UL, 5u), (0x24BUL, 6u), (0x24DUL, 6u)],
            Addresses(Read(program)));
    }

    [Fact]
    public void ConstAddPcAdvancesAsSpecialOpcode255() =>
        // (255 - 13) / 12 = 20.
        Assert.Equal(20UL, Addresses(Read([8, 1, 0, 1, 1])).First().Item1);

    [Fact]
    public void StandardOpcodesSetTheRegisters()
    {
        byte[] program = [4, 2, 5, 7, 6, 7, 10, 11, 12, 99, 1, 0, 1, 1];

        LineRow row = Read(program).Rows[0];

        Assert.Equal(((ushort)2, (ushort)7, false, 1u), (row.File, row.Column, row.IsStatement, row.Line));
    }

    [Fact]
    public void ExtendedOpcodesOfNobodyArePassedOver()
    {
        byte[] program = [0, 4, 0x80, 1, 2, 3, 0, 9, 2, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, 1, 0, 1, 1];

        Assert.Equal(0x1122_3344_5566_7788UL, Addresses(Read(program)).First().Item1);
    }

    [Fact]
    public void FilesHaveTheirDirectories() =>
        Assert.Equal(["dir/one.cs", "two.cs", "/abs/three.cs"], Read([0, 1, 1]).Files);

    [Theory]
    [InlineData(new byte[] { 1 })] // a sequence without its end
    [InlineData(new byte[] { 2, 0x80 })] // an operand cut off
    [InlineData(new byte[] { 0, 9, 2, 0 })] // an address cut off
    [InlineData(new byte[] { 0, 0 })] // an extended opcode without a byte
    [InlineData(new byte[] { 0, 3, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1 })] // an address longer than its opcode
    public void DamagedProgramIsRefused(byte[] program)
    {
        Assert.Null(LineProgramReader.Read(Section(program), out string why));
        Assert.Equal("a damaged program", why);
    }

    [Fact]
    public void RangeOfZeroIsRefusedAndNotDividedBy() =>
        Assert.Null(LineProgramReader.Read(Section([0, 1, 1], lineRange: 0), out _));

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void OtherVersionsAreNamed(int version)
    {
        Assert.Null(LineProgramReader.Read(Section([0, 1, 1], version: (ushort)version), out string why));
        Assert.Equal($"a unit of version {version}", why);
    }

    /// <summary>What is written gives the same rows when it is read, special opcodes or not.</summary>
    [Fact]
    public void WrittenRowsAreReadAgain()
    {
        const ulong Start = 0xFFFF_FFFF_8020_0000;
        LineUnit unit = Read([0, 1, 1]);
        LineProgramWriter writer = new(unit);
        (ulong Offset, uint Line, ushort File, bool IsStatement)[] rows =
        [
            (0, 100, 1, true), (1, 97, 1, true), (4, 108, 2, true), (4, 1, 2, false),
            (5000, 90_000, 1, true), (5019, 90_008, 1, true),
        ];
        IEnumerable<(ulong, LineRow)> written = rows.Select(row =>
            (row.Offset, new LineRow(0, 0, row.Line, row.File, 0, row.IsStatement, false)));
        writer.AddSequence(Start, written, 6000);

        LineUnit again = Assert.Single(LineProgramReader.Read(writer.ToArray(), out _)!);

        Assert.Equal(
            [
                .. rows.Select(row => (Start + row.Offset, row.Line, row.File, row.IsStatement, false)),
                (Start + 6000, 90_008u, (ushort)1, true, true),
            ],
            again.Rows.Select(row => (again.AddressOf(row), row.Line, row.File, row.IsStatement, row.IsEnd)));
        Assert.Equal(unit.Files, again.Files);
    }

    private static LineUnit Read(byte[] program)
    {
        List<LineUnit>? units = LineProgramReader.Read(Section(program), out string why);
        Assert.Equal("", why);
        return Assert.Single(units!);
    }

    private static byte[] Section(byte[] program, ushort version = 4, byte lineRange = LineRange)
    {
        byte[] header = new ByteBuilder()
            .U8(1).U8(1).U8(1).U8(LineBase).U8(lineRange).U8(OpcodeBase)
            .Bytes([0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1])
            .String("dir").U8(0)
            .String("one.cs").Uleb(1).Uleb(0).Uleb(0)
            .String("two.cs").Uleb(0).Uleb(0).Uleb(0)
            .String("/abs/three.cs").Uleb(1).Uleb(0).Uleb(0)
            .U8(0).ToArray();
        byte[] unit = new ByteBuilder().U16(version).U32((uint)header.Length).Bytes(header).Bytes(program).ToArray();
        return new ByteBuilder().U32((uint)unit.Length).Bytes(unit).ToArray();
    }

    private static IEnumerable<(ulong, uint)> Addresses(LineUnit unit) => unit.Rows.Select(row => (unit.AddressOf(row), row.Line));
}
