using System;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Churn;

/// <summary>Says in one line what was seen.</summary>
internal static class ChurnReport
{
    private const byte NotSaid = 3;

    /// <summary>Says it.</summary>
    internal static void Say(ConsoleClient console, in ChurnCounts counts, uint starts)
    {
        TextBuffer text = default;
        text.Add("churn:"u8);
        Add(ref text, " accepted "u8, counts.Accepted);
        Add(ref text, " unheard "u8, counts.Unheard);
        Add(ref text, " lost "u8, counts.Lost);
        Add(ref text, " refused "u8, counts.Refused);
        Add(ref text, " done "u8, counts.Done);
        Add(ref text, " by-policy "u8, counts.ByPolicy);
        Add(ref text, " spent "u8, counts.Spent);
        Add(ref text, " between "u8, counts.Between);
        Add(ref text, " again "u8, counts.Again);
        Add(ref text, " starts "u8, starts);
        Add(ref text, " wrong "u8, counts.Wrong);
        text.Add(" churned\n"u8);
        if (console.Write(TextBuffer.View(in text), out _) != CallResult.Ok)
        {
            ProgramExit.End(NotSaid);
        }
    }

    private static void Add(ref TextBuffer text, ReadOnlySpan<byte> what, uint number)
    {
        text.Add(what);
        text.Add(number);
    }
}
