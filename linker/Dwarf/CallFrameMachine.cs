using Atoll.Abi;
using Atoll.Linker.Binary;
using Atoll.Linker.Model;
using static Atoll.Linker.Dwarf.DwarfNative;

namespace Atoll.Linker.Dwarf;

/// <summary>Runs call frame instructions and says, from each offset on, where CFA and the caller's RBP are.</summary>
/// <remarks>
/// Follows CFA and RBP only: that is all a backtrace needs. A rule it cannot express becomes
/// <see cref="UnwindRule.End"/>. Source: DWARF 4, 6.4.2 "Call Frame Instructions".
/// </remarks>
public sealed class CallFrameMachine
{
    /// <summary>Most rows of one function: a program of n bytes cannot make more, a hostile one shall not
    /// try.</summary>
    private const int RememberedMax = 64;

    private readonly CommonFrame _common;
    private readonly List<CallFrameRow> _rows = [];
    private readonly Stack<State> _remembered = new();
    private ulong _location;
    private State _state = new(-1, 0, 0);
    private State _initial;

    private CallFrameMachine(CommonFrame common) => _common = common;

    /// <summary>Runs a function's instructions after its CIE's.</summary>
    /// <returns>Rows in ascending order, offsets relative to the function; null when an instruction is damaged or
    /// unknown.</returns>
    public static List<CallFrameRow>? Run(CommonFrame common, ReadOnlySpan<byte> instructions, ulong lengthBytes)
    {
        CallFrameMachine machine = new(common);
        if (!machine.Execute(common.Instructions.Span, lengthBytes) || machine._location != 0)
        {
            return null;
        }

        machine._initial = machine._state;
        if (!machine.Execute(instructions, lengthBytes))
        {
            return null;
        }

        machine.AddRow();
        return machine._rows;
    }

    private bool Execute(ReadOnlySpan<byte> instructions, ulong lengthBytes)
    {
        ByteCursor cursor = new(instructions);
        while (!cursor.IsAtEnd)
        {
            if (!Step(ref cursor) || _location > lengthBytes)
            {
                return false;
            }
        }

        return !cursor.Failed;
    }

    private bool Step(ref ByteCursor cursor)
    {
        byte opcode = cursor.U8();
        byte operand = (byte)(opcode & 0x3F);
        switch (opcode & 0xC0)
        {
            case DW_CFA_advance_loc:
                return Advance(operand);
            case DW_CFA_offset:
                return Save(operand, (long)cursor.Uleb());
            case DW_CFA_restore:
                return Restore(operand);
            default:
                return StepExtended(operand, ref cursor);
        }
    }

    // One case per instruction of the standard: long, flat, and in the order of the opcodes.
    private bool StepExtended(byte opcode, ref ByteCursor cursor)
    {
        switch (opcode)
        {
            case DW_CFA_nop:
                return true;
            case DW_CFA_advance_loc1:
                return Advance(cursor.U8());
            case DW_CFA_advance_loc2:
                return Advance(cursor.U16());
            case DW_CFA_advance_loc4:
                return Advance(cursor.U32());
            case DW_CFA_offset_extended:
                return Save(cursor.Uleb(), (long)cursor.Uleb());
            case DW_CFA_offset_extended_sf:
                return Save(cursor.Uleb(), cursor.Sleb());
            case DW_CFA_restore_extended:
                return Restore(cursor.Uleb());
            case DW_CFA_undefined:
            case DW_CFA_same_value:
                return Forget(cursor.Uleb());
            case DW_CFA_register:
                cursor.Uleb();
                return Forget(cursor.Uleb());
            case DW_CFA_remember_state:
                _remembered.Push(_state);
                return _remembered.Count <= RememberedMax;
            case DW_CFA_restore_state:
                return _remembered.TryPop(out _state);
            case DW_CFA_def_cfa:
                return DefineCfa((long)cursor.Uleb(), (long)cursor.Uleb());
            case DW_CFA_def_cfa_sf:
                return DefineCfa((long)cursor.Uleb(), unchecked(cursor.Sleb() * _common.DataAlignment));
            case DW_CFA_def_cfa_register:
                return DefineCfa((long)cursor.Uleb(), _state.CfaOffset);
            case DW_CFA_def_cfa_offset:
                return DefineCfa(_state.CfaRegister, (long)cursor.Uleb());
            case DW_CFA_def_cfa_offset_sf:
                return DefineCfa(_state.CfaRegister, unchecked(cursor.Sleb() * _common.DataAlignment));
            default:
                return false;
        }
    }

    private bool Advance(ulong delta)
    {
        if (delta > 0)
        {
            AddRow();
            _location += unchecked(delta * _common.CodeAlignment);
        }

        return true;
    }

    private bool Save(ulong register, long factoredOffset)
    {
        if (register == RegisterRbp)
        {
            _state = _state with { FramePointerOffset = unchecked(factoredOffset * _common.DataAlignment) };
        }

        return true;
    }

    private bool Restore(ulong register)
    {
        if (register == RegisterRbp)
        {
            _state = _state with { FramePointerOffset = _initial.FramePointerOffset };
        }

        return true;
    }

    private bool Forget(ulong register)
    {
        if (register == RegisterRbp)
        {
            _state = _state with { FramePointerOffset = 0 };
        }

        return true;
    }

    private bool DefineCfa(long register, long offset)
    {
        _state = _state with { CfaRegister = register, CfaOffset = offset };
        return true;
    }

    private void AddRow()
    {
        CallFrameRow row = RowOf(_state);
        bool isRepeated = _rows.Count > 0 && _rows[^1] with { CodeOffset = row.CodeOffset } == row;
        if (!isRepeated)
        {
            _rows.Add(row);
        }
    }

    private CallFrameRow RowOf(State state)
    {
        UnwindRule rule = state.CfaRegister switch
        {
            RegisterRsp => UnwindRule.FromStackPointer,
            RegisterRbp => UnwindRule.FromFramePointer,
            _ => UnwindRule.End,
        };
        long slot = -state.FramePointerOffset / sizeof(ulong);
        bool isExpressible = state.CfaOffset is >= 0 and <= ushort.MaxValue
            && slot is >= 0 and <= byte.MaxValue && slot * sizeof(ulong) == -state.FramePointerOffset;
        return isExpressible && rule != UnwindRule.End
            ? new CallFrameRow((int)_location, rule, (int)state.CfaOffset, (int)slot)
            : new CallFrameRow((int)_location, UnwindRule.End, 0, 0);
    }

    private readonly record struct State(long CfaRegister, long CfaOffset, long FramePointerOffset);
}
