using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Shell;

/// <summary><c>log</c>: what has stopped, on each core or on one: as the supervisor has seen it, and Init of each core, over whose other programs no supervisor watches.</summary>
internal static class EventReport
{
    internal static void Show(in Surroundings around, ref Informants informants, ReadOnlySpan<byte> argument)
    {
        CoreSet asked = informants.Ask(in around, argument);
        ulong told = 0;
        bool isTold = true;
        for (uint core = 0; core < informants.Cores; core++)
        {
            if (asked.Has(core))
            {
                isTold &= core != around.Core || TellWatch(in around, ref told);
                TellInit(in around, ref informants, core, ref told);
            }
        }

        if (told == 0 && isTold && !asked.IsEmpty)
        {
            around.Print("nothing has stopped\n"u8);
        }
    }

    // Whether the supervisor, if there is one, has answered.
    private static bool TellWatch(in Surroundings around, ref ulong told)
    {
        if (!around.HasWatch)
        {
            around.Print("this system has no supervisor\n"u8);
            return true;
        }

        if (around.Watch.Events(out ulong oldest, out ulong count) != CallResult.Ok)
        {
            around.Print("the supervisor does not answer\n"u8);
            return false;
        }

        ProgramName name = default;
        StopReport report = default;
        for (ulong number = oldest; number < count; number++)
        {
            Span<byte> field = Text.FieldOf(ref name);
            CallResult result = around.Watch.Event(
                number, field, out uint length, out report.Milliseconds, out report.Fault, out report.Rip, out report.Address, out report.Outcome, out bool isKnown);
            if (result == CallResult.Ok && isKnown)
            {
                Line(in around, around.Core, field.Slice(0, (int)length), in report);
                told++;
            }
        }

        return true;
    }

    private static void TellInit(in Surroundings around, ref Informants informants, uint core, ref ulong told)
    {
        ProgramName name = default;
        ulong count = informants.Events(core, out ulong oldest);
        for (ulong number = oldest; number < count; number++)
        {
            if (informants.TryEvent(core, number, out StopReport report) && Programs.TryDescribe(in around, report.Program, ref name, out ProgramFacts facts))
            {
                Line(in around, core, Text.FieldOf(ref name).Slice(0, (int)facts.NameLength), in report);
                told++;
            }
        }
    }

    private static void Line(in Surroundings around, uint core, ReadOnlySpan<byte> name, in StopReport report)
    {
        TextBuffer text = default;
        text.AddAligned(report.Milliseconds, 9);
        text.Add(" ms  core "u8);
        text.Add(core);
        text.Add("  "u8);
        text.AddPadded(name, 15);
        if (report.Outcome == WatchOutcome.Ended)
        {
            text.Add("ended with code "u8);
            text.Add(report.Address);
        }
        else
        {
            text.Add(FaultNames.Of((FaultKind)report.Fault));
            text.Add(" at "u8);
            text.AddHex(report.Rip);
            text.Add(", "u8);
            text.AddHex(report.Address);
            text.Add(": "u8);
            text.Add(WatchNames.Of(report.Outcome));
        }

        text.Add("\n"u8);
        around.Print(in text);
    }
}
