using System;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Errand;

/// <summary>Says lines on the console.</summary>
/// <param name="console">Slot of the console's channel.</param>
internal readonly struct Voice(uint console)
{
    /// <summary>A line that begins with what the program is.</summary>
    internal static TextBuffer Begin(ReadOnlySpan<byte> about)
    {
        TextBuffer text = default;
        text.Add("errand: "u8);
        text.Add(about);
        return text;
    }

    /// <summary>Says a line.</summary>
    internal void Say(ref TextBuffer text)
    {
        text.Add("\n"u8);
        if (new ConsoleClient(console).Write(TextBuffer.View(in text), out _) != CallResult.Ok)
        {
            ProgramExit.End(2);
        }
    }

    /// <summary>Says how something was answered.</summary>
    internal void Say(ReadOnlySpan<byte> about, ReadOnlySpan<byte> answer)
    {
        TextBuffer text = Begin(about);
        text.Add(": "u8);
        text.Add(answer);
        Say(ref text);
    }
}
