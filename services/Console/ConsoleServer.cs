using System;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Console;

/// <summary>Serves the console: writes for everybody, edits lines for one at a time.</summary>
/// <remarks>Text that is written while a line is being edited goes above it: the line is drawn again below.</remarks>
public struct ConsoleServer : IConsoleServer
{
    private const uint Nobody = 0;

    private Terminal _terminal;
    private LineEditor _editor;
    private KeyDecoder _keys;
    private ByteQueue _received;
    private uint _reader;
    private bool _hasAskedWidth;
    private bool _isAtStart;

    /// <summary>Begins to listen.</summary>
    public ConsoleServer(in UartDriver uart)
    {
        _terminal = new Terminal(in uart);
        _isAtStart = true;
        _terminal.Begin(ref _received);
    }

    /// <inheritdoc/>
    public readonly ulong NextDeadline => Deadline.Never;

    /// <inheritdoc/>
    public ConsoleResult Write(in Caller caller, ReadOnlySpan<byte> text)
    {
        if (_reader == Nobody)
        {
            _terminal.Text(text);
            _isAtStart = text.Length == 0 ? _isAtStart : text[text.Length - 1] == '\n';
            return ConsoleResult.Line;
        }

        // A record for the host begins a line of its own.
        bool isRecord = text.Length != 0 && text[0] == '@';
        _terminal.Raw(isRecord ? "\r\u001B[K\r\n"u8 : "\r\u001B[K"u8);
        _terminal.Text(text);
        if (text.Length != 0 && text[text.Length - 1] != '\n')
        {
            _terminal.Raw("\r\n"u8);
        }

        LineEditor.Draw(in _editor, ref _terminal);
        return ConsoleResult.Line;
    }

    /// <inheritdoc/>
    public uint Columns(in Caller caller) => _terminal.Columns;

    /// <inheritdoc/>
    public void ReadLine(in Caller caller, uint reply, ReadOnlySpan<byte> prompt, ReadOnlySpan<byte> begun, uint lineCapacity)
    {
        if (_reader != Nobody)
        {
            _ = ConsoleReply.ReadLine(reply, ConsoleResult.Taken, default);
            return;
        }

        if (!_hasAskedWidth)
        {
            _hasAskedWidth = true;
            _terminal.AskWidth();
        }

        if (!_isAtStart)
        {
            _terminal.Raw("\r\n"u8);
        }

        _reader = reply;
        _editor.Begin(prompt, begun);
        LineEditor.Draw(in _editor, ref _terminal);
        TakeKeys();
    }

    /// <inheritdoc/>
    public void Signalled(ulong bits)
    {
        _terminal.Serve(ref _received);
        TakeKeys();
    }

    /// <inheritdoc/>
    public readonly void Elapsed()
    {
    }

    // What comes while nobody reads waits for the next line.
    private void TakeKeys()
    {
        bool hasChanged = false;
        while (_reader != Nobody && _received.TryTake(out byte value))
        {
            Key key = _keys.Take(value);
            if (key == Key.CursorReport)
            {
                _terminal.SetColumns(_keys.Column);
            }
            else if (key == Key.Clear)
            {
                _terminal.Raw("\u001B[H\u001B[2J"u8);
            }

            if (!hasChanged && key == Key.Character && _editor.TryAppend(_keys.Character, ref _terminal))
            {
                continue;
            }

            hasChanged |= key != Key.None;
            EditOutcome outcome = _editor.Take(key, _keys.Character);
            if (outcome != EditOutcome.Goes)
            {
                LineEditor.Draw(in _editor, ref _terminal);
                Finish(outcome);
                return;
            }
        }

        if (hasChanged)
        {
            LineEditor.Draw(in _editor, ref _terminal);
        }
    }

    private void Finish(EditOutcome outcome)
    {
        ConsoleResult result = outcome switch
        {
            EditOutcome.Line => ConsoleResult.Line,
            EditOutcome.Complete => ConsoleResult.Complete,
            EditOutcome.Interrupted => ConsoleResult.Interrupted,
            _ => ConsoleResult.Ended,
        };

        if (result != ConsoleResult.Complete)
        {
            _terminal.Raw(result == ConsoleResult.Interrupted ? "^C\r\n"u8 : "\r\n"u8);
        }

        _isAtStart = true;
        uint reader = _reader;
        _reader = Nobody;
        _ = ConsoleReply.ReadLine(reader, result, LineEditor.Line(in _editor));
    }
}
