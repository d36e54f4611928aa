using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Crowd;

/// <summary>Programs with thousands of channels. With a number as its argument it asks, and lives through so many deaths of others; with <c>measure</c> it measures; without, it answers.</summary>
public static class CrowdProgram
{
    [Program]
    internal static void Main(in ProgramStart start)
    {
        ChannelSet set = ChannelSet.Of(in start, "lines"u8, start.Region("memory"u8));
        if (start.Arguments.Length != 0 && ArgumentReader.TryNumber(start.Arguments, out ulong deaths))
        {
            Asker asker = default;
            asker.Run(ref set, deaths);
            Say(new ConsoleClient(start.Find("console"u8)), in asker, set.Count);
        }
        else if (Text.AreEqual(start.Arguments, "measure"u8))
        {
            Meter.Run(ref set, new ConsoleClient(start.Find("console"u8)), start.TscHz);
        }
        else
        {
            Answerer.Run(ref set, start.TscHz);
        }

        ProgramExit.End(0);
    }

    private static void Say(ConsoleClient console, ref readonly Asker asker, uint ends)
    {
        TextBuffer text = default;
        text.Add("crowd: through, ends "u8);
        text.Add(ends);
        text.Add(", openings "u8);
        text.Add(asker.Openings);
        text.Add(", answers "u8);
        text.Add(asker.Answers);
        text.Add(", ended "u8);
        text.Add(asker.Ends);
        text.Add(", wrong "u8);
        text.Add(asker.Wrong);

        // Whoever hears the last line has heard the one before to its end.
        text.Add("\ncrowd: said\n"u8);
        if (console.Write(TextBuffer.View(in text), out _) != CallResult.Ok)
        {
            ProgramExit.End(2);
        }
    }
}
