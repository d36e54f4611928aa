using Atoll.Ipc;

namespace Atoll.Boot;

/// <summary>Tells of a death those whom the coordinator has linked with the dead.</summary>
public readonly unsafe struct LinkRegistryBell : IDeathBell<InstanceState>
{
    /// <inheritdoc/>
    public static void RingLinked(ref InstanceState state, uint dead)
    {
        CoordinatorState* coordinator = state.Map.Coordinator;
        coordinator->Links.RingPeers(in state, in coordinator->Cores, dead);
    }
}
