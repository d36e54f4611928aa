using System;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Shell;

/// <summary>Completes the last word of a line: a command, or a program's name behind a command that takes one.</summary>
internal static class Completion
{
    /// <summary>Completes as far as all candidates agree. Several are listed.</summary>
    /// <param name="around">Whom to ask.</param>
    /// <param name="line">The line; what is added goes there.</param>
    /// <param name="length">How long it is.</param>
    /// <returns>How long it is now.</returns>
    internal static uint Complete(in Surroundings around, ref LineField line, uint length)
    {
        Span<byte> field = LineField.Of(ref line);
        int start = (int)length;
        while (start > 0 && field[start - 1] != ' ')
        {
            start--;
        }

        ReadOnlySpan<byte> begun = field.Slice(start, (int)length - start);
        bool isCommand = start == 0;
        if (!isCommand && !Catalogue.TakesProgram(Words.Of(field.Slice(0, start)).Command))
        {
            return length;
        }

        ProgramName common = default;
        int agreed = Agree(in around, begun, isCommand, ref common, out int candidates);
        if (candidates > 1 && agreed == begun.Length)
        {
            List(in around, begun, isCommand);
            return length;
        }

        Span<byte> word = Text.FieldOf(ref common);
        int end = start;
        for (int index = 0; index < agreed && end < field.Length; index++)
        {
            field[end++] = word[index];
        }

        if (candidates == 1 && end < field.Length)
        {
            field[end++] = (byte)' ';
        }

        return candidates == 0 ? length : (uint)end;
    }

    // Length of what all candidates begin with, and that text.
    private static int Agree(in Surroundings around, ReadOnlySpan<byte> begun, bool isCommand, ref ProgramName common, out int candidates)
    {
        candidates = 0;
        int agreed = 0;
        int count = isCommand ? Catalogue.Count : (int)Programs.Count(in around);
        ProgramName name = default;
        for (int index = 0; index < count; index++)
        {
            ReadOnlySpan<byte> candidate = Candidate(in around, index, isCommand, ref name);
            if (candidate.Length == 0 || !Text.StartsWith(candidate, begun))
            {
                continue;
            }

            Span<byte> word = Text.FieldOf(ref common);
            if (candidates++ == 0)
            {
                agreed = candidate.Length < word.Length ? candidate.Length : word.Length;
                for (int at = 0; at < agreed; at++)
                {
                    word[at] = candidate[at];
                }
            }
            else
            {
                agreed = SameLength(candidate, word.Slice(0, agreed));
            }
        }

        return agreed;
    }

    private static void List(in Surroundings around, ReadOnlySpan<byte> begun, bool isCommand)
    {
        TextBuffer text = default;
        text.Add("\n"u8);
        int count = isCommand ? Catalogue.Count : (int)Programs.Count(in around);
        ProgramName name = default;
        for (int index = 0; index < count; index++)
        {
            ReadOnlySpan<byte> candidate = Candidate(in around, index, isCommand, ref name);
            if (candidate.Length != 0 && Text.StartsWith(candidate, begun))
            {
                text.Add(candidate);
                text.Add("  "u8);
            }
        }

        text.Add("\n"u8);
        around.Print(in text);
    }

    private static ReadOnlySpan<byte> Candidate(in Surroundings around, int index, bool isCommand, ref ProgramName name)
    {
        if (isCommand)
        {
            return Catalogue.Name(index);
        }

        return Programs.TryDescribe(in around, (uint)index, ref name, out ProgramFacts facts)
            ? Text.FieldOf(ref name).Slice(0, (int)facts.NameLength)
            : default;
    }

    private static int SameLength(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        int length = first.Length < second.Length ? first.Length : second.Length;
        int at = 0;
        while (at < length && first[at] == second[at])
        {
            at++;
        }

        return at;
    }
}
