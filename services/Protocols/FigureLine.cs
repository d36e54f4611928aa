using System;
using Atoll.Services.Lib;

namespace Atoll.Services.Protocols;

/// <summary>How a program that measures says a figure: what <c>./build.sh bench across</c> reads.</summary>
public static class FigureLine
{
    /// <summary>Says <c>PROGRAM: figure NAME TICKS of COUNT</c>.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="program">Who says it.</param>
    /// <param name="name">What was measured.</param>
    /// <param name="ticks">TSC ticks of all.</param>
    /// <param name="count">How many there were.</param>
    /// <returns>Whether it was taken.</returns>
    public static bool Say(ConsoleClient console, ReadOnlySpan<byte> program, ReadOnlySpan<byte> name, ulong ticks, ulong count)
    {
        TextBuffer text = default;
        text.Add(program);
        text.Add(": figure "u8);
        text.Add(name);
        text.Add(" "u8);
        text.Add(ticks);
        text.Add(" of "u8);
        text.Add(count);
        text.Add("\n"u8);
        return console.Write(TextBuffer.View(in text), out _) == CallResult.Ok;
    }
}
