using System.Runtime.CompilerServices;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Pair;

/// <summary>Two programs on two cores, of which one dies again and again.</summary>
/// <remarks>With a number as its argument it asks, and lives through so many lives of the other; with <c>measure</c> it measures; with <c>echo</c> it answers every message; without, it answers the protocol.</remarks>
public static class PairProgram
{
    [Program]
    internal static void Main(in ProgramStart start)
    {
        if (start.Arguments.Length != 0 && ArgumentReader.TryNumber(start.Arguments, out ulong lives))
        {
            Ask(in start, lives);
        }

        if (start.Arguments.Length == 0)
        {
            Answer(in start);
        }

        RingChannel channel = RingChannel.Of(in start, "other"u8);
        if (Text.AreEqual(start.Arguments, "measure"u8))
        {
            Meter.Run(in start, ref channel);
        }
        else if (channel.Open() == ChannelResult.Done)
        {
            Echo.Run(ref channel);
        }

        ProgramExit.End(0);
    }

    private static void Ask(in ProgramStart start, ulong lives)
    {
        PairClient<ChannelTransport> other = default;
        other.Transport.Channel = RingChannel.Of(in start, "other"u8);
        Asker asker = default;
        bool isThrough = asker.Run(ref other, lives);
        Say(new ConsoleClient(start.Find("console"u8)), in asker, isThrough);
        ProgramExit.End(isThrough ? (byte)0 : (byte)1);
    }

    private static void Answer(in ProgramStart start)
    {
        OneCaller callers = default;
        callers[0].Channel = RingChannel.Of(in start, "other"u8);
        Answerer answerer = default;
        _ = ChannelLoop.Run<PairDispatch<Answerer>, Answerer, OneCaller>(ref answerer, ref callers);
        ProgramExit.End(3);
    }

    private static void Say(ConsoleClient console, ref readonly Asker asker, bool isThrough)
    {
        TextBuffer text = default;
        text.Add(isThrough ? "pair: through, "u8 : "pair: broken off, "u8);
        text.Add(asker.Answers);
        text.Add(" answers, "u8);
        text.Add(asker.Deaths);
        text.Add(" deaths, wrong "u8);
        text.Add(asker.Wrong + asker.Stale);
        text.Add("\n"u8);
        if (console.Write(TextBuffer.View(in text), out _) != CallResult.Ok)
        {
            ProgramExit.End(2);
        }
    }

    [NonCopyable]
    [InlineArray(1)]
    private struct OneCaller : IChannelCallers<OneCaller>
    {
        private ChannelCaller _first;

        public static int Count => 1;

        public static ref ChannelCaller At(ref OneCaller callers, int index) => ref callers[index];
    }
}
