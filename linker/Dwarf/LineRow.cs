using System.Buffers.Binary;
using Atoll.Linker.Diagnostics;

namespace Atoll.Linker.Dwarf;

/// <summary>One row of a line table: the instruction at an address comes from a line.</summary>
/// <param name="AnchorPosition">Position in the section of the last DW_LNE_set_address operand, where an object has a
/// relocation.</param>
/// <param name="Delta">Bytes from that address to the row's.</param>
/// <param name="File">File, from 1; 0 where the number is beyond what a row can hold.</param>
/// <param name="Line">Line, from 1; 0 where there is none.</param>
/// <param name="Column">Column, from 1; 0 where there is none, or beyond what a row can hold.</param>
/// <param name="IsStatement">Whether a debugger should offer a breakpoint.</param>
/// <param name="IsEnd">Whether the row only ends its sequence.</param>
/// <remarks>One byte of a line program can make a row: rows are small.</remarks>
public readonly record struct LineRow(
    int AnchorPosition, uint Delta, uint Line, ushort File, ushort Column, bool IsStatement, bool IsEnd);

/// <summary>One unit of a line section.</summary>
/// <param name="Offset">Where it begins in the section: what DW_AT_stmt_list says.</param>
/// <param name="Header">Its bytes from the version to the end of the header, ready to be written again.</param>
/// <param name="LineBase">Smallest line advance of a special opcode.</param>
/// <param name="LineRange">Number of line advances of special opcodes.</param>
/// <param name="OpcodeBase">First special opcode.</param>
/// <param name="MinimumInstructionBytes">Factor of address advances.</param>
/// <param name="IsStatementAtFirst">State of <see cref="LineRow.IsStatement"/> at the start of a sequence.</param>
/// <param name="Section">The section up to the end of the unit.</param>
/// <param name="Files">Paths, index 0 for file 1.</param>
/// <param name="Rows">All rows, in order.</param>
public sealed record LineUnit(
    int Offset,
    ReadOnlyMemory<byte> Header,
    sbyte LineBase,
    byte LineRange,
    byte OpcodeBase,
    byte MinimumInstructionBytes,
    bool IsStatementAtFirst,
    ReadOnlyMemory<byte> Section,
    IReadOnlyList<string> Files,
    IReadOnlyList<LineRow> Rows)
{
    /// <summary>Address of a row in a finished image.</summary>
    public ulong AddressOf(LineRow row) => row.AnchorPosition < 0
        ? row.Delta
        : unchecked(BinaryPrimitives.ReadUInt64LittleEndian(Section.Span[row.AnchorPosition..]) + row.Delta);

    /// <summary>The line of a row; null where it names none.</summary>
    public SourceLine? LineOf(LineRow row) =>
        !row.IsEnd && row.Line is > 0 and <= int.MaxValue && FileOf(row) is { } file ? new SourceLine(file, (int)row.Line) : null;

    /// <summary>Path of a file; null when the table has no such file.</summary>
    public string? FileOf(LineRow row) => row.File >= 1 && row.File <= Files.Count ? Files[(int)row.File - 1] : null;
}
