using static Atoll.TestVm.Isolation.InstanceWindow;
using static Atoll.TestVm.Isolation.PageTableEntry;

namespace Atoll.TestVm.Isolation;

/// <summary>Every kind of defect in programs' tables that the checker must find. Tried on hand-made tables and on those of a real boot.</summary>
public static class ProgramDefects
{
    private const ulong Everything = Present | Writable | User;

    /// <summary>All defects. The first two programs of the first core are used, and the first of the second.</summary>
    public static IReadOnlyList<SeededDefect> All { get; } =
    [
        Wrong("program may write its text", IsolationRule.WriteAndExecute, (edit, program) => edit.ChangeAllLevelsIn(program, Text(edit, program), set: Writable)),
        Wrong("program may execute its data", IsolationRule.WriteAndExecute, (edit, program) => edit.ChangeIn(program, Data(edit, program), clear: NoExecute)),
        Wrong("program's page for the kernel only", IsolationRule.KernelHalf, (edit, program) => edit.ChangeIn(program, Data(edit, program), clear: User)),
        Wrong("program sees the kernel's state", IsolationRule.KernelHalf, (edit, program) => edit.ChangeAllLevelsIn(program, StatePage, set: User)),
        Wrong("kernel's half with tables of its own", IsolationRule.KernelHalf, OwnKernelHalf),
        Wrong("another root entry in the kernel's half", IsolationRule.KernelHalf,
            (edit, program) => edit.MapIn(program, KernelHalf, edit.MappingIn(program, Data(edit, program)).Physical, Writable | NoExecute)),
        Wrong("last page of the program's half", IsolationRule.Unexpected,
            (edit, program) => edit.MapIn(program, ProgramEnd, edit.MappingIn(program, Data(edit, program)).Physical, User | NoExecute)),
        Wrong("program writes its root", IsolationRule.TableExposed, (edit, program) => edit.RedirectIn(program, Data(edit, program), program)),
        Wrong("program reads a table of the window", IsolationRule.TableExposed,
            (edit, program) => edit.RedirectIn(program, Data(edit, program), edit.Table(0, ObjectsOf(edit), level: 2))),
        Wrong("program's table outside the grant", IsolationRule.TablePlace,
            (edit, program) => edit.MapIn(program, ProgramEnd - 4096, edit.MappingIn(program, Data(edit, program)).Physical, User | NoExecute)),
        Wrong("program's table outside memory", IsolationRule.TablePlace, (edit, program) => edit.Write(program + (8 * 255), (1UL << 39) | Everything)),
        Wrong("program writes the kernel's stack", IsolationRule.ForeignFrame,
            (edit, program) => edit.RedirectIn(program, Data(edit, program), edit.Mapping(0, StackBase).Physical)),
        Wrong("program reads the kernel's text", IsolationRule.ForeignFrame,
            (edit, program) => edit.RedirectIn(program, Text(edit, program), edit.Mapping(0, ImageBase).Physical)),
        Wrong("program writes a frame of nobody", IsolationRule.ForeignFrame, (edit, program) => edit.RedirectIn(program, Data(edit, program), edit.NewTable())),
        Wrong("program reaches the local APIC", IsolationRule.ForeignFrame, (edit, program) => edit.RedirectIn(program, Text(edit, program), LocalApicPhysical)),
        Wrong("two programs write one frame", IsolationRule.SharedWritable, (edit, program) => Share(edit, program, Data(edit, edit.Program(0, 1)))),
        Wrong("one program executes what another writes", IsolationRule.WriteAndExecute,
            (edit, program) => edit.RedirectIn(program, Data(edit, program), edit.MappingIn(edit.Program(0, 1), Text(edit, edit.Program(0, 1))).Physical)),
        Wrong("program reads a neighbour's stack", IsolationRule.ForeignFrame,
            (edit, program) => edit.RedirectIn(program, Text(edit, program), edit.Mapping(1, StackBase).Physical), cores: 2),
        Wrong("program writes a neighbour's program", IsolationRule.ForeignFrame,
            (edit, program) => edit.RedirectIn(program, Data(edit, program), edit.MappingIn(edit.Program(1, 0), Data(edit, edit.Program(1, 0))).Physical), cores: 2),
        Wrong("program writes a ring", IsolationRule.ForeignFrame, (edit, program) => edit.RedirectIn(program, Data(edit, program), edit.Ring), cores: 2),
        new("grant with a hole", IsolationRule.Bound, 1, machine => OnGrant(machine, edit => edit.Change(0, SecondPage(edit), clear: Present))),
        new("grant read-only", IsolationRule.Rights, 1, machine => OnGrant(machine, edit => edit.Change(0, ObjectsOf(edit), clear: Writable))),
        new("grant executable", IsolationRule.Rights, 1, machine => OnGrant(machine, edit => edit.Change(0, ObjectsOf(edit), clear: NoExecute))),
        new("grant for ring 3", IsolationRule.UserAccess, 1, machine => OnGrant(machine, edit => edit.ChangeAllLevels(0, ObjectsOf(edit), set: User))),
        new("window on other memory than its address", IsolationRule.WrongFrame, 1,
            machine => OnGrant(machine, edit => edit.Redirect(0, ObjectsOf(edit), edit.Mapping(0, SecondPage(edit)).Physical))),
        new("window on a neighbour's grant", IsolationRule.SharedWritable, 2,
            machine => OnGrant(machine, edit => edit.Redirect(0, ObjectsOf(edit), edit.Mapping(1, edit.Grant(1)).Physical))),
    ];

    private static SeededDefect Wrong(string name, IsolationRule rule, Action<PageTableEditor, ulong> edit, int cores = 1) =>
        new(name, rule, cores, machine => OnGrant(machine, editor => edit(editor, editor.Program(0, 0))));

    private static MachineView OnGrant(MachineView machine, Action<PageTableEditor> edit)
    {
        var editor = new PageTableEditor(machine);
        edit(editor);
        return editor.Result;
    }

    private static ulong Text(PageTableEditor edit, ulong program) => edit.PageOf(program, writable: false, executable: true).Virtual;

    private static ulong Data(PageTableEditor edit, ulong program) => edit.PageOf(program, writable: true, executable: false).Virtual;

    private static ulong ObjectsOf(PageTableEditor edit) => edit.Grant(0);

    private static ulong SecondPage(PageTableEditor edit) => edit.Grant(0) + (2 << 20);

    private static void Share(PageTableEditor edit, ulong program, ulong address) =>
        edit.RedirectIn(program, Data(edit, program), edit.MappingIn(edit.Program(0, 1), address).Physical);

    // The root still leads to the instance's level 3 table, which is how the program is found, but the kernel's pages are read-only on the way.
    private static void OwnKernelHalf(PageTableEditor edit, ulong program)
    {
        const ulong Last = 511 * 8;
        edit.ChangeWord(program + Last, clear: Writable);
    }
}
