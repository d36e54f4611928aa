using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Crowd;

/// <summary>Measures, in ticks of the TSC, what it costs to find the one end with a message among all: under an emulator that counts instructions, in those of both cores.</summary>
/// <remarks>
/// The message is there before the clock starts, and its sender asleep: so nothing is counted but the question which ends are ready, the look at that end, and the message; in program and
/// kernel. For questions and answers both cores are counted.
/// </remarks>
internal static class Meter
{
    private const uint Rounds = 50;
    private const ulong DelayMicroseconds = 200;
    private const ulong PatienceMicroseconds = 1500;
    private const ulong MicrosecondsPerSecond = 1_000_000;

    /// <summary>Measures, and says it on the console: lines <c>crowd: figure NAME TICKS of COUNT</c>, and <c>crowd: measured</c> at the end.</summary>
    internal static void Run(ref ChannelSet set, ConsoleClient console, ulong tscHz)
    {
        AwaitAll(ref set);
        Call(ref set, Rounds);
        ulong began = Ipc.Now();
        Call(ref set, Rounds);
        ulong called = Ipc.Now() - began;
        ulong found = 0;
        for (uint round = 0; round < Rounds; round++)
        {
            found += Find(ref set, Spread(round, set.Count), tscHz);
        }

        Say(console, "ready"u8, found, Rounds);
        Say(console, "call"u8, called, Rounds);
        if (console.Write("crowd: measured\n"u8, out _) != CallResult.Ok)
        {
            ProgramExit.End(2);
        }
    }

    // Ends from all over the set.
    private static uint Spread(uint round, uint count) => count == 0 ? 0 : (uint)((ulong)round * 2654435761 % count);

    private static void AwaitAll(ref ChannelSet set)
    {
        for (uint open = 0; open < set.Count; )
        {
            ChannelSetEvent told = set.Next(out _);
            open += told == ChannelSetEvent.Opened ? 1u : 0;
            if (told == ChannelSetEvent.None)
            {
                _ = set.Wait();
            }
        }
    }

    private static void Call(ref ChannelSet set, uint count)
    {
        for (uint number = 0; number < count; number++)
        {
            Ask(ref set, Spread(number, set.Count), CrowdMessage.Question);
            Take(ref set);
        }
    }

    // The answer comes while the ends sleep, and so does its sender afterwards. This program takes the signal, and does not look for what it told of.
    private static ulong Find(ref ChannelSet set, uint end, ulong tscHz)
    {
        ulong perMicrosecond = tscHz / MicrosecondsPerSecond;
        if (!set.TryRest())
        {
            ProgramExit.End(3);
        }

        Ask(ref set, end, CrowdMessage.Later);
        ulong patience = Ipc.Now() + (PatienceMicroseconds * perMicrosecond);
        while (Ipc.Now() < patience)
        {
            _ = Ipc.Receive(set.Notification, 0, out _, Deadline.Flags(patience), patience);
        }

        ulong began = Ipc.Now();
        Take(ref set);
        return Ipc.Now() - began;
    }

    private static void Ask(ref ChannelSet set, uint end, uint meta)
    {
        RingMessage question = CrowdMessage.Of(meta, end, DelayMicroseconds);
        if (set[end].TrySend(in question) != ChannelResult.Done)
        {
            ProgramExit.End(1);
        }

        set[end].EndTurn();
    }

    private static void Take(ref ChannelSet set)
    {
        if (!set.Wait() || set.Next(out uint end) != ChannelSetEvent.Message
            || set[end].TryReceive(out _) != ChannelResult.Done)
        {
            ProgramExit.End(1);
        }
    }

    private static void Say(ConsoleClient console, ReadOnlySpan<byte> name, ulong ticks, ulong count)
    {
        if (!FigureLine.Say(console, "crowd"u8, name, ticks, count))
        {
            ProgramExit.End(2);
        }
    }
}
