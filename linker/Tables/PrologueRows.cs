using System.Buffers.Binary;
using Atoll.Abi;
using Atoll.Linker.Model;

namespace Atoll.Linker.Tables;

/// <summary>Leaves out rows that a walk finds by itself: those behind the instructions of a prologue (<see cref="UnwindRule.FromPrologue"/>).</summary>
public static class PrologueRows
{
    /// <summary>Shortens the rows of a function. What a walk finds at any instruction stays the same.</summary>
    /// <param name="rows">In the order of addresses, the first at 0.</param>
    /// <param name="code">The function.</param>
    public static IReadOnlyList<CallFrameRow> Shorten(IReadOnlyList<CallFrameRow> rows, ReadOnlySpan<byte> code)
    {
        List<CallFrameRow> kept = [];
        int next = 0;
        while (next < rows.Count)
        {
            CallFrameRow first = rows[next++];
            int left = next;
            CallFrameRow? surplus = null;
            if (first.Rule == UnwindRule.FromStackPointer)
            {
                left = Follow(rows, code, first, next, out surplus);
            }

            kept.Add(left == next ? first : first with { Rule = UnwindRule.FromPrologue });
            if (left != next && surplus is { } row)
            {
                kept.Add(row);
            }

            next = left;
        }

        return kept;
    }

    /// <summary>Finds the first row that the instructions behind another do not tell.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="code">The function.</param>
    /// <param name="row">The other.</param>
    /// <param name="next">Position of the row behind it.</param>
    /// <param name="surplus">A row that is needed besides: an instruction that a walk would count, and the rows do not.</param>
    private static int Follow(IReadOnlyList<CallFrameRow> rows, ReadOnlySpan<byte> code, CallFrameRow row, int next, out CallFrameRow? surplus)
    {
        CallFrameRow told = row;
        surplus = null;
        while (true)
        {
            CallFrameRow after = After(told, code);
            bool hasRow = next < rows.Count && rows[next].CodeOffset <= after.CodeOffset;
            if (after.CodeOffset == told.CodeOffset || (hasRow && rows[next] != after))
            {
                return next;
            }

            if (!hasRow)
            {
                surplus = told with { CodeOffset = after.CodeOffset };
                return next;
            }

            told = after;
            next++;
        }
    }

    // What holds behind the instruction at which a row begins; the row itself, when that is none of a prologue.
    private static CallFrameRow After(CallFrameRow row, ReadOnlySpan<byte> code)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        ReadOnlySpan<byte> rest = code[row.CodeOffset..];
        rest[..int.Min(rest.Length, bytes.Length)].CopyTo(bytes);
        PrologueStep step = PrologueStep.Of(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        int frame = row.CfaOffset + (int)step.FrameBytes;
        return row with
        {
            CodeOffset = row.CodeOffset + (int)step.CodeBytes,
            CfaOffset = frame,
            FramePointerSlot = step.SavesFramePointer ? frame / sizeof(ulong) : row.FramePointerSlot,
        };
    }
}
