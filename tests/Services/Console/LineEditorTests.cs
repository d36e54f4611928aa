using System.Text;
using Atoll.Services.Console;

namespace Atoll.Services.Tests.Console;

/// <summary>What keys do to a line, held against plain strings.</summary>
public sealed class LineEditorTests
{
    [Theory]
    [InlineData("abc", "abc")]
    [InlineData("abc<", "ab")]
    [InlineData("abcLLX", "aXbc")]
    [InlineData("abcHX", "Xabc")]
    [InlineData("abcHXE.", "Xabc.")]
    [InlineData("abcLD", "ab")]
    [InlineData("one two W", "one ")]
    [InlineData("one twoLLLK", "one ")]
    [InlineData("one twoLLLU", "two")]
    [InlineData("<<LLRRDD", "")]
    public void Edits(string keys, string expected)
    {
        LineEditor editor = default;
        editor.Begin("> "u8, default);
        Press(ref editor, keys);
        Assert.Equal(expected, Line(in editor));
    }

    [Fact]
    public void History_GoesBackAndForth()
    {
        LineEditor editor = default;
        foreach (string line in new[] { "first", "second", "second", "" })
        {
            editor.Begin("> "u8, Encoding.ASCII.GetBytes(line));
            Assert.Equal(EditOutcome.Line, editor.Take(Key.Enter, 0));
        }

        editor.Begin("> "u8, default);
        Assert.Equal("second", After(ref editor, Key.Up));
        Assert.Equal("first", After(ref editor, Key.Up));
        Assert.Equal("first", After(ref editor, Key.Up));
        Assert.Equal("second", After(ref editor, Key.Down));
        Assert.Equal("", After(ref editor, Key.Down));
        Assert.Equal("", After(ref editor, Key.Down));
    }

    [Fact]
    public void History_KeepsTheNewest()
    {
        LineEditor editor = default;
        for (int i = 0; i < 20; i++)
        {
            editor.Begin("> "u8, Encoding.ASCII.GetBytes($"line {i}"));
            _ = editor.Take(Key.Enter, 0);
        }

        editor.Begin("> "u8, default);
        for (int i = 19; i >= 14; i--)
        {
            Assert.Equal($"line {i}", After(ref editor, Key.Up));
        }

        Assert.Equal("line 14", After(ref editor, Key.Up));
    }

    [Fact]
    public void EndOfInput_EndsAnEmptyLineOnly()
    {
        LineEditor editor = default;
        editor.Begin("> "u8, "x"u8);
        Assert.Equal(EditOutcome.Goes, editor.Take(Key.EndOfInput, 0));
        editor.Begin("> "u8, default);
        Assert.Equal(EditOutcome.Ended, editor.Take(Key.EndOfInput, 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RandomKeys_DoWhatTheyDoToAString(int seed)
    {
        Random random = new(seed);
        LineEditor editor = default;
        editor.Begin("> "u8, default);
        (string text, int cursor) model = ("", 0);
        for (int i = 0; i < 20_000; i++)
        {
            char key = "abc  <DLRHEKUW"[random.Next(14)];
            Press(ref editor, key.ToString());
            model = Apply(model.text, model.cursor, key);
            Assert.True(model.text == Line(in editor), $"seed {seed}, step {i}, key '{key}': '{model.text}' became '{Line(in editor)}'");
        }
    }

    private static (string Text, int Cursor) Apply(string text, int cursor, char key)
    {
        switch (key)
        {
            case '<':
                return cursor == 0 ? (text, 0) : (text.Remove(cursor - 1, 1), cursor - 1);
            case 'D':
                return cursor == text.Length ? (text, cursor) : (text.Remove(cursor, 1), cursor);
            case 'L':
                return (text, int.Max(cursor - 1, 0));
            case 'R':
                return (text, int.Min(cursor + 1, text.Length));
            case 'H':
                return (text, 0);
            case 'E':
                return (text, text.Length);
            case 'K':
                return (text[..cursor], cursor);
            case 'U':
                return (text[cursor..], 0);
            case 'W':
                int start = text[..cursor].TrimEnd(' ').LastIndexOf(' ') + 1;
                return (text.Remove(start, cursor - start), start);
            default:
                return text.Length == LineBuffer.Capacity ? (text, cursor) : (text.Insert(cursor, key.ToString()), cursor + 1);
        }
    }

    private static void Press(ref LineEditor editor, string keys)
    {
        foreach (char key in keys)
        {
            Key pressed = key switch
            {
                '<' => Key.Backspace,
                'D' => Key.Delete,
                'L' => Key.Left,
                'R' => Key.Right,
                'H' => Key.Home,
                'E' => Key.End,
                'K' => Key.KillAfter,
                'U' => Key.KillBefore,
                'W' => Key.KillWord,
                _ => Key.Character,
            };
            Assert.Equal(EditOutcome.Goes, editor.Take(pressed, (byte)key));
        }
    }

    private static string After(ref LineEditor editor, Key key)
    {
        _ = editor.Take(key, 0);
        return Line(in editor);
    }

    private static string Line(in LineEditor editor) => Encoding.ASCII.GetString(LineEditor.Line(in editor));
}
