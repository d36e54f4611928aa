using Atoll.Abi;
using Atoll.Instance;
using Atoll.Mm;
using Atoll.Root;

namespace Atoll.Coordinator;

/// <summary>Memory for programs: taken from the pool with an instance's block, given back with it.</summary>
internal static class Grants
{
    private const ulong PagesPerMebibyte = 256;

    /// <summary>Takes a grant for an instance. Without a bundle there is none, and that is no failure.</summary>
    internal static bool Reserve(ref CoordinatorState coordinator, ref InstanceEntry entry)
    {
        entry.Grant = default;
        if (coordinator.Bundle.Base == 0)
        {
            return true;
        }

        ulong pages = Base.Bits.AlignUp(coordinator.Parameters.GrantMebibytes * PagesPerMebibyte, ObjectWindow.PageBytes / ImageLayout.PageSizeBytes);
        if (coordinator.Pool.TakeAligned(pages, ObjectWindow.PageBytes, out ulong physical) != FramePoolResult.Done)
        {
            return false;
        }

        entry.Grant.Base = physical;
        entry.Grant.Bytes = pages * ImageLayout.PageSizeBytes;
        entry.Grant.FileBytes = coordinator.Bundle.FileBytes;
        entry.Grant.Bundle = coordinator.Bundle.Base;
        entry.Grant.BundleBytes = coordinator.Bundle.Bytes;
        entry.Grant.ChannelRecordBytes = entry.Plan.CoordinatorPages == 0
            ? 0
            : ChannelRegistry.BytesFor((uint)coordinator.Cores.Count, entry.Grant.ChannelCapacity);
        return true;
    }

    /// <summary>Gives the grant of an instance back that no core runs any more.</summary>
    internal static void GiveBack(ref CoordinatorState coordinator, ref InstanceEntry entry)
    {
        if (entry.Grant.Base != 0)
        {
            coordinator.Pool.GiveOrLose(entry.Grant.Base, entry.Grant.Bytes / ImageLayout.PageSizeBytes);
            entry.Grant = default;
        }
    }

    /// <summary>What others are told of a grant.</summary>
    internal static PeerGrant Of(in InstanceEntry entry, uint core) => new() { Peer = core, Base = entry.Grant.Base, Bytes = entry.Grant.Bytes };

    /// <summary>Tells an instance about its grant.</summary>
    internal static void Describe(ref InstanceState instance, in InstanceEntry entry)
    {
        instance.Grant = entry.Grant;
    }
}
