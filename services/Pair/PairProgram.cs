using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Pair;

/// <summary>Two programs on two cores, of which one dies again and again. With a number as its argument it asks, and lives through so many lives of the other; with <c>measure</c> it measures; without, it answers.</summary>
public static class PairProgram
{
    [Program]
    internal static void Main(in ProgramStart start)
    {
        RingChannel channel = RingChannel.Of(in start, "other"u8);
        if (start.Arguments.Length != 0 && ArgumentReader.TryNumber(start.Arguments, out ulong lives))
        {
            Caller caller = default;
            bool isThrough = caller.Run(ref channel, lives);
            Say(new ConsoleClient(start.Find("console"u8)), in caller, isThrough);
            ProgramExit.End(isThrough ? (byte)0 : (byte)1);
        }

        if (Text.AreEqual(start.Arguments, "measure"u8))
        {
            Meter.Run(ref channel, new ConsoleClient(start.Find("console"u8)), start.TscHz);
        }
        else if (channel.Open() == ChannelResult.Done)
        {
            Answerer.Run(ref channel);
        }

        ProgramExit.End(0);
    }

    private static void Say(ConsoleClient console, ref readonly Caller caller, bool isThrough)
    {
        TextBuffer text = default;
        text.Add(isThrough ? "pair: through, "u8 : "pair: broken off, "u8);
        text.Add(caller.Answers);
        text.Add(" answers, "u8);
        text.Add(caller.Deaths);
        text.Add(" deaths, wrong "u8);
        text.Add(caller.Wrong + caller.Stale);
        text.Add("\n"u8);
        if (console.Write(TextBuffer.View(in text), out _) != CallResult.Ok)
        {
            ProgramExit.End(2);
        }
    }
}
