using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Loan;

/// <summary>Lends and takes nothing back: a page that all borrowers but the last have beside the lender, and one that the last has alone.</summary>
internal static class StandingLoan
{
    private const uint Place = 0;

    /// <summary>Lends.</summary>
    /// <returns>How many borrowers say that they have mapped what they were lent.</returns>
    internal static ulong Lend(in ProgramStart start, ref Lender lines, ref SlotRow row)
    {
        OwnSlot shared = row.Take();
        OwnSlot whole = row.Take();
        bool isMade = shared.Make(new UntypedMemory(start.Find("page"u8)), CapabilityType.Frame, ObjectSize.FrameBits) == SystemResult.Ok
            && whole.Make(new UntypedMemory(start.Find("own"u8)), CapabilityType.Frame, ObjectSize.FrameBits) == SystemResult.Ok
            && RegisterPage.Map(new MemoryFrame(shared.Address), start.Find("space"u8), Place, out _) == SystemResult.Ok;
        if (!isMade)
        {
            ProgramExit.End(LoanProgram.NotMade);
        }

        const CapabilityRights Rights = CapabilityRights.Read | CapabilityRights.Write;
        ulong held = 0;
        for (int borrower = 0; borrower < lines.Borrowers; borrower++)
        {
            ref LoanLine line = ref lines.Lines[borrower];
            bool isLast = borrower + 1 == lines.Borrowers;
            ChannelResult given = isLast ? line.Channel.Lend(whole.Address, Rights) : line.Channel.Grant(shared.Address, Rights);
            if (given == ChannelResult.Done)
            {
                line.Send(LoanMessage.Hold, 1);
                held += line.Expect(LoanMessage.Held).Payload.Word0;
            }
        }

        shared.Leave();
        whole.Leave();
        return held;
    }
}
