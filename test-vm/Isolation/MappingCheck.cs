using Atoll.TestVm.Guest;
using static Atoll.TestVm.Isolation.IsolationRule;

namespace Atoll.TestVm.Isolation;

/// <summary>Each page of one instance is there for a purpose, with that purpose's rights and frame; none is missing.</summary>
internal static class MappingCheck
{
    private const ulong PageSizeBytes = 4096;
    private const ulong ObjectsPageBytes = 2 << 20;

    public static IEnumerable<Violation> Run(MachineView machine, InstanceSpace space)
    {
        foreach (string defect in space.Space.Defects)
        {
            yield return new Violation(TablePlace, space.Core, defect);
        }

        foreach (Mapping mapping in space.Space.Mappings)
        {
            foreach ((IsolationRule rule, string words) in CheckOne(machine, space.Instance, mapping))
            {
                yield return new Violation(rule, space.Core, $"{mapping}: {words}");
            }
        }

        foreach (Violation missing in CheckPresence(machine, space).Concat(CheckBound(machine, space)))
        {
            yield return missing;
        }
    }

    private static IEnumerable<(IsolationRule Rule, string Words)> CheckOne(
        MachineView machine, InstanceReport instance, Mapping mapping)
    {
        WindowRegion region = machine.Window.RegionOf(mapping.Virtual);
        if (mapping.SizeBytes != (region == WindowRegion.Objects ? ObjectsPageBytes : PageSizeBytes))
        {
            yield return (LargePage, $"a page of {mapping.SizeBytes >> 10} KiB");
        }

        if (mapping.IsUser)
        {
            yield return (UserAccess, "user mode has access");
        }

        if (region == WindowRegion.Nothing || (region is WindowRegion.Coordinator or WindowRegion.IoApic && instance.Core != 0))
        {
            yield return (Unexpected, "nothing belongs here");
            yield break;
        }

        (bool write, bool execute) = RightsOf(machine, instance, region, mapping);
        if (mapping.IsWritable != write || mapping.IsExecutable != execute)
        {
            yield return (Rights, $"{region} must be R{(write ? 'W' : '-')}{(execute ? 'X' : '-')}");
        }

        if (WrongFrameWords(machine, instance, region, mapping) is { } words)
        {
            yield return (WrongFrame, words);
        }

        if (region is WindowRegion.LocalApic or WindowRegion.IoApic && !mapping.IsUncached)
        {
            yield return (Cacheability, "registers of an APIC must be uncached");
        }
    }

    private static (bool Write, bool Execute) RightsOf(
        MachineView machine, InstanceReport instance, WindowRegion region, Mapping mapping) => region switch
    {
        WindowRegion.Text => (false, true),
        WindowRegion.ReadOnly => (false, false),
        WindowRegion.Peer => (FindRing(machine, instance, mapping.Physical) is not null, false),
        _ => (true, false),
    };

    private static string? WrongFrameWords(
        MachineView machine, InstanceReport instance, WindowRegion region, Mapping mapping)
    {
        ulong physical = mapping.Physical;
        return region switch
        {
            WindowRegion.Text or WindowRegion.ReadOnly => Must(machine.Window.SharedPhysical(mapping.Virtual) == physical, "is not the image's page"),
            WindowRegion.LocalApic => Must(physical == InstanceWindow.LocalApicPhysical, "is not the local APIC"),
            WindowRegion.IoApic => Must(physical == InstanceWindow.IoApicPhysical, "is not the I/O APIC"),
            WindowRegion.Status => Must(physical == instance.Status, $"is not the announced status page 0x{instance.Status:x}"),
            WindowRegion.Wake => Must(physical == instance.Wake, $"is not the announced wake page 0x{instance.Wake:x}"),
            WindowRegion.Peer => Must(
                FindRing(machine, instance, physical) is not null || IsLinkedPeersPage(machine, instance, physical),
                "is neither a ring that this instance is an end of, nor the status or wake page of a peer that it is linked with"),
            WindowRegion.Objects => Must(physical == mapping.Virtual - InstanceWindow.ObjectsBase, "is not the one that the window's address names"),
            _ => Must(instance.Owns(physical), $"is outside the private block 0x{instance.Base:x}–0x{instance.End:x}"),
        };
    }

    private static string? Must(bool holds, string otherwise) => holds ? null : $"the frame {otherwise}";

    private static LinkReport? FindRing(MachineView machine, InstanceReport instance, ulong physical) =>
        machine.Links.FirstOrDefault(link => link.Ring == physical && link.Has(instance.Core));

    private static bool IsLinkedPeersPage(MachineView machine, InstanceReport instance, ulong physical) =>
        machine.Instances.Any(peer => (peer.Status == physical || peer.Wake == physical) && AreLinked(machine, instance.Core, peer.Core));

    private static bool AreLinked(MachineView machine, int core, int peer) =>
        core != peer && machine.Links.Any(link => link.Has(core) && link.Has(peer));

    private static IEnumerable<Violation> CheckPresence(MachineView machine, InstanceSpace space)
    {
        foreach ((WindowRegion region, ulong address) in machine.Window.Required)
        {
            if (space.Space.At(address) is null)
            {
                yield return new Violation(Missing, space.Core, $"{region} at 0x{address:x} is not mapped");
            }
        }
    }

    // Rules out a direct map whatever else it may be called: no instance can need more than its own block,
    // the image, and for each of its rings, of which a link has two, one page of the peer. Its grant is in one piece.
    private static IEnumerable<Violation> CheckBound(MachineView machine, InstanceSpace space)
    {
        int rings = machine.Links.Count(link => link.Has(space.Core));
        int bound = machine.Window.Required.Count() + space.Instance.Pages + (2 * rings);
        IEnumerable<Mapping> pages = space.Space.Mappings.Where(mapping => machine.Window.RegionOf(mapping.Virtual) != WindowRegion.Objects);
        ulong mapped = pages.Aggregate(0UL, (sum, mapping) => sum + (mapping.SizeBytes / PageSizeBytes));
        if (mapped > (ulong)bound)
        {
            yield return new Violation(Bound, space.Core, $"{mapped} pages are mapped, {bound} at most can be needed");
        }

        if (space.Grant.MappedBytes != space.Grant.End - space.Grant.Base)
        {
            yield return new Violation(Bound, space.Core, $"the grant {space.Grant} has holes: {space.Grant.MappedBytes} bytes of it are mapped");
        }
    }
}
