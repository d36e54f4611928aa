using Atoll.Abi;
using Atoll.Linker.Model;
using Atoll.Linker.Tables;

namespace Atoll.Linker.Tests.Dwarf;

/// <summary>Rows that the code of a prologue tells are left out, and no others; what a walk finds stays the same at every instruction.</summary>
public sealed class PrologueRowsTests
{
    private const UnwindRule Rsp = UnwindRule.FromStackPointer;
    private const UnwindRule Prologue = UnwindRule.FromPrologue;

    // push rbp; push r15; push rbx; sub rsp, 0x18; nop; add rsp, 0x18; …
    private static readonly byte[] s_code = [0x55, 0x41, 0x57, 0x53, 0x48, 0x83, 0xEC, 0x18, 0x90, 0x48, 0x83, 0xC4, 0x18, 0xC3];

    private static readonly CallFrameRow[] s_rows =
        [new(0, Rsp, 8, 0), new(1, Rsp, 16, 2), new(3, Rsp, 24, 2), new(4, Rsp, 32, 2), new(8, Rsp, 56, 2), new(13, Rsp, 32, 2)];

    [Fact]
    public void PrologueIsOneRow() => Assert.Equal([new(0, Prologue, 8, 0), s_rows[5]], PrologueRows.Shorten(s_rows, s_code));

    [Fact]
    public void FunctionWithoutPrologueKeepsItsRow() =>
        Assert.Equal([new(0, Rsp, 8, 0)], PrologueRows.Shorten([new(0, Rsp, 8, 0)], [0x90, 0xC3]));

    /// <summary>A row that says something else than the instruction before it stays, and so does what follows it.</summary>
    [Fact]
    public void RowThatTheCodeDoesNotTellStays()
    {
        CallFrameRow[] rows = [s_rows[0], new(1, Rsp, 16, 0), new(3, Rsp, 24, 0), s_rows[5]];

        Assert.Equal([s_rows[0], new(1, Prologue, 16, 0), new(4, Rsp, 24, 0), s_rows[5]], PrologueRows.Shorten(rows, s_code));
    }

    /// <summary>A push that no row tells of must not be counted: a row behind it says so.</summary>
    [Fact]
    public void PushWithoutARowIsNotCounted() =>
        Assert.Equal(
            [new(0, Prologue, 8, 0), new(3, Rsp, 16, 2)],
            PrologueRows.Shorten([new(0, Rsp, 8, 0), new(1, Rsp, 16, 2)], [0x55, 0x41, 0x57, 0xC3]));

    [Fact]
    public void RowsOfOtherRulesStay()
    {
        CallFrameRow[] rows = [new(0, UnwindRule.End, 0, 0), new(1, UnwindRule.FromFramePointer, 16, 2), new(3, UnwindRule.FromTrapFrame, 0, 0)];

        Assert.Equal(rows, PrologueRows.Shorten(rows, s_code));
    }

    /// <summary>Code that ends in the middle of an instruction is none of a prologue.</summary>
    [Fact]
    public void CutOffInstructionIsNoStep() =>
        Assert.Equal([new(0, Rsp, 8, 0)], PrologueRows.Shorten([new(0, Rsp, 8, 0)], [0x48, 0x83, 0xEC]));

    /// <summary>Any rows over any code: at the end of each instruction of a prologue a walk finds what the rows said.</summary>
    [Fact]
    public void AnyRows_SayTheSameAfterwards()
    {
        byte[][] instructions = [[0x55], [0x50], [0x41, 0x54], [0x48, 0x83, 0xEC, 0x20], [0x48, 0x81, 0xEC, 0, 1, 0, 0], [0x90], [0xC3]];
        for (int seed = 0; seed < 5000; seed++)
        {
            Random random = new(seed);
            List<byte> code = [];
            List<CallFrameRow> rows = [new(0, Rsp, 8, 0)];
            List<int> ends = [0];
            for (int count = random.Next(1, 10); count > 0; count--)
            {
                byte[] instruction = instructions[random.Next(instructions.Length)];
                code.AddRange(instruction);
                ends.Add(code.Count);
                CallFrameRow last = rows[^1];
                CallFrameRow told = Behind(last, [.. code], ends[^2]) with { CodeOffset = code.Count };
                CallFrameRow row = random.Next(4) switch
                {
                    0 => last with { CodeOffset = code.Count },
                    1 => new(code.Count, (UnwindRule)random.Next(3), 8 * random.Next(1, 8), random.Next(4)),
                    _ => told,
                };
                if (row with { CodeOffset = last.CodeOffset } != last)
                {
                    rows.Add(row);
                }
            }

            IReadOnlyList<CallFrameRow> kept = PrologueRows.Shorten(rows, [.. code]);
            foreach (int at in ends)
            {
                CallFrameRow expected = rows.Last(row => row.CodeOffset <= at);
                Assert.True((Found(kept, [.. code], at) with { CodeOffset = 0 }) == (expected with { CodeOffset = 0 }), $"seed {seed}, byte {at}");
            }
        }
    }

    // As Backtrace does: from the row up to the address.
    private static CallFrameRow Found(IReadOnlyList<CallFrameRow> rows, byte[] code, int at)
    {
        CallFrameRow row = rows.Last(row => row.CodeOffset <= at);
        if (row.Rule != Prologue)
        {
            return row;
        }

        int from = row.CodeOffset;
        row = row with { Rule = Rsp };
        while (from < at && Behind(row, code, from) is var next && next.CodeOffset > from && next.CodeOffset <= at)
        {
            from = next.CodeOffset;
            row = next;
        }

        return row;
    }

    // By hand: what push and sub do.
    private static CallFrameRow Behind(CallFrameRow row, byte[] code, int at) => code[at] switch
    {
        0x55 => row with { CodeOffset = at + 1, CfaOffset = row.CfaOffset + 8, FramePointerSlot = (row.CfaOffset + 8) / 8 },
        0x50 => row with { CodeOffset = at + 1, CfaOffset = row.CfaOffset + 8 },
        0x41 => row with { CodeOffset = at + 2, CfaOffset = row.CfaOffset + 8 },
        0x48 when code[at + 1] == 0x83 => row with { CodeOffset = at + 4, CfaOffset = row.CfaOffset + 0x20 },
        0x48 => row with { CodeOffset = at + 7, CfaOffset = row.CfaOffset + 0x100 },
        _ => row with { CodeOffset = at },
    };
}
