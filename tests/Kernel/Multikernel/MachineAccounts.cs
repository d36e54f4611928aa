using Atoll.Coordinator;
using Atoll.Instance;

namespace Atoll.Kernel.Tests.Multikernel;

/// <summary>Whether everything of a machine is somebody's: links on both ends, frames by owner.</summary>
internal static unsafe class MachineAccounts
{
    /// <summary>Each link that was mapped is mapped still, or its end was said once; and nothing is lost of the pool.</summary>
    /// <remarks>Without a coordinator a member also lets go of links that are not open.</remarks>
    public static void AssertNothingIsLost(SimulatedMultikernel machine)
    {
        HashSet<ulong> epochs = [.. Records(machine).Select(record => record.Epoch)];
        bool hasCoordinator = machine.Members[0].Core.ExitCode is not null;
        foreach (SimulatedMember member in machine.Members.Where(one => one.IsAlive || one.Core.ExitCode is not null))
        {
            List<LinkEntry> links = LiveLinks(member);
            ulong died = member.State->Map.Status.PeersDied;
            Assert.True(died == member.LinksLost || (!hasCoordinator && died < member.LinksLost));
            Assert.Equal(member.LinksTaken, member.LinksLost + (ulong)links.Count);
            Assert.All(
                links.Where(link => link.Link.Peer != 0 && member.Number != 0),
                link => Assert.Contains(link.Link.Epoch, epochs));
        }

        if (!hasCoordinator)
        {
            return;
        }

        // Every frame is free, or in the block of an instance, living or dead, or one of two rings of a link.
        ref CoordinatorState coordinator = ref machine.Coordinator;
        ulong used = coordinator.Instances[0].Plan.PageCount + (2 * (ulong)epochs.Count);
        for (int core = 1; core < machine.Members.Count; core++)
        {
            used += coordinator.Instances[core].Plan.PageCount + 2;
        }

        Assert.Equal(machine.PoolFrames, coordinator.Pool.FreeFrames + used);
    }

    // The registry begins with its records; that they are read right shows in their ends.
    private static List<LinkRecord> Records(SimulatedMultikernel machine)
    {
        fixed (LinkRegistry* registry = &machine.Coordinator.Links)
        {
            LinkRecord[] all = new ReadOnlySpan<LinkRecord>(registry, Atoll.Base.Limits.LinkRecordsMax).ToArray();
            List<LinkRecord> used = [.. all.Where(record => record.Epoch != 0)];
            Assert.All(used, record => Assert.True(
                record.First != record.Second
                && record.First < machine.Members.Count && record.Second < machine.Members.Count));
            return used;
        }
    }

    /// <summary>Links that an instance has.</summary>
    public static List<LinkEntry> LiveLinks(SimulatedMember member)
    {
        List<LinkEntry> links = [];
        for (uint position = 0; position < member.State->LinkCount; position++)
        {
            LinkEntry entry = member.State->Map.Link(position);
            if (entry.IsUsed && !entry.OwesRelease)
            {
                links.Add(entry);
            }
        }

        return links;
    }
}
