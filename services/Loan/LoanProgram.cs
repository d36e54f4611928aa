using System;
using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Loan;

/// <summary>Programs on several cores that lend each other memory. With a number as its argument it lends, so often; with <c>move</c> it sends a page around, with <c>measure</c> it measures, with <c>lend</c> it lends and takes nothing back, with <c>storm=ROUNDS</c> and <c>seed=SEED</c> it gives and takes back in a storm, and with <c>hold</c> it is in one; without, it borrows from core 0.</summary>
public static class LoanProgram
{
    /// <summary>Most cores with such a program.</summary>
    internal const int CoresMax = 16;

    /// <summary>A message was not what it should be, or the other end is gone.</summary>
    internal const byte LineBroken = 1;

    /// <summary>It could not make what it lends.</summary>
    internal const byte NotMade = 2;

    /// <summary>The console did not take what it says.</summary>
    internal const byte NotSaid = 3;

    // Lines of the report but the last, which says how many there are: whoever has heard it has heard all.
    private const ulong Lines = 14;
    private const ulong LinesOfMoves = 4;
    private const ulong LinesOfStorms = 14;
    private const ulong LinesOfStandingLoans = 2;
    private const ulong Moves = 100;
    private const byte NotOpen = 4;

    [Program]
    internal static void Main(in ProgramStart start)
    {
        _ = start.TryFind("slots"u8, out GrantRecord slots);
        SlotRow row = Inbox.Open(in slots);
        if (IsStorm(start.Arguments, out ulong storms, out ulong seed))
        {
            Storm(in start, ref row, storms, seed);
            ProgramExit.End(0);
        }

        if (start.Arguments.Length != 0 && ArgumentReader.TryNumber(start.Arguments, out ulong rounds))
        {
            Lend(in start, ref row, rounds);
            ProgramExit.End(0);
        }

        if (Text.AreEqual(start.Arguments, "move"u8))
        {
            Move(in start, ref row);
            ProgramExit.End(0);
        }

        if (Text.AreEqual(start.Arguments, "measure"u8))
        {
            Measure(in start, ref row);
            ProgramExit.End(0);
        }

        if (Text.AreEqual(start.Arguments, "lend"u8))
        {
            Stand(in start, ref row);
            ProgramExit.End(0);
        }

        Hold(in start, ref row);
        ProgramExit.End(0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Stand(in ProgramStart start, ref SlotRow row)
    {
        Lender lines = default;
        Open(ref lines, in start);
        ulong held = StandingLoan.Lend(in start, ref lines, ref row);
        ConsoleClient console = new(start.Find("console"u8));
        Say(console, "lent "u8, held);
        Say(console, "lines "u8, LinesOfStandingLoans);
        Stay(ref lines);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Hold(in ProgramStart start, ref SlotRow row)
    {
        LoanLine line = default;
        line.Channel = RingChannel.Of(in start, "to-0"u8);
        Open(ref line.Channel);
        if (Text.AreEqual(start.Arguments, "hold"u8))
        {
            StormHolder holder = default;
            holder.Run(in start, ref line, ref row);
        }
        else
        {
            LoanChain chain = default;
            chain.Before = Neighbour(in start, start.Core - 1);
            chain.Behind = Neighbour(in start, start.Core + 1);
            uint thread = start.TryFind("thread"u8, out GrantRecord own) ? own.Slot : 0;
            new Borrower(start.Find("space"u8), start.Core, thread).Run(ref line, ref chain, ref row);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Measure(in ProgramStart start, ref SlotRow row)
    {
        Lender lines = default;
        Open(ref lines, in start);
        Meter meter = default;
        meter.Run(in start, ref lines, ref row);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Lend(in ProgramStart start, ref SlotRow row, ulong rounds)
    {
        Lender lender = default;
        Open(ref lender, in start);
        lender.Run(in start, ref row, rounds);
        InstanceFigures figures = new(start.Find("figures"u8));
        ConsoleClient console = new(start.Find("console"u8));
        Say(console, "given "u8, lender.Given);
        Say(console, "used "u8, lender.Used);
        Say(console, "revoked "u8, lender.Revoked);
        Say(console, "used in chains "u8, lender.UsedInChains);
        Say(console, "revoked in chains "u8, lender.RevokedInChains);
        Say(console, "calls answered "u8, lender.Answered);
        Say(console, "calls refused "u8, lender.RefusedCalls);
        Say(console, "threads stopped "u8, lender.Stopped);
        Say(console, "threads refused "u8, lender.RefusedThreads);
        Say(console, "moved "u8, lender.Moved);
        Say(console, "moved back "u8, lender.MovedBack);
        Say(console, "taken in the storm "u8, lender.TakenInStorm);
        Say(console, "out "u8, figures.Read(InstanceFigure.CapabilitiesOut, out ulong held) == SystemResult.Ok ? held : ulong.MaxValue);
        Say(console, "wrong "u8, lender.Wrong);
        Say(console, "lines "u8, Lines);
        Stay(ref lender);
    }

    // Whoever looks at the machine afterwards finds the channels as they were: a borrower says no more.
    private static void Stay(ref Lender lender)
    {
        while (lender.Borrowers != 0 && lender.Lines[0].Channel.Wait() == ChannelResult.Done)
        {
            _ = lender.Lines[0].Receive();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Move(in ProgramStart start, ref SlotRow row)
    {
        Lender lender = default;
        Open(ref lender, in start);
        Mover mover = default;
        mover.Run(in start, ref lender, ref row, Moves);
        InstanceFigures figures = new(start.Find("figures"u8));
        ConsoleClient console = new(start.Find("console"u8));
        Say(console, "moved "u8, mover.Moved);
        Say(console, "withheld "u8, mover.Withheld);
        Say(console, "out "u8, figures.Read(InstanceFigure.CapabilitiesOut, out ulong held) == SystemResult.Ok ? held : ulong.MaxValue);
        Say(console, "wrong "u8, mover.Wrong);
        Say(console, "lines "u8, LinesOfMoves);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Storm(in ProgramStart start, ref SlotRow row, ulong rounds, ulong seed)
    {
        StormGiver giver = default;
        giver.Open(in start);
        giver.Run(in start, ref row, rounds, seed);
        InstanceFigures figures = new(start.Find("figures"u8));
        ConsoleClient console = new(start.Find("console"u8));
        Say(console, "holders "u8, giver.Holders);
        Say(console, "tried "u8, giver.Tried);
        Say(console, "refused "u8, giver.Refused);
        Say(console, "taken "u8, giver.Taken);
        Say(console, "withheld "u8, giver.Withheld);
        Say(console, "taken in calm "u8, giver.TakenInCalm);
        Say(console, "withheld in still "u8, giver.WithheldInStill);
        Say(console, "revoked "u8, giver.Revoked);
        Say(console, "rung "u8, giver.Rung);
        Say(console, "numbers "u8, giver.Numbers);
        Say(console, "in "u8, giver.Held);
        Say(console, "out "u8, figures.Read(InstanceFigure.CapabilitiesOut, out ulong held) == SystemResult.Ok ? held : ulong.MaxValue);
        Say(console, "wrong "u8, giver.Wrong);
        Say(console, "lines "u8, LinesOfStorms);
        giver.Stay();
    }

    private static bool IsStorm(ReadOnlySpan<byte> arguments, out ulong rounds, out ulong seed)
    {
        rounds = 0;
        seed = 0;
        ArgumentReader settings = new(arguments);
        while (settings.TryNext(out ReadOnlySpan<byte> key, out ulong value))
        {
            rounds = Text.AreEqual(key, "storm"u8) ? value : rounds;
            seed = Text.AreEqual(key, "seed"u8) ? value : seed;
        }

        return rounds != 0;
    }

    private static void Open(ref Lender lender, in ProgramStart start)
    {
        for (uint core = 1; core < CoresMax; core++)
        {
            RingChannel channel = LineTo(in start, core);
            if (channel.IsGiven)
            {
                ref LoanLine line = ref lender.Lines[lender.Borrowers];
                line.Channel = channel;
                Open(ref line.Channel);
                lender.Borrowers++;
            }
        }
    }

    // A borrower's neighbour on another core, if there is one beside the lender.
    private static RingChannel Neighbour(in ProgramStart start, uint core)
    {
        RingChannel channel = core == 0 ? default : LineTo(in start, core);
        if (channel.IsGiven)
        {
            Open(ref channel);
        }

        return channel;
    }

    /// <summary>The channel to the program of a core; one that is not given, when there is none.</summary>
    internal static RingChannel LineTo(in ProgramStart start, uint core)
    {
        TextBuffer name = default;
        name.Add("to-"u8);
        name.Add(core);
        return RingChannel.Of(in start, TextBuffer.View(in name));
    }

    /// <summary>Waits until a channel is open.</summary>
    internal static void Open(ref RingChannel channel)
    {
        if (channel.Open() != ChannelResult.Done)
        {
            ProgramExit.End(NotOpen);
        }
    }

    private static void Say(ConsoleClient console, ReadOnlySpan<byte> what, ulong number)
    {
        TextBuffer text = default;
        text.Add("loan: "u8);
        text.Add(what);
        text.Add(number);
        text.Add("\n"u8);
        if (console.Write(TextBuffer.View(in text), out _) != CallResult.Ok)
        {
            ProgramExit.End(NotSaid);
        }
    }
}
