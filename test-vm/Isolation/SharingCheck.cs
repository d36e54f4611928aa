using Atoll.TestVm.Guest;
using static Atoll.TestVm.Isolation.IsolationRule;

namespace Atoll.TestVm.Isolation;

/// <summary>What instances share, frame by frame: nothing that one could harm another with but the rings between them.</summary>
/// <remarks>Looks at frames only and asks no address what it is for, so that it does not depend on the other checks.</remarks>
internal static class SharingCheck
{
    private const ulong PageSizeBytes = 4096;

    public static IEnumerable<Violation> Run(MachineView machine, IReadOnlyList<InstanceSpace> spaces)
    {
        ILookup<ulong, Use> uses = Frames(spaces).ToLookup(use => use.Frame);
        foreach (IGrouping<ulong, Use> frame in uses)
        {
            foreach (Violation violation in CheckFrame(machine, frame.Key, [.. frame]))
            {
                yield return violation;
            }
        }

        foreach (LinkReport link in machine.Links)
        {
            foreach (Violation violation in CheckRing(machine, link, [.. uses[link.Ring]]))
            {
                yield return violation;
            }
        }
    }

    private static IEnumerable<Use> Frames(IReadOnlyList<InstanceSpace> spaces) =>
        from space in spaces
        from mapping in space.Space.Mappings
        from page in Pages(mapping.SizeBytes)
        select new Use(space.Instance, mapping, mapping.Physical + (page * PageSizeBytes));

    // The frames of a direct map would be millions. The first of a large page tell enough.
    private static IEnumerable<ulong> Pages(ulong sizeBytes)
    {
        for (ulong page = 0; page < ulong.Min(sizeBytes / PageSizeBytes, 512); page++)
        {
            yield return page;
        }
    }

    private static IEnumerable<Violation> CheckFrame(MachineView machine, ulong frame, IReadOnlyList<Use> uses)
    {
        Use[] writers = [.. uses.Where(use => use.Mapping.IsWritable)];
        Use? executor = uses.FirstOrDefault(use => use.Mapping.IsExecutable);
        if (executor is not null && writers.Length > 0)
        {
            yield return new Violation(
                WriteAndExecute, writers[0].Core,
                $"{writers[0].Mapping}: core {executor.Core} executes this frame at 0x{executor.Mapping.Virtual:x}");
        }

        // Every core reaches its own local APIC at the same physical address.
        if (frame != InstanceWindow.LocalApicPhysical && writers.Length > 1 && !AreRingEnds(machine, frame, writers))
        {
            yield return new Violation(
                SharedWritable, writers[0].Core,
                $"frame 0x{frame:x} is writable {string.Join(" and ", writers.Select(use => $"at 0x{use.Mapping.Virtual:x} by core {use.Core}"))}");
        }

        foreach (Use use in uses)
        {
            if (OwnerOf(machine, frame) is { } owner && owner.Core != use.Core
                && (use.Mapping.IsWritable || (frame != owner.Status && frame != owner.Wake)))
            {
                yield return new Violation(ForeignFrame, use.Core, $"{use.Mapping}: the frame is private to core {owner.Core}");
            }
        }
    }

    private static IEnumerable<Violation> CheckRing(MachineView machine, LinkReport link, IReadOnlyList<Use> uses)
    {
        IEnumerable<int> ends = Ends(link).Where(core => machine.Instances.Any(instance => instance.Core == core));
        int[] mappers = [.. uses.Where(use => use.Mapping.IsWritable).Select(use => use.Core).Order()];
        if (!ends.SequenceEqual(mappers) || uses.Count != mappers.Length)
        {
            yield return new Violation(
                RingEnds, link.Producer,
                $"the ring 0x{link.Ring:x} from core {link.Producer} to core {link.Consumer} is mapped {Describe(uses)}");
        }
    }

    private static string Describe(IReadOnlyList<Use> uses) =>
        uses.Count == 0 ? "nowhere" : "by " + string.Join(", ", uses.Select(use => $"core {use.Core} {use.Mapping.Rights}"));

    private static bool AreRingEnds(MachineView machine, ulong frame, IReadOnlyList<Use> writers) =>
        machine.Links.Any(link =>
            link.Ring == frame && Ends(link).SequenceEqual(writers.Select(use => use.Core).Order()));

    private static IEnumerable<int> Ends(LinkReport link) => new[] { link.Producer, link.Consumer }.Order();

    private static InstanceReport? OwnerOf(MachineView machine, ulong frame) =>
        machine.Instances.FirstOrDefault(instance => instance.Owns(frame));

    private sealed record Use(InstanceReport Instance, Mapping Mapping, ulong Frame)
    {
        public int Core => Instance.Core;
    }
}
