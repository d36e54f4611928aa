using System;
using System.Runtime.CompilerServices;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Midway;

/// <summary>Programs that die in the middle of a send. With <c>deaths=N</c> and <c>seed=SEED</c> it listens, and has others die; with <c>survive=N</c> it listens, and says what it has heard whenever so many more have died; without, it sends until it dies.</summary>
public static class MidwayProgram
{
    private const byte NotOpen = 1;
    private const byte NotSaid = 2;
    private const ulong Lines = 8;
    private const ulong LinesOfSurvival = 4;

    [Program]
    internal static void Main(in ProgramStart start)
    {
        ulong deaths = 0;
        ulong seed = 0;
        ulong survive = 0;
        ArgumentReader settings = new(start.Arguments);
        while (settings.TryNext(out ReadOnlySpan<byte> key, out ulong value))
        {
            deaths = Text.AreEqual(key, "deaths"u8) ? value : deaths;
            survive = Text.AreEqual(key, "survive"u8) ? value : survive;
            seed = Text.AreEqual(key, "seed"u8) ? value : seed;
        }

        if (survive != 0)
        {
            Survive(in start, survive);
        }
        else if (deaths != 0)
        {
            Listen(in start, deaths, seed);
        }
        else
        {
            Send(in start);
        }

        ProgramExit.End(0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Send(in ProgramStart start)
    {
        RingChannel line = RingChannel.Of(in start, "to-0"u8);
        if (line.Open() != ChannelResult.Done)
        {
            ProgramExit.End(NotOpen);
        }

        Sender sender = default;
        sender.Run(ref line, in start);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Listen(in ProgramStart start, ulong deaths, ulong seed)
    {
        Listener listener = default;
        listener.Open(in start);
        listener.Run(new CoresClient(start.Find("cores"u8)), deaths, seed);
        ConsoleClient console = new(start.Find("console"u8));
        Say(console, "senders "u8, listener.Senders);
        Say(console, "ordered "u8, listener.Ordered);
        Say(console, "told "u8, listener.Told);
        Say(console, "due "u8, listener.Due);
        Say(console, "heard "u8, listener.Heard);
        Say(console, "numbers "u8, listener.Numbers);
        Say(console, "wrong "u8, listener.Wrong);
        Say(console, "lines "u8, Lines);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Survive(in ProgramStart start, ulong deaths)
    {
        Listener listener = default;
        listener.Open(in start);
        ConsoleClient console = new(start.Find("console"u8));
        while (true)
        {
            listener.Survive(deaths);
            Say(console, "told "u8, listener.Told);
            Say(console, "numbers "u8, listener.Numbers);
            Say(console, "wrong "u8, listener.Wrong);
            Say(console, "lines "u8, LinesOfSurvival);
        }
    }

    private static void Say(ConsoleClient console, ReadOnlySpan<byte> what, ulong number)
    {
        TextBuffer text = default;
        text.Add("midway: "u8);
        text.Add(what);
        text.Add(number);
        text.Add("\n"u8);
        if (console.Write(TextBuffer.View(in text), out _) != CallResult.Ok)
        {
            ProgramExit.End(NotSaid);
        }
    }
}
