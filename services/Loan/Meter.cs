using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Loan;

/// <summary>Measures what giving a page to another core, unmapping it here and taking it back costs, in ticks of the TSC: under an emulator that counts instructions, in those of all cores.</summary>
/// <remarks>While it unmaps or takes back all others sleep, so nothing is counted that does not belong to it.</remarks>
internal struct Meter
{
    private const ulong Times = 20;
    private const ulong ChainLength = 32;
    private const ulong RestsPerSecond = 100;
    private const uint Place = 0;

    private ulong _tscHz;
    private uint _space;

    /// <summary>Measures, and says lines <c>loan: figure NAME TICKS of COUNT</c>, and <c>loan: measured</c> at the end.</summary>
    internal void Run(in ProgramStart start, ref Lender lines, ref SlotRow row)
    {
        _tscHz = start.TscHz;
        _space = start.Find("space"u8);
        ConsoleClient console = new(start.Find("console"u8));
        OwnSlot page = row.Take();
        if (page.Make(new UntypedMemory(start.Find("page"u8)), CapabilityType.Frame, ObjectSize.FrameBits) != SystemResult.Ok)
        {
            ProgramExit.End(LoanProgram.NotMade);
        }

        _ = Measure(ref lines, in page, holders: 1, links: 1, out _, out _);
        ulong given = 0;
        for (int holders = 1; holders <= lines.Borrowers; holders++)
        {
            ulong unmapped = 0;
            ulong taken = 0;
            for (ulong time = 0; time < Times; time++)
            {
                taken += Measure(ref lines, in page, holders, links: 1, out ulong giving, out ulong unmapping);
                given += holders == 1 ? giving : 0;
                unmapped += unmapping;
            }

            Say(console, holders switch { 1 => "unmap.1"u8, 2 => "unmap.2"u8, _ => "unmap.3"u8 }, unmapped, Times);
            Say(console, holders switch { 1 => "revoke.1"u8, 2 => "revoke.2"u8, _ => "revoke.3"u8 }, taken, Times);
        }

        Say(console, "give"u8, given, Times);
        Say(console, "revoke.chain"u8, Measure(ref lines, in page, holders: 1, ChainLength, out _, out _), 1);
        page.Free();
        if (console.Write("loan: measured\n"u8, out _) != CallResult.Ok)
        {
            ProgramExit.End(LoanProgram.NotSaid);
        }
    }

    // The page goes to so many, who map it; then its mapping here goes, and then it is taken back.
    private readonly ulong Measure(ref Lender lines, ref readonly OwnSlot page, int holders, ulong links, out ulong giving, out ulong unmapping)
    {
        Settle(ref lines);
        ulong began = Ipc.Now();
        for (int holder = 0; holder < holders; holder++)
        {
            Require(lines.Lines[holder].Channel.Grant(page.Address, CapabilityRights.Read | CapabilityRights.Write) == ChannelResult.Done);
            lines.Lines[holder].Send(LoanMessage.Hold, links);
            Require(lines.Lines[holder].Expect(LoanMessage.Held).Payload.Word0 == links);
        }

        giving = Ipc.Now() - began;
        MemoryFrame frame = new(page.Address);
        Require(RegisterPage.Map(frame, _space, Place, out _) == SystemResult.Ok);
        Settle(ref lines);
        began = Ipc.Now();
        Require(frame.Unmap() == SystemResult.Ok);
        unmapping = Ipc.Now() - began;
        Settle(ref lines);
        began = Ipc.Now();
        Require(page.Revoke() == SystemResult.Ok);
        ulong taking = Ipc.Now() - began;
        for (int holder = 0; holder < holders; holder++)
        {
            lines.Lines[holder].Send(LoanMessage.TakenBack);
            Require(lines.Lines[holder].Expect(LoanMessage.Looked).Payload.Word0 == 0);
        }

        return taking;
    }

    // Until all have done what they had to, and sleep.
    private readonly void Settle(ref Lender lines)
    {
        ulong deadline = Ipc.Now() + (_tscHz / RestsPerSecond);
        while (Ipc.Now() < deadline)
        {
            _ = Ipc.Receive(lines.Lines[0].Channel.Notification, 0, out _, Deadline.Flags(deadline), deadline);
        }
    }

    private static void Require(bool holds)
    {
        if (!holds)
        {
            ProgramExit.End(LoanProgram.LineBroken);
        }
    }

    private static void Say(ConsoleClient console, ReadOnlySpan<byte> name, ulong ticks, ulong count)
    {
        if (!FigureLine.Say(console, "loan"u8, name, ticks, count))
        {
            ProgramExit.End(LoanProgram.NotSaid);
        }
    }
}
