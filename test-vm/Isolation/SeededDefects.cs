using Atoll.TestVm.Guest;
using static Atoll.TestVm.Isolation.InstanceWindow;
using static Atoll.TestVm.Isolation.PageTableEntry;

namespace Atoll.TestVm.Isolation;

/// <summary>Every kind of defect that the checker must find. Tried on hand-made tables and on those of a real boot.</summary>
public static class SeededDefects
{
    private const ulong GuardBelowStack = StackBase - 4096;
    private const ulong PrivateData = Writable | NoExecute;

    /// <summary>All defects.</summary>
    public static IReadOnlyList<SeededDefect> All { get; } =
    [
        Wrong("text writable", IsolationRule.Rights, edit => edit.Change(0, ImageBase, set: Writable)),
        Wrong("stack executable", IsolationRule.Rights, edit => edit.Change(0, StackBase, clear: NoExecute)),
        Wrong("state read-only", IsolationRule.Rights, edit => edit.Change(0, StatePage, clear: Writable)),
        Wrong("own status page read-only", IsolationRule.Rights, edit => edit.Change(0, StatusPage, clear: Writable)),
        OnRegion("read-only data writable", WindowRegion.ReadOnly, set: Writable, clear: 0),
        OnRegion("read-only data executable", WindowRegion.ReadOnly, set: 0, clear: NoExecute),
        OnRegion("data executable", WindowRegion.Data, set: 0, clear: NoExecute),
        Wrong("state not mapped", IsolationRule.Missing, edit => edit.Change(0, StatePage, clear: Present)),
        Wrong("user access to state", IsolationRule.UserAccess, edit => edit.ChangeAllLevels(0, StatePage, set: User)),
        Wrong("guard page mapped", IsolationRule.Unexpected,
            edit => edit.Map(0, GuardBelowStack, edit.Mapping(0, StatePage).Physical, PrivateData)),
        Wrong("page 0 mapped", IsolationRule.Unexpected, edit => edit.Map(0, 0, 0, PrivateData)),
        Wrong("direct map of large pages", IsolationRule.LargePage, PlantDirectMap),
        Wrong("direct map: more pages than can be needed", IsolationRule.Bound, PlantDirectMap),
        Wrong("local APIC cached", IsolationRule.Cacheability, edit => edit.Change(0, LocalApicPage, clear: CacheDisable)),
        Wrong("local APIC page elsewhere", IsolationRule.WrongFrame,
            edit => edit.Redirect(0, LocalApicPage, LocalApicPhysical + 4096)),
        Wrong("I/O APIC in a member", IsolationRule.Unexpected, edit => edit.Map(1, IoApicPage, IoApicPhysical, PrivateData), cores: 2),
        Wrong("I/O APIC page elsewhere", IsolationRule.WrongFrame, edit => edit.Map(0, IoApicPage, edit.NewTable(), PrivateData)),
        Wrong("I/O APIC cached", IsolationRule.Cacheability, edit => edit.Map(0, IoApicPage, IoApicPhysical, PrivateData)),
        Wrong("text from another frame", IsolationRule.WrongFrame, edit => edit.Redirect(0, ImageBase, edit.NewTable())),
        Wrong("text also mapped writable", IsolationRule.WriteAndExecute,
            edit => edit.Redirect(0, StatePage, edit.Mapping(0, ImageBase).Physical)),
        Wrong("one frame at two addresses", IsolationRule.SharedWritable,
            edit => edit.Redirect(0, StatePage, edit.Mapping(0, StackBase).Physical)),
        Wrong("kernel page table writable", IsolationRule.TableExposed,
            edit => edit.Map(0, edit.FreeAddress(0, PeerTablesBase), edit.Table(0, ImageBase, level: 1), PrivateData)),
        Wrong("PML4 writable", IsolationRule.TableExposed,
            edit => edit.Map(0, edit.FreeAddress(0, PeerTablesBase), edit.Instance(0).Tables, PrivateData)),
        Wrong("table outside memory", IsolationRule.TablePlace,
            edit => edit.SetRootEntry(0, 0, (1UL << 39) | Present | Writable)),
        new("pristine data mapped", IsolationRule.WrongFrame, 1, PlantPristineData),
        Wrong("neighbour's state mapped", IsolationRule.ForeignFrame,
            edit => MapInPeerRegion(edit, 0, edit.Mapping(1, StatePage).Physical, NoExecute), cores: 2),
        Wrong("neighbour's stack mapped as own", IsolationRule.ForeignFrame,
            edit => edit.Redirect(0, StackBase, edit.Mapping(1, StackBase).Physical), cores: 2),
        Wrong("neighbour's status page writable", IsolationRule.SharedWritable,
            edit => MapInPeerRegion(edit, 0, edit.Instance(1).Status, PrivateData), cores: 2),
        Wrong("neighbour's wake page writable", IsolationRule.SharedWritable,
            edit => MapInPeerRegion(edit, 0, edit.Instance(1).Wake, PrivateData), cores: 2),
        Wrong("neighbour's wake page executable", IsolationRule.Rights,
            edit => MapInPeerRegion(edit, 0, edit.Instance(1).Wake, 0), cores: 2),
        Wrong("neighbour's link table mapped", IsolationRule.ForeignFrame,
            edit => MapInPeerRegion(edit, 0, edit.Mapping(1, LinkTableBase).Physical, NoExecute), cores: 2),
        new("status page of a peer without a link", IsolationRule.WrongFrame, 4, machine => OnStrangers(machine, peer => peer.Status)),
        new("wake page of a peer without a link", IsolationRule.WrongFrame, 4, machine => OnStrangers(machine, peer => peer.Wake)),
        Wrong("tables shared with the neighbour", IsolationRule.TablePlace,
            edit => edit.SetRootEntry(1, ImageBase, edit.RootEntry(0, ImageBase)), cores: 2),
        new("ring executable", IsolationRule.Rights, 2, machine => OnRing(machine, set: 0, clear: NoExecute)),
        new("ring read-only at one end", IsolationRule.RingEnds, 2, machine => OnRing(machine, set: 0, clear: Writable)),
        new("ring missing at one end", IsolationRule.RingEnds, 2, machine => OnRing(machine, set: 0, clear: Present)),
        new("ring mapped by a third", IsolationRule.RingEnds, 3, PlantThirdRingEnd),
        new("write protection off", IsolationRule.Enforcement, 1, machine => OnCpu0(machine, cpu => cpu with { Cr0 = cpu.Cr0 & ~(1UL << 16) })),
        new("no-execute off", IsolationRule.Enforcement, 1, machine => OnCpu0(machine, cpu => cpu with { Efer = cpu.Efer & ~(1UL << 11) })),
        new("another's CR3", IsolationRule.Enforcement, 1, machine => OnCpu0(machine, cpu => cpu with { Cr3 = cpu.Cr3 + 4096 })),
        new("private page not listed", IsolationRule.PageList, 1, machine => machine with { PrivatePages = [.. machine.PrivatePages.Skip(1)] }),
    ];

