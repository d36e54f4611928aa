using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;

namespace Atoll.Members;

/// <summary>What a member does when a link is gone.</summary>
public static class LinkLoss
{
    /// <summary>The link is gone, its place free.</summary>
    /// <param name="state">The member.</param>
    /// <param name="position">The place that was the link's.</param>
    /// <param name="peer">Core of the peer.</param>
    /// <param name="epoch">Number of the link.</param>
    public static void Accept(ref InstanceState state, uint position, uint peer, ulong epoch)
    {
        state.Opening.Settle(peer);
        if (peer == InstanceState.CoordinatorCore)
        {
            state.Opening.GiveUp();
            AbandonGreetings(ref state);
            return;
        }

        // Frames of the peer that programs map are its memory: they go first (RemoteTurn).
        LinkTurn.Release(ref state, position, peer, epoch, isHeldBack: state.Kernel.Remote.Lost.Has(peer));
    }

    // Whoever makes links is dead: one that has not opened may never have been offered to its other end.
    private static void AbandonGreetings(ref InstanceState state)
    {
        for (uint position = 0; position < state.LinkCount; position++)
        {
            ref LinkEntry entry = ref state.Map.Link(position);
            if (entry.IsUsed && !entry.OwesRelease && entry.Link.State == LinkState.Greeting)
            {
                LinkTable.Release(ref state, position);
            }
        }
    }
}
