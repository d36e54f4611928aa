using Atoll.Linker.Binary;
using static Atoll.Linker.Dwarf.DwarfNative;

namespace Atoll.Linker.Dwarf;

/// <summary>Writes a unit of a line section again, with the header it had and other sequences.</summary>
/// <remarks>Source: DWARF 4, 6.2.5 "The Line Number Program".</remarks>
public sealed class LineProgramWriter
{
    private readonly ByteBuilder _program = new();

    /// <summary>Begins a unit.</summary>
    public LineProgramWriter(LineUnit unit) => Unit = unit;

    /// <summary>The unit as it was.</summary>
    public LineUnit Unit { get; }

    /// <summary>Appends one sequence.</summary>
    /// <param name="start">Address of the first row.</param>
    /// <param name="rows">Rows by offset from there, ascending.</param>
    /// <param name="lengthBytes">Bytes of code: where the last row ends.</param>
    public void AddSequence(ulong start, IEnumerable<(ulong Offset, LineRow Row)> rows, ulong lengthBytes)
    {
        _program.U8(0).Uleb(1 + sizeof(ulong)).U8(DW_LNE_set_address).U64(start);
        LineRow state = new(0, 0, Line: 1, File: 1, Column: 0, Unit.IsStatementAtFirst, false);
        ulong offset = 0;
        foreach ((ulong rowOffset, LineRow row) in rows)
        {
            SetChanged(state, row);
            AddRow(rowOffset - offset, (long)row.Line - state.Line);
            state = row;
            offset = rowOffset;
        }

        _program.U8(DW_LNS_advance_pc).Uleb((lengthBytes - offset) / Unit.MinimumInstructionBytes);
        _program.U8(0).Uleb(1).U8(DW_LNE_end_sequence);
    }

    /// <summary>The unit with its length.</summary>
    public byte[] ToArray() => new ByteBuilder()
        .U32((uint)(Unit.Header.Length + _program.Length))
        .Bytes(Unit.Header.Span)
        .Bytes(_program.ToArray())
        .ToArray();

    private void SetChanged(LineRow state, LineRow row)
    {
        if (row.File != state.File)
        {
            _program.U8(DW_LNS_set_file).Uleb(row.File);
        }

        if (row.Column != state.Column)
        {
            _program.U8(DW_LNS_set_column).Uleb(row.Column);
        }

        if (row.IsStatement != state.IsStatement)
        {
            _program.U8(DW_LNS_negate_stmt);
        }
    }

    /// <summary>One special opcode where both advances fit it, else the standard ones.</summary>
    private void AddRow(ulong addressAdvance, long lineAdvance)
    {
        ulong operations = addressAdvance / Unit.MinimumInstructionBytes;
        bool lineFits = lineAdvance >= Unit.LineBase && lineAdvance < Unit.LineBase + Unit.LineRange;
        if (lineFits && operations <= byte.MaxValue)
        {
            long opcode = lineAdvance - Unit.LineBase + (Unit.LineRange * (long)operations) + Unit.OpcodeBase;
            if (opcode <= byte.MaxValue)
            {
                _program.U8((byte)opcode);
                return;
            }
        }

        _program.U8(DW_LNS_advance_pc).Uleb(operations);
        _program.U8(DW_LNS_advance_line).Sleb(lineAdvance);
        _program.U8(DW_LNS_copy);
    }
}
