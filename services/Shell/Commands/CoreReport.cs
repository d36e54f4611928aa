using System;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Shell;

/// <summary><c>cores</c>: what this core's kernel did. Other instances are not asked: each has an Init of its own.</summary>
internal static class CoreReport
{
    internal static void Show(in Surroundings around)
    {
        TextBuffer text = default;
        text.Add("core "u8);
        text.Add(around.Core);
        text.Add(" of "u8);
        text.Add(around.Cores);
        text.Add(", each with a kernel of its own\n"u8);
        around.Print(in text);
        Figure(in around, "system calls, the long way"u8, InstanceFigure.SystemCalls, isTime: false);
        Figure(in around, "switches between threads"u8, InstanceFigure.Switches, isTime: false);
        Figure(in around, "interrupts from programs"u8, InstanceFigure.Interrupts, isTime: false);
        Figure(in around, "turns of the event loop"u8, InstanceFigure.Turns, isTime: false);
        Figure(in around, "microseconds asleep"u8, InstanceFigure.SleptTicks, isTime: true);
        Figure(in around, "longest stretch in the kernel, ticks"u8, InstanceFigure.LongestStretch, isTime: false);
    }

    private static void Figure(in Surroundings around, ReadOnlySpan<byte> name, InstanceFigure figure, bool isTime)
    {
        if (around.Figures.Read(figure, out ulong value) != SystemResult.Ok)
        {
            return;
        }

        TextBuffer text = default;
        text.AddPadded(name, 38);
        text.AddAligned(isTime ? around.Microseconds(value) : value, 14);
        text.Add("\n"u8);
        around.Print(in text);
    }
}
