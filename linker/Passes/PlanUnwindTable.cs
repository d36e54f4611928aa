using Atoll.Abi;
using Atoll.Linker.Model;
using Atoll.Linker.Tables;

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
            foreach (CallFrameRow row in RowsOf(piece))
            {
                // What a prologue says goes for its own code only.
                bool saysTheSame = last.CodeOffset >= 0 && row.Rule != UnwindRule.FromPrologue && last with { CodeOffset = row.CodeOffset } == row;
                if (!saysTheSame)
                {
                    image.UnwindEntries.Add(new UnwindEntry(piece, row));
                }

                last = row;
            }
        }
    }

    // The boot segment's code is not there any more when a walk may want to read it.
    private static IReadOnlyList<CallFrameRow> RowsOf(Piece piece)
    {
        bool startsWithRule = piece.CallFrames.Count > 0 && piece.CallFrames[0].CodeOffset == 0;
        List<CallFrameRow> rows = [.. (startsWithRule ? piece.CallFrames : [s_noRule, .. piece.CallFrames]).Select(Told)];
        return piece is ObjectPiece code && piece.Place == FragmentPlace.Text ? PrologueRows.Shorten(rows, code.Bytes) : rows;
    }

    private static CallFrameRow Told(CallFrameRow known) =>
        UnwindRow.CanHold(known.CfaOffset, known.FramePointerSlot) ? known : s_noRule with { CodeOffset = known.CodeOffset };
}
