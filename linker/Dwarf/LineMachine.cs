using Atoll.Linker.Binary;
using static Atoll.Linker.Dwarf.DwarfNative;

namespace Atoll.Linker.Dwarf;

/// <summary>The state machine that a line program drives.</summary>
/// <remarks>Source: DWARF 4, 6.2.2 "State Machine Registers" and 6.2.5 "The Line Number Program".</remarks>
internal sealed class LineMachine(byte[] operandCounts)
{
    private LineRow[] _rows = [];
    private int _count;
    private bool _isAtEnd = true;

    // Registers.
    private int _anchorPosition;
    private ulong _delta;
    private uint _file;
    private uint _line;
    private uint _column;
    private bool _isStatement;

    public byte MinimumInstructionBytes { get; init; }

    public bool IsStatementAtFirst { get; init; }

    public sbyte LineBase { get; init; }

    public byte LineRange { get; init; }

    public byte OpcodeBase { get; init; }

    public IReadOnlyList<LineRow> Rows => _rows;

    /// <summary>Runs to the end of the unit. False when the program is cut off or contradicts itself.</summary>
    /// <remarks>Twice: the first time counts the rows, so that no more is allocated than there are.</remarks>
    public bool Run(ref ByteCursor cursor, List<string> files)
    {
        ByteCursor counting = cursor;
        if (!RunOnce(ref counting, []))
        {
            return false;
        }

        _rows = new LineRow[_count];
        _count = 0;
        return RunOnce(ref cursor, files);
    }

    private bool RunOnce(ref ByteCursor cursor, List<string> files)
    {
        Reset();
        while (!cursor.IsAtEnd)
        {
            byte opcode = cursor.U8();
            bool isGood = opcode >= OpcodeBase
                ? Special((byte)(opcode - OpcodeBase))
                : opcode == 0 ? Extended(ref cursor, files) : Standard(opcode, ref cursor);
            if (!isGood)
            {
                return false;
            }
        }

        // A sequence without its end says nothing about where its last row ends.
        return !cursor.Failed && _isAtEnd;
    }

    private void Reset()
    {
        _anchorPosition = -1;
        _delta = 0;
        _file = 1;
        _line = 1;
        _column = 0;
        _isStatement = IsStatementAtFirst;
    }

    private bool Special(byte adjusted)
    {
        Advance((ulong)(adjusted / LineRange));
        _line = unchecked((uint)(_line + LineBase + (adjusted % LineRange)));
        AddRow(isEnd: false);
        return true;
    }

    // One case per opcode of the standard.
    private bool Standard(byte opcode, ref ByteCursor cursor)
    {
        switch (opcode)
        {
            case DW_LNS_copy:
                AddRow(isEnd: false);
                return true;
            case DW_LNS_advance_pc:
                Advance(cursor.Uleb());
                return true;
            case DW_LNS_advance_line:
                _line = unchecked((uint)(_line + cursor.Sleb()));
                return true;
            case DW_LNS_set_file:
                _file = unchecked((uint)cursor.Uleb());
                return true;
            case DW_LNS_set_column:
                _column = unchecked((uint)cursor.Uleb());
                return true;
            case DW_LNS_negate_stmt:
                _isStatement = !_isStatement;
                return true;
            case DW_LNS_const_add_pc:
                Advance((ulong)((byte.MaxValue - OpcodeBase) / LineRange));
                return true;
            case DW_LNS_fixed_advance_pc:
                _delta = unchecked(_delta + cursor.U16());
                return true;
            default:
                // Basic blocks, prologue ends, what a later version adds: the header says how many operands to skip.
                for (int count = operandCounts[opcode - 1]; count > 0; count--)
                {
                    cursor.Uleb();
                }

                return !cursor.Failed;
        }
    }

    private bool Extended(ref ByteCursor cursor, List<string> files)
    {
        ulong length = cursor.Uleb();
        int start = cursor.Position;
        byte opcode = cursor.U8();
        if (cursor.Failed || length == 0)
        {
            return false;
        }

        switch (opcode)
        {
            case DW_LNE_end_sequence:
                AddRow(isEnd: true);
                Reset();
                break;
            case DW_LNE_set_address:
                _anchorPosition = cursor.Position;
                cursor.U64();
                _delta = 0;
                break;
            case DW_LNE_define_file:
                files.Add(cursor.String());
                break;
            default:
                break;
        }

        if (cursor.Failed || length > int.MaxValue || (ulong)(cursor.Position - start) > length)
        {
            return false;
        }

        cursor.Seek((ulong)start + length);
        return !cursor.Failed;
    }

    private void Advance(ulong operations) => _delta = unchecked(_delta + (operations * MinimumInstructionBytes));

    private void AddRow(bool isEnd)
    {
        if (_count < _rows.Length)
        {
            // No function is as long as that: what lies beyond has no line.
            bool isNear = _delta <= uint.MaxValue;
            _rows[_count] = new LineRow(
                _anchorPosition, isNear ? (uint)_delta : uint.MaxValue, isNear ? _line : 0, Short(_file), Short(_column), _isStatement, isEnd);
        }

        _count++;
        _isAtEnd = isEnd;
    }

    private static ushort Short(uint number) => number <= ushort.MaxValue ? (ushort)number : (ushort)0;
}
