using static Atoll.TestVm.Isolation.PageTableEntry;

namespace Atoll.TestVm.Isolation;

/// <summary>Every kind of defect in what instances lend each other that the checker must find.</summary>
/// <remarks>Tried on hand-made tables and on those of a machine in which frames are lent.</remarks>
public static class LentFrameDefects
{
    private const ulong Page = 4096;
    private const ulong Shared = Writable | User | NoExecute;

    // Where no program of these machines has anything.
    private const ulong Elsewhere = 0x3E_0000;

    // Places in a record: kind, rights and size; the other core and the number at home; the state, in the upper half of its word.
    private const ulong HeadAt = 0;
    private const ulong FrameAt = 8;
    private const ulong PeerAt = 72;
    private const ulong StateAt = 96;
    private const ulong StateBits = 0xFFUL << 32;
    private const ulong WriteRight = 2UL << 8;

    /// <summary>All defects. The first frame that is lent and shared is used, and the first that is lent as a whole.</summary>
    public static IReadOnlyList<SeededDefect> All { get; } =
    [
        Wrong("home has forgotten a holder", IsolationRule.LentFrame, (edit, lent) => edit.ChangeWord(lent.Export.Physical + StateAt, clear: StateBits)),
        Wrong("a frame of a holder that home has forgotten", IsolationRule.ForeignFrame,
            (edit, lent) => edit.ChangeWord(lent.Export.Physical + StateAt, clear: StateBits)),
        Wrong("home knows another holder", IsolationRule.LentFrame, (edit, lent) => edit.Write(lent.Export.Physical + PeerAt, (ulong)lent.Home)),
        Wrong("a holder has a frame that its kernel has no record of", IsolationRule.ForeignFrame,
            (edit, lent) => edit.ChangeWord(lent.Import.Physical + StateAt, clear: StateBits)),
        Wrong("a holder writes what was lent to be read", IsolationRule.ForeignFrame,
            (edit, lent) => edit.ChangeWord(lent.Export.Physical + HeadAt, clear: WriteRight)),
        Wrong("a holder has more than was lent", IsolationRule.ForeignFrame,
            (edit, lent) => edit.MapIn(HolderOf(edit, lent), Elsewhere, lent.Physical + Page, Shared)),
        Wrong("a holder's record is of another frame", IsolationRule.LentFrame,
            (edit, lent) => edit.Write(lent.Import.Physical + FrameAt, lent.Physical + Page)),
        Wrong("a second program of the holder's core has it", IsolationRule.SharedWritable,
            (edit, lent) => edit.MapIn(OtherThan(edit, lent.Holder, HolderOf(edit, lent)), Elsewhere, lent.Physical, Shared)),
        Wrong("a core has it that nobody lent it to", IsolationRule.ForeignFrame,
            (edit, lent) => edit.MapIn(edit.Program(StrangerTo(edit, lent), 0), Elsewhere, lent.Physical, Shared), cores: 4),
        Wrong("a holder executes it", IsolationRule.WriteAndExecute,
            (edit, lent) => edit.ChangeIn(HolderOf(edit, lent), PageAt(edit, HolderOf(edit, lent), lent.Physical).Virtual, clear: NoExecute)),
        Wrong("its lender has a frame that is lent as a whole", IsolationRule.LentFrame,
            (edit, lent) => edit.MapIn(edit.Program(lent.Home, 0), Elsewhere, lent.Physical, Shared), isWhole: true),
    ];

    private static SeededDefect Wrong(
        string name, IsolationRule rule, Action<PageTableEditor, LentFrame> edit, int cores = 2, bool isWhole = false) =>
        new(name, rule, cores, machine =>
        {
            var editor = new PageTableEditor(machine);
            edit(editor, new LentFrames(machine, machine.Walk()).All.First(lent => lent.IsWhole == isWhole));
            return editor.Result;
        });

    private static ulong HolderOf(PageTableEditor edit, LentFrame lent) =>
        edit.Programs(lent.Holder).First(program => program.Mappings.Any(page => page.IsUser && page.Physical == lent.Physical)).Root;

    private static ulong OtherThan(PageTableEditor edit, int core, ulong root) => edit.Programs(core).First(program => program.Root != root).Root;

    private static Mapping PageAt(PageTableEditor edit, ulong root, ulong frame) =>
        edit.MappingsIn(root).First(page => page.IsUser && page.Physical == frame);

    private static int StrangerTo(PageTableEditor edit, LentFrame lent)
    {
        LentFrames all = edit.Lent;
        return edit.Cores.First(core => core != lent.Home && !all.Allows(core, lent.Physical, writes: false));
    }
}
