using System;

namespace Atoll.Services.Shell;

/// <summary>A line in words: a command and what stands behind it.</summary>
internal readonly ref struct Words
{
    private Words(ReadOnlySpan<byte> command, ReadOnlySpan<byte> argument)
    {
        Command = command;
        Argument = argument;
    }

    /// <summary>The first word.</summary>
    internal ReadOnlySpan<byte> Command { get; }

    /// <summary>The rest, without spaces around it.</summary>
    internal ReadOnlySpan<byte> Argument { get; }

    internal static Words Of(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> text = Trim(line);
        int end = 0;
        while (end < text.Length && text[end] != ' ')
        {
            end++;
        }

        return new Words(text.Slice(0, end), Trim(text.Slice(end, text.Length - end)));
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        int first = 0;
        int end = text.Length;
        while (first < end && text[first] == ' ')
        {
            first++;
        }

        while (end > first && text[end - 1] == ' ')
        {
            end--;
        }

        return text.Slice(first, end - first);
    }
}
