using Atoll.Instance;
using Atoll.Ipc;

namespace Atoll.Coordinator;

/// <summary>Tells of a death those whom the coordinator has linked with the dead.</summary>
public readonly struct LinkRegistryBell : IDeathBell<InstanceState>
{
    /// <inheritdoc/>
    [Trusted(Safety = "Not on the way of a dying instance: the coordinator lives, and announces another's death.")]
    public static void RingLinked(ref InstanceState state, uint dead)
    {
        ref CoordinatorState coordinator = ref CoordinatorState.Of(in state);
        coordinator.Links.RingPeers(in state, in coordinator.Cores, dead);
    }
}
