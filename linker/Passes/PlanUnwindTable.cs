using Atoll.Abi;
using Atoll.Linker.Model;

namespace Atoll.Linker.Passes;

/// <summary>Lists the rows of the unwind table in the order of addresses, so that its size is known before addresses
/// are.</summary>
/// <remarks>
/// The boot segment's code comes behind text, as the offsets of rows count it. Each piece of code begins with a row of its own, so that one's rules never reach into the next. The rows of a
/// program that a walk can begin in must be complete: from code without rules, or with one that a row cannot tell, the walk ends.
/// </remarks>
public static class PlanUnwindTable
{
    private static readonly CallFrameRow s_noRule = new(0, UnwindRule.End, 0, 0);

    /// <summary>Runs the pass.</summary>
    public static void Run(LinkImage image)
    {
        CallFrameRow last = s_noRule with { CodeOffset = -1 };
        IEnumerable<Piece> Code(FragmentPlace place) => image.Pieces.Where(piece => piece.IsKept && piece.Place == place);
        foreach (Piece piece in Code(FragmentPlace.Text).Concat(Code(FragmentPlace.BootCode)))
        {
            bool startsWithRule = piece.CallFrames.Count > 0 && piece.CallFrames[0].CodeOffset == 0;
            foreach (CallFrameRow known in startsWithRule ? piece.CallFrames : [s_noRule, .. piece.CallFrames])
            {
                bool canTell = UnwindRow.CanHold(known.CfaOffset, known.FramePointerSlot);
                CallFrameRow row = canTell ? known : s_noRule with { CodeOffset = known.CodeOffset };
                bool saysTheSame = last.CodeOffset >= 0 && last with { CodeOffset = row.CodeOffset } == row;
                if (!saysTheSame)
                {
                    image.UnwindEntries.Add(new UnwindEntry(piece, row));
                }

                last = row;
            }
        }
    }
}
