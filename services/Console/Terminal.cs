using System;
using Atoll.Services.Lib;

namespace Atoll.Services.Console;

/// <summary>The terminal at the other end of the line.</summary>
public struct Terminal
{
    private const uint ColumnsUsual = 80;
    private const uint ColumnsLeast = 10;
    private const uint ColumnsMost = 1000;

    private UartDriver _uart;

    /// <summary>Begins, with the width that terminals have until this one says another.</summary>
    public Terminal(in UartDriver uart)
    {
        _uart = uart;
        Columns = ColumnsUsual;
    }

    /// <summary>Characters in a row.</summary>
    public uint Columns { get; private set; }

    /// <summary>Begins to listen, and asks the terminal how wide it is: it answers with a <see cref="Key.CursorReport"/>, or not at all.</summary>
    public void Begin(ref ByteQueue received)
    {
        _uart.Begin();
        _uart.Receive(ref received);
    }

    /// <summary>Asks how wide it is: the cursor goes as far right as it can, says where it is, and comes back.</summary>
    public void AskWidth() => Raw("\u001B7\u001B[999C\u001B[6n\u001B8"u8);

    /// <summary>The terminal has said where its right end is.</summary>
    public void SetColumns(uint columns)
    {
        if (columns is >= ColumnsLeast and <= ColumnsMost)
        {
            Columns = columns;
        }
    }

    /// <summary>Serves an interrupt of the line.</summary>
    public void Serve(ref ByteQueue received) => _uart.Serve(ref received);

    /// <summary>Writes a byte as it is.</summary>
    public void Send(byte value) => _uart.Send(value);

    /// <summary>Writes bytes as they are.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        for (int index = 0; index < bytes.Length; index++)
        {
            _uart.Send(bytes[index]);
        }
    }

    /// <summary>Writes text: a line feed also returns to the beginning of the row.</summary>
    public void Text(ReadOnlySpan<byte> text)
    {
        for (int index = 0; index < text.Length; index++)
        {
            if (text[index] == '\n')
            {
                _uart.Send((byte)'\r');
            }

            _uart.Send(text[index]);
        }
    }

    /// <summary>Moves the cursor to the left.</summary>
    public void MoveLeft(uint count)
    {
        if (count == 0)
        {
            return;
        }

        Raw("\x1B["u8);
        bool hasBegun = false;
        for (uint unit = 1000; unit != 0; unit /= 10)
        {
            uint digit = count / unit % 10;
            hasBegun |= digit != 0 || unit == 1;
            if (hasBegun)
            {
                _uart.Send((byte)('0' + digit));
            }
        }

        Raw("D"u8);
    }
}
