using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Loan;

/// <summary>Sends a page on rounds: each borrower has it alone for a while, changes it, and it comes back without a copy.</summary>
internal struct Mover
{
    private const uint Place = 0;

    /// <summary>Times that the page came back changed as it should be.</summary>
    internal ulong Moved;

    /// <summary>Times that it could not be mapped while somebody else had it.</summary>
    internal ulong Withheld;

    /// <summary>Whatever went otherwise than it should.</summary>
    internal ulong Wrong;

    private uint _space;

    /// <summary>Moves it to each borrower in turn, so many rounds.</summary>
    internal void Run(in ProgramStart start, ref Lender lines, ref SlotRow row, ulong rounds)
    {
        OwnSlot page = row.Take();
        _space = start.Find("space"u8);
        if (page.Make(new UntypedMemory(start.Find("page"u8)), CapabilityType.Frame, ObjectSize.FrameBits) != SystemResult.Ok)
        {
            ProgramExit.End(LoanProgram.NotMade);
        }

        for (ulong round = 0; round < rounds; round++)
        {
            for (int borrower = 0; borrower < lines.Borrowers; borrower++)
            {
                Move(ref lines.Lines[borrower], in page, (uint)round);
            }
        }

        page.Free();
    }

    private void Move(ref LoanLine line, ref readonly OwnSlot page, uint round)
    {
        if (RegisterPage.Map(new MemoryFrame(page.Address), _space, Place, out RegisterPage memory) != SystemResult.Ok)
        {
            ProgramExit.End(LoanProgram.NotMade);
        }

        MovedWords.Write(memory, round);
        Wrong += line.Channel.Lend(page.Address, CapabilityRights.Read | CapabilityRights.Write) == ChannelResult.Done ? 0UL : 1;
        Withheld += RegisterPage.Map(new MemoryFrame(page.Address), _space, Place, out _) == SystemResult.Ok ? 0UL : 1;
        line.Send(LoanMessage.Moved, round);
        Wrong += line.Expect(LoanMessage.Used).Payload.Word1 == 1 ? 0UL : 1;

        // What was mapped before it was lent is not mapped when it comes back.
        bool isBack = page.Revoke() == SystemResult.Ok && new MemoryFrame(page.Address).Unmap() == SystemResult.NotMapped
            && RegisterPage.Map(new MemoryFrame(page.Address), _space, Place, out memory) == SystemResult.Ok;
        ulong wrong = isBack ? MovedWords.Wrong(memory, round) : 1;
        Moved += wrong == 0 ? 1UL : 0;
        Wrong += wrong;
    }
}
