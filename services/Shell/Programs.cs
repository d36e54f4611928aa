using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Shell;

/// <summary>Finds programs by name.</summary>
internal static class Programs
{
    /// <summary>Programs of the system.</summary>
    internal static uint Count(in Surroundings around)
    {
        ProgramName name = default;
        return around.System.Programs(Text.FieldOf(ref name), out _, out uint count) == CallResult.Ok ? count : 0;
    }

    /// <summary>How a program is.</summary>
    internal static bool TryDescribe(in Surroundings around, uint program, ref ProgramName name, out ProgramFacts facts)
    {
        facts = default;
        CallResult result = around.System.Describe(
            program,
            Text.FieldOf(ref name),
            out facts.NameLength,
            out facts.State,
            out facts.Starts,
            out facts.Priority,
            out facts.MemoryBytes,
            out facts.Microseconds,
            out facts.SystemCalls,
            out SystemAnswer answer);
        return result == CallResult.Ok && answer == SystemAnswer.Done;
    }

    /// <summary>Adds the name of the program with a badge, and spaces up to a width.</summary>
    internal static void AddName(in Surroundings around, ulong badge, ref TextBuffer text, int width)
    {
        ProgramName name = default;
        bool isKnown = TryDescribe(in around, (uint)badge - 1, ref name, out ProgramFacts facts);
        text.AddPadded(isKnown ? Text.FieldOf(ref name).Slice(0, (int)facts.NameLength) : "?"u8, width);
    }

    /// <summary>Finds a program of this core, or says that there is none.</summary>
    internal static bool TryFind(in Surroundings around, ReadOnlySpan<byte> wanted, out uint program)
    {
        uint count = Count(in around);
        ProgramName name = default;
        for (program = 0; program < count; program++)
        {
            if (TryDescribe(in around, program, ref name, out ProgramFacts facts)
                && Text.AreEqual(Text.FieldOf(ref name).Slice(0, (int)facts.NameLength), wanted))
            {
                return true;
            }
        }

        TextBuffer text = default;
        text.Add(wanted.Length == 0 ? "which program? 'ps' lists them"u8 : "no program is called '"u8);
        text.Add(wanted);
        text.Add(wanted.Length == 0 ? "\n"u8 : "'; 'ps' lists them\n"u8);
        around.Print(in text);
        return false;
    }
}

/// <summary>How a program is.</summary>
internal struct ProgramFacts
{
    internal uint NameLength;
    internal ProgramState State;
    internal uint Starts;
    internal uint Priority;
    internal ulong MemoryBytes;
    internal ulong Microseconds;
    internal ulong SystemCalls;
}
