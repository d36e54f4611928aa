using Atoll.Services.Lib;

namespace Atoll.Services.Shell;

/// <summary><c>cores</c>: what the kernel of each core did, as Init there tells it.</summary>
internal static class CoreReport
{
    internal static void Show(in Surroundings around, ref Informants informants)
    {
        bool isWide = around.IsWide;
        TextBuffer text = default;
        text.Add("core "u8);
        text.Add(around.Core);
        text.Add(" of "u8);
        text.Add(around.Cores);
        text.Add(isWide
            ? ", each with a kernel of its own\ncore  long calls  switches  interrupts     turns  asleep ms  longest ticks\n"u8
            : "\ncore  long calls  asleep ms\n"u8);
        around.Print(in text);
        CoreSet answering = informants.Ask();
        for (uint core = 0; core < informants.Cores; core++)
        {
            if (answering.Has(core) && informants.TryFigures(core, out KernelFigures figures))
            {
                Line(in around, core, in figures, isWide);
            }
        }

        informants.TellSilent(in around, answering);
    }

    // Longest: the longest stretch without an answer to an interrupt.
    private static void Line(in Surroundings around, uint core, in KernelFigures figures, bool isWide)
    {
        TextBuffer text = default;
        text.AddAligned(core, 4);
        text.AddAligned(figures.SystemCalls, 12);
        if (isWide)
        {
            text.AddAligned(figures.Switches, 10);
            text.AddAligned(figures.Interrupts, 12);
            text.AddAligned(figures.Turns, 10);
        }

        text.AddAligned(figures.AsleepMicroseconds / 1000, 11);
        if (isWide)
        {
            text.AddAligned(figures.LongestTicks, 15);
        }

        text.Add("\n"u8);
        around.Print(in text);
    }
}
