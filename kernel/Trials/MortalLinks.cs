using Atoll.Base;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;

namespace Atoll.Trials;

/// <summary>An instance's links, with a doorbell at which its core may die.</summary>
public readonly struct MortalLinks<TDeath> : ILinkHolder<InstanceState>
    where TDeath : ISendDeath
{
    /// <inheritdoc/>
    [InterruptSafe, NoPanic, NoBlock]
    public static uint LinkCount(ref readonly InstanceState state) => InstanceLinks.LinkCount(in state);

    /// <inheritdoc/>
    [InterruptSafe, NoPanic, NoBlock]
    public static ref Link LinkAt(ref InstanceState state, uint position) => ref InstanceLinks.LinkAt(ref state, position);

    /// <inheritdoc/>
    [InterruptSafe, NoPanic, NoBlock]
    [Trusted(Safety = "The death is the fault that was asked for; no dying instance rings by these links.")]
    public static void Ring(ref InstanceState state, ref readonly Link link)
    {
        SendDeath.At<TDeath>(PublishStep.Doorbell);
        InstanceLinks.Ring(ref state, in link);
    }
}