    private static SeededDefect Wrong(
        string name, IsolationRule rule, Action<PageTableEditor> edit, int cores = 1) =>
        new(name, rule, cores, machine =>
        {
            var editor = new PageTableEditor(machine);
            edit(editor);
            return editor.Result;
        });

    private static SeededDefect OnRegion(string name, WindowRegion region, ulong set, ulong clear) =>
        new(name, IsolationRule.Rights, 1, machine =>
            new PageTableEditor(machine).Change(0, First(machine, region), set, clear).Result);

    private static ulong First(MachineView machine, WindowRegion region) =>
        machine.Window.Required.First(page => page.Region == region).Virtual;

    private static void PlantDirectMap(PageTableEditor edit)
    {
        const ulong DirectMap = 0xFFFF_9000_0000_0000;
        ulong table = edit.NewTable();
        edit.Write(table, Present | Writable | LargePage | NoExecute);
        edit.SetRootEntry(0, DirectMap, table | Present | Writable);
    }

    private static void MapInPeerRegion(PageTableEditor edit, int core, ulong frame, ulong flags) =>
        edit.Map(core, edit.FreeAddress(core, PeerBase), frame, flags);

    private static MachineView OnStrangers(MachineView machine, Func<InstanceReport, ulong> page)
    {
        (InstanceReport core, InstanceReport peer) = machine.Instances
            .SelectMany(core => machine.Instances.Select(peer => (Core: core, Peer: peer)))
            .First(pair => pair.Core != pair.Peer && !machine.Links.Any(link => link.Has(pair.Core.Core) && link.Has(pair.Peer.Core)));
        var editor = new PageTableEditor(machine);
        MapInPeerRegion(editor, core.Core, page(peer), NoExecute);
        return editor.Result;
    }

    private static MachineView PlantPristineData(MachineView machine)
    {
        var editor = new PageTableEditor(machine);
        return editor.Redirect(0, First(machine, WindowRegion.Data), editor.PristineData).Result;
    }

    private static MachineView OnRing(MachineView machine, ulong set, ulong clear)
    {
        LinkReport link = machine.Links[0];
        Mapping mapping = PageTableWalker.Walk(machine.Memory, machine.Instances.First(instance => instance.Core == link.Producer).Tables)
            .Mappings.First(mapping => mapping.Physical == link.Ring);
        return new PageTableEditor(machine).Change(link.Producer, mapping.Virtual, set, clear).Result;
    }

    private static MachineView PlantThirdRingEnd(MachineView machine)
    {
        LinkReport link = machine.Links[0];
        var editor = new PageTableEditor(machine);
        int third = machine.Instances.First(instance => instance.Core != link.Producer && instance.Core != link.Consumer).Core;
        MapInPeerRegion(editor, third, link.Ring, PrivateData);
        return editor.Result;
    }

    private static MachineView OnCpu0(MachineView machine, Func<CpuRegisters, CpuRegisters> change)
    {
        uint apic = machine.Instances.First(instance => instance.Core == 0).ApicId;
        return machine with { Cpus = [.. machine.Cpus.Select(cpu => cpu.Index == apic ? change(cpu) : cpu)] };
    }
}
