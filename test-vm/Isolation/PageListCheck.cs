using Atoll.TestVm.Guest;

namespace Atoll.TestVm.Isolation;

/// <summary>What an instance lists as its private pages is what its tables hold, page by page.</summary>
internal static class PageListCheck
{
    private static readonly Dictionary<WindowRegion, string> s_kinds = new()
    {
        [WindowRegion.Data] = "data",
        [WindowRegion.Stack] = "stack",
        [WindowRegion.DoubleFaultStack] = "double-fault",
        [WindowRegion.NmiStack] = "nmi",
        [WindowRegion.MachineCheckStack] = "machine-check",
        [WindowRegion.State] = "state",
        [WindowRegion.Crash] = "crash",
        [WindowRegion.Status] = "status",
        [WindowRegion.Wake] = "wake",
        [WindowRegion.PeerTables] = "peer-table",
        [WindowRegion.LinkTable] = "links",
        [WindowRegion.Coordinator] = "coordinator",
    };

    // The tables that starting cores begin on belong to the coordinator and are no part of its own tables.
    private const string StartTables = "start-tables";

    public static IEnumerable<Violation> Run(MachineView machine, InstanceSpace space)
    {
        HashSet<(string Kind, ulong Physical)> listed =
        [
            .. machine.PrivatePages
                .Where(page => page.Core == space.Core && page.Kind != StartTables)
                .Select(page => (page.Kind, page.Physical)),
        ];
        HashSet<(string Kind, ulong Physical)> seen =
        [
            .. space.Space.Mappings
                .Where(mapping => s_kinds.ContainsKey(machine.Window.RegionOf(mapping.Virtual)))
                .Select(mapping => (s_kinds[machine.Window.RegionOf(mapping.Virtual)], mapping.Physical)),
            .. space.Space.Tables.Where(table => !TableCheck.IsOfObjects(machine, table)).Select(table => (TableKind(machine, table), table.Physical)),
        ];

        foreach ((string kind, ulong physical) in listed.Except(seen))
        {
            yield return Broken(space, $"0x{physical:x} is listed as {kind} but not used as such");
        }

        foreach ((string kind, ulong physical) in seen.Except(listed))
        {
            yield return Broken(space, $"0x{physical:x} is used as {kind} but not listed");
        }
    }

    private static string TableKind(MachineView machine, TablePage table) => table.Level switch
    {
        4 => "pml4",
        3 => "pdpt",
        2 => "pd",
        _ => machine.Window.RegionOf(table.FirstVirtual) == WindowRegion.Peer ? "peer-table" : "pt",
    };

    private static Violation Broken(InstanceSpace space, string words) => new(IsolationRule.PageList, space.Core, words);
}
