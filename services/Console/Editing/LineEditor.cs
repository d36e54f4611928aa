using System;
using Atoll.Services.Protocols;

namespace Atoll.Services.Console;

/// <summary>What a key did to the line that is being edited.</summary>
public enum EditOutcome : byte
{
    /// <summary>It goes on.</summary>
    Goes,

    /// <summary>The line is ended.</summary>
    Line,

    /// <summary>The person asks for completion.</summary>
    Complete,

    /// <summary>The line is given up.</summary>
    Interrupted,

    /// <summary>There will be no more lines.</summary>
    Ended,
}

/// <summary>A line that a person edits: prompt, text, cursor, and the lines before.</summary>
/// <remarks>The line is drawn on one row: of what is wider than the terminal, the part around the cursor.</remarks>
public struct LineEditor
{
    private LineBuffer _prompt;
    private LineBuffer _line;
    private History _history;

    /// <summary>The line as it is.</summary>
    public static ReadOnlySpan<byte> Line(ref readonly LineEditor editor) => LineBuffer.View(in editor._line);

    /// <summary>Begins a line.</summary>
    public void Begin(ReadOnlySpan<byte> prompt, ReadOnlySpan<byte> begun)
    {
        _prompt.Set(prompt);
        _line.Set(begun);
    }

    /// <summary>Takes a key.</summary>
    public EditOutcome Take(Key key, byte character)
    {
        switch (key)
        {
            case Key.Enter:
                _history.Add(LineBuffer.View(in _line));
                return EditOutcome.Line;
            case Key.Tab:
                return EditOutcome.Complete;
            case Key.Interrupt:
                return EditOutcome.Interrupted;
            case Key.EndOfInput when _line.Length == 0:
                return EditOutcome.Ended;
            case Key.Up:
                _ = _history.Back(ref _line);
                break;
            case Key.Down:
                _ = _history.Forward(ref _line);
                break;
            case Key.Character:
                _ = _line.Insert(character);
                break;
            default:
                Edit(key);
                break;
        }

        return EditOutcome.Goes;
    }

    /// <summary>Adds a character behind the line, and shows it: nothing else has to be drawn.</summary>
    /// <returns>False: the cursor is elsewhere, or there is no room in the row.</returns>
    public bool TryAppend(byte character, ref Terminal terminal)
    {
        if (_line.Cursor != _line.Length || _prompt.Length + _line.Length + 2 > terminal.Columns || !_line.Insert(character))
        {
            return false;
        }

        terminal.Send(character);
        return true;
    }

    private void Edit(Key key)
    {
        switch (key)
        {
            case Key.Backspace:
                _line.DeleteBefore(1);
                break;
            case Key.Delete:
            case Key.EndOfInput:
                _line.DeleteAfter(1);
                break;
            case Key.KillBefore:
                _line.DeleteBefore(_line.Cursor);
                break;
            case Key.KillAfter:
                _line.DeleteAfter(_line.Length);
                break;
            case Key.KillWord:
                _line.DeleteBefore(_line.WordBefore());
                break;
            case Key.Left:
                _line.MoveTo(_line.Cursor - 1);
                break;
            case Key.Right:
                _line.MoveTo(_line.Cursor + 1);
                break;
            case Key.Home:
                _line.MoveTo(0);
                break;
            case Key.End:
                _line.MoveTo(_line.Length);
                break;
        }
    }

    /// <summary>Draws prompt and line over whatever the row shows, and puts the cursor where it is.</summary>
    /// <param name="editor">The editor.</param>
    /// <param name="terminal">Where to.</param>
    public static void Draw(ref readonly LineEditor editor, ref Terminal terminal)
    {
        ReadOnlySpan<byte> prompt = LineBuffer.View(in editor._prompt);
        ReadOnlySpan<byte> line = LineBuffer.View(in editor._line);
        int room = (int)terminal.Columns - prompt.Length - 1;
        room = room < 1 ? 1 : room;
        int first = editor._line.Cursor > room ? editor._line.Cursor - room : 0;
        int shown = line.Length - first < room ? line.Length - first : room;
        terminal.Raw("\r"u8);
        terminal.Raw(prompt);
        terminal.Raw(line.Slice(first, shown));
        terminal.Raw("\x1B[K"u8);
        terminal.MoveLeft((uint)(first + shown - editor._line.Cursor));
    }
}
