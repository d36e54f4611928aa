using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Loan;

/// <summary>Programs on several cores that lend each other memory. With a number as its argument it lends, so often; with <c>move</c> it sends a page around, with <c>measure</c> it measures; without, it borrows from core 0.</summary>
public static class LoanProgram
{
    /// <summary>A message was not what it should be, or the other end is gone.</summary>
    internal const byte LineBroken = 1;

    /// <summary>It could not make what it lends.</summary>
    internal const byte NotMade = 2;

    /// <summary>The console did not take what it says.</summary>
    internal const byte NotSaid = 3;

    // Lines of the report but the last, which says how many there are: whoever has heard it has heard all.
    private const ulong Lines = 6;
    private const ulong LinesOfMoves = 4;
    private const ulong Moves = 100;
    private const byte NotOpen = 4;

    [Program]
    internal static void Main(in ProgramStart start)
    {
        _ = start.TryFind("slots"u8, out GrantRecord slots);
        SlotRow row = Inbox.Open(in slots);
        if (start.Arguments.Length != 0 && ArgumentReader.TryNumber(start.Arguments, out ulong rounds))
        {
            Lender lender = default;
            Lend(ref lender, in start, ref row, rounds);
            Stay(ref lender);
            ProgramExit.End(0);
        }

        if (Text.AreEqual(start.Arguments, "move"u8))
        {
            Move(in start, ref row);
            ProgramExit.End(0);
        }

        if (Text.AreEqual(start.Arguments, "measure"u8))
        {
            Lender lines = default;
            Open(ref lines, in start);
            Meter meter = default;
            meter.Run(in start, ref lines, ref row);
            ProgramExit.End(0);
        }

        LoanLine line = default;
        line.Channel = RingChannel.Of(in start, "to-0"u8);
        Open(ref line);
        new Borrower(start.Find("space"u8), start.Core).Run(ref line, ref row);
        ProgramExit.End(0);
    }

    private static void Lend(ref Lender lender, in ProgramStart start, ref SlotRow row, ulong rounds)
    {
        Open(ref lender, in start);
        lender.Run(in start, ref row, rounds);
        InstanceFigures figures = new(start.Find("figures"u8));
        ConsoleClient console = new(start.Find("console"u8));
        Say(console, "given "u8, lender.Given);
        Say(console, "used "u8, lender.Used);
        Say(console, "revoked "u8, lender.Revoked);
        Say(console, "taken in the storm "u8, lender.TakenInStorm);
        Say(console, "out "u8, figures.Read(InstanceFigure.CapabilitiesOut, out ulong held) == SystemResult.Ok ? held : ulong.MaxValue);
        Say(console, "wrong "u8, lender.Wrong);
        Say(console, "lines "u8, Lines);
    }

    // Whoever looks at the machine afterwards finds the channels as they were: a borrower says no more.
    private static void Stay(ref Lender lender)
    {
        while (lender.Borrowers != 0 && lender.Lines[0].Channel.Wait() == ChannelResult.Done)
        {
            _ = lender.Lines[0].Receive();
        }
    }

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

    private static void Open(ref Lender lender, in ProgramStart start)
    {
        Add(ref lender, in start, "to-1"u8);
        Add(ref lender, in start, "to-2"u8);
        Add(ref lender, in start, "to-3"u8);
    }

    private static void Add(ref Lender lender, in ProgramStart start, ReadOnlySpan<byte> name)
    {
        RingChannel channel = RingChannel.Of(in start, name);
        if (channel.IsGiven)
        {
            ref LoanLine line = ref lender.Lines[lender.Borrowers];
            line.Channel = channel;
            Open(ref line);
            lender.Borrowers++;
        }
    }

    private static void Open(ref LoanLine line)
    {
        if (line.Channel.Open() != ChannelResult.Done)
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
