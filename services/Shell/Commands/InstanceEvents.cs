using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Shell;

/// <summary><c>instances events</c>: what has become of the machine's cores, and how the last order for each ended.</summary>
internal static class InstanceEvents
{
    internal static void Show(in Surroundings around)
    {
        if (!around.HasCoordinator)
        {
            around.Print("this system has no coordinator\n"u8);
            return;
        }

        if (around.Coordinator.Events(out ulong next, out ulong end) != CallResult.Ok)
        {
            around.Print("the coordinator does not answer\n"u8);
            return;
        }

        while (next < end && around.Coordinator.Event(
            next,
            out ulong number,
            out uint core,
            out MemberState state,
            out MemberCause cause,
            out ulong life,
            out ulong milliseconds,
            out bool isKnown) == CallResult.Ok && isKnown)
        {
            Line(in around, number, core, state, cause, life, milliseconds);
            next = number + 1;
        }

        for (uint core = 1; core < around.Cores; core++)
        {
            Ended(in around, core);
        }
    }

    private static void Line(
        in Surroundings around, ulong number, uint core, MemberState state, MemberCause cause, ulong life, ulong milliseconds)
    {
        TextBuffer text = default;
        text.AddAligned(number, 6);
        text.AddAligned(milliseconds, 9);
        text.Add(" ms  core "u8);
        text.Add(core);
        text.Add(", life "u8);
        text.Add(life);
        text.Add(": "u8);
        text.Add(CoresNames.Of(state));
        ReadOnlySpan<byte> why = CoresNames.Of(cause);
        text.Add(why.Length == 0 ? default : ", "u8);
        text.Add(why);
        text.Add("\n"u8);
        around.Print(in text);
    }

    private static void Ended(in Surroundings around, uint core)
    {
        CallResult told = around.Coordinator.Outcome(
            core, out uint number, out CoreOrder order, out OrderOutcome outcome, out uint left, out CoresAnswer answer);
        if (told != CallResult.Ok || answer != CoresAnswer.Done || number == 0)
        {
            return;
        }

        TextBuffer text = default;
        text.Add("core "u8);
        text.Add(core);
        text.Add(": order "u8);
        text.Add(number);
        text.Add(", "u8);
        text.Add(CoresNames.Of(order));
        text.Add(": "u8);
        text.Add(CoresNames.Of(outcome));
        text.Add("; restarts left: "u8);
        text.Add(left);
        text.Add("\n"u8);
        around.Print(in text);
    }
}
