namespace Atoll.Services.Console;

/// <summary>A key of a terminal.</summary>
public enum Key : byte
{
    /// <summary>Not yet: a sequence goes on. Or one that means nothing here.</summary>
    None,

    /// <summary>A character to insert.</summary>
    Character,

    /// <summary>End of the line.</summary>
    Enter,

    /// <summary>Deletes the character before the cursor.</summary>
    Backspace,

    /// <summary>Deletes the character at the cursor; in an empty line, the end of input.</summary>
    Delete,

    /// <summary>Completion.</summary>
    Tab,

    /// <summary>One to the left.</summary>
    Left,

    /// <summary>One to the right.</summary>
    Right,

    /// <summary>The line before.</summary>
    Up,

    /// <summary>The line after.</summary>
    Down,

    /// <summary>To the beginning.</summary>
    Home,

    /// <summary>To the end.</summary>
    End,

    /// <summary>Gives the line up.</summary>
    Interrupt,

    /// <summary>End of input, in an empty line.</summary>
    EndOfInput,

    /// <summary>Deletes all before the cursor.</summary>
    KillBefore,

    /// <summary>Deletes all from the cursor on.</summary>
    KillAfter,

    /// <summary>Deletes the word before the cursor.</summary>
    KillWord,

    /// <summary>Clears the screen.</summary>
    Clear,

    /// <summary>The terminal said where its cursor is.</summary>
    CursorReport,
}

/// <summary>Makes keys of the bytes that a terminal sends.</summary>
/// <remarks>Source: ECMA-48, "Control functions"; XTerm Control Sequences, "PC-Style Function Keys" and "Device Status Report".</remarks>
public struct KeyDecoder
{
    private const byte Escape = 0x1B;
    private const uint NumberMax = 9999;

    private State _state;
    private uint _number;
    private uint _firstNumber;

    private enum State : byte
    {
        Plain,
        Escaped,
        Sequence,
    }

    /// <summary>The character, after <see cref="Key.Character"/>.</summary>
    public byte Character { get; private set; }

    /// <summary>The column, after <see cref="Key.CursorReport"/>.</summary>
    public readonly uint Column => _number;

    /// <summary>Takes a byte.</summary>
    public Key Take(byte value)
    {
        switch (_state)
        {
            case State.Escaped:
                _state = value is (byte)'[' or (byte)'O' ? State.Sequence : State.Plain;
                _number = 0;
                _firstNumber = 0;
                return Key.None;
            case State.Sequence:
                return TakeOfSequence(value);
            default:
                return TakePlain(value);
        }
    }

    private Key TakePlain(byte value)
    {
        if (value == Escape)
        {
            _state = State.Escaped;
            return Key.None;
        }

        Character = value;
        return value switch
        {
            0x01 => Key.Home,
            0x02 => Key.Left,
            0x03 => Key.Interrupt,
            0x04 => Key.EndOfInput,
            0x05 => Key.End,
            0x06 => Key.Right,
            0x08 or 0x7F => Key.Backspace,
            0x09 => Key.Tab,
            0x0A or 0x0D => Key.Enter,
            0x0B => Key.KillAfter,
            0x0C => Key.Clear,
            0x0E => Key.Down,
            0x10 => Key.Up,
            0x15 => Key.KillBefore,
            0x17 => Key.KillWord,
            < 0x20 => Key.None,
            _ => Key.Character,
        };
    }

    private Key TakeOfSequence(byte value)
    {
        if (value is >= (byte)'0' and <= (byte)'9')
        {
            _number = _number > NumberMax ? _number : (_number * 10) + value - '0';
            return Key.None;
        }

        if (value == ';')
        {
            _firstNumber = _number;
            _number = 0;
            return Key.None;
        }

        _state = State.Plain;
        return value switch
        {
            (byte)'A' => Key.Up,
            (byte)'B' => Key.Down,
            (byte)'C' => Key.Right,
            (byte)'D' => Key.Left,
            (byte)'H' => Key.Home,
            (byte)'F' => Key.End,
            (byte)'R' when _firstNumber != 0 => Key.CursorReport,
            (byte)'~' => OfNumber(_number),
            _ => Key.None,
        };
    }

    private static Key OfNumber(uint number) => number switch
    {
        1 or 7 => Key.Home,
        3 => Key.Delete,
        4 or 8 => Key.End,
        _ => Key.None,
    };
}
