namespace Atoll.TestVm.Isolation;

/// <summary>
/// Paging structures lie in their owner's block; only those of the peer region can be written, and only by it. Those of the window on the grant lie in the
/// grant, so they can be written through that window.
/// </summary>
internal static class TableCheck
{
    public static IEnumerable<Violation> Run(MachineView machine, InstanceSpace space, IReadOnlyList<InstanceSpace> all)
    {
        foreach (TablePage table in space.Space.Tables)
        {
            bool isOwn = IsOfObjects(machine, table) ? space.Grant.Owns(table.Physical) : space.Instance.Owns(table.Physical);
            if (!isOwn)
            {
                yield return new Violation(
                    IsolationRule.TablePlace, space.Core,
                    $"the level {table.Level} table 0x{table.Physical:x} for 0x{table.FirstVirtual:x} is outside the {(IsOfObjects(machine, table) ? "grant" : "private block")}");
            }

            foreach ((InstanceSpace writer, Mapping mapping) in WritersOf(table.Physical, all))
            {
                if (!IsOwnPeerTable(machine, space, table, writer, mapping) && !IsOwnGrant(machine, space, table, writer, mapping))
                {
                    yield return new Violation(
                        IsolationRule.TableExposed, writer.Core,
                        $"{mapping}: core {space.Core}'s level {table.Level} table for 0x{table.FirstVirtual:x} can be written");
                }
            }
        }
    }

    /// <summary>Whether a table is one of the window on the grant.</summary>
    internal static bool IsOfObjects(MachineView machine, TablePage table) =>
        table.Level <= 2 && machine.Window.RegionOf(table.FirstVirtual) == WindowRegion.Objects;

    private static bool IsOwnGrant(MachineView machine, InstanceSpace owner, TablePage table, InstanceSpace writer, Mapping mapping) =>
        writer.Core == owner.Core && IsOfObjects(machine, table) && machine.Window.RegionOf(mapping.Virtual) == WindowRegion.Objects;

    private static IEnumerable<(InstanceSpace Writer, Mapping Mapping)> WritersOf(ulong frame, IReadOnlyList<InstanceSpace> all) =>
        from space in all
        from mapping in space.Space.Mappings
        where mapping.IsWritable && frame >= mapping.Physical && frame - mapping.Physical < mapping.SizeBytes
        select (space, mapping);

    private static bool IsOwnPeerTable(
        MachineView machine, InstanceSpace owner, TablePage table, InstanceSpace writer, Mapping mapping) =>
        writer.Core == owner.Core
        && table.Level == 1
        && machine.Window.RegionOf(mapping.Virtual) == WindowRegion.PeerTables
        && machine.Window.RegionOf(table.FirstVirtual) == WindowRegion.Peer;
}
