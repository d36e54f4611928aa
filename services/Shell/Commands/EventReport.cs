using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Shell;

/// <summary><c>log</c>: what the supervisor has seen.</summary>
internal static class EventReport
{
    internal static void Show(in Surroundings around)
    {
        if (!around.HasWatch)
        {
            around.Print("this system has no supervisor\n"u8);
            return;
        }

        if (around.Watch.Events(out ulong oldest, out ulong count) != CallResult.Ok)
        {
            around.Print("the supervisor does not answer\n"u8);
            return;
        }

        if (count == 0)
        {
            around.Print("nothing has stopped\n"u8);
        }

        ProgramName name = default;
        for (ulong number = oldest; number < count; number++)
        {
            Span<byte> field = Text.FieldOf(ref name);
            CallResult result = around.Watch.Event(
                number,
                field,
                out uint length,
                out ulong milliseconds,
                out uint fault,
                out ulong rip,
                out ulong address,
                out WatchOutcome outcome,
                out bool isKnown);
            if (result == CallResult.Ok && isKnown)
            {
                Line(in around, field.Slice(0, (int)length), milliseconds, (FaultKind)fault, rip, address, outcome);
            }
        }
    }

    private static void Line(
        in Surroundings around,
        ReadOnlySpan<byte> name,
        ulong milliseconds,
        FaultKind fault,
        ulong rip,
        ulong address,
        WatchOutcome outcome)
    {
        TextBuffer text = default;
        text.AddAligned(milliseconds, 9);
        text.Add(" ms  "u8);
        text.AddPadded(name, 15);
        if (outcome == WatchOutcome.Ended)
        {
            text.Add("ended with code "u8);
            text.Add(address);
        }
        else
        {
            text.Add(FaultNames.Of(fault));
            text.Add(" at "u8);
            text.AddHex(rip);
            text.Add(", "u8);
            text.AddHex(address);
            text.Add(": "u8);
            text.Add(WatchNames.Of(outcome));
        }

        text.Add("\n"u8);
        around.Print(in text);
    }
}
