using Atoll.Abi;

namespace Atoll.Ipc;

/// <summary>Who is to be told of a death.</summary>
/// <inheritdoc cref="ILinkHolder{TState}"/>
[InterruptSafe, NoPanic, NoBlock]
public interface IDeathBell<[AllowLinear] TState>
    where TState : struct
{
    /// <summary>Sends a doorbell to everybody linked with the dead, asleep or not.</summary>
    /// <param name="state">The announcing instance.</param>
    /// <param name="dead">Core of the dead.</param>
    static abstract void RingLinked(ref TState state, uint dead);
}

/// <summary>The announcement of an instance's death, by itself in its panic or by whoever stopped its core.</summary>
[InterruptSafe, NoPanic, NoBlock]
public static unsafe class DeathNotice
{
    /// <summary>Writes the life word, then rings.</summary>
    /// <remarks>
    /// Context: nothing that the dead has stored follows; a stopped core's stores have all become visible. Blocks: never.
    /// Ordering: the life word is the last that peers see of the dead, after every message of it; and whoever takes the doorbell
    /// finds it. Without the fence a peer could wake, see everybody alive, and sleep for ever.
    /// </remarks>
    /// <param name="state">The announcing instance.</param>
    /// <param name="dead">Core of the dead.</param>
    /// <param name="life">Its life word.</param>
    /// <param name="last">The word's last value: any but that of the living.</param>
    public static void Announce<TMemory, TBell, [AllowLinear] TState>(ref TState state, uint dead, ulong* life, ulong last)
        where TMemory : ISharedMemory
        where TBell : IDeathBell<TState>
        where TState : struct
    {
        TMemory.Store64(life, last);
        TMemory.Fence();
        TBell.RingLinked(ref state, dead);
    }

    /// <summary>Rings the peer of every link that is not closed: those who are linked with the announcing instance itself.</summary>
    /// <param name="state">The instance.</param>
    public static void RingPeers<THolder, [AllowLinear] TState>(ref TState state)
        where THolder : ILinkHolder<TState>
        where TState : struct
    {
        uint count = THolder.LinkCount(in state);
        for (uint position = 0; position < count; position++)
        {
            ref Link link = ref THolder.LinkAt(ref state, position);
            if (link.State != LinkState.Closed)
            {
                THolder.Ring(ref state, in link);
            }
        }
    }
}
