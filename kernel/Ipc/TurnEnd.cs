using Atoll.Abi;

namespace Atoll.Ipc;

/// <summary>The end of a turn in which messages may have been sent.</summary>
[NoBlock]
public static class TurnEnd
{
    /// <summary>One fence if anything was sent, then a doorbell for each receiver that says it sleeps and was not rung for it.</summary>
    /// <remarks>Blocks: never. A turn that met a full ring ends here too, before the next try (<see cref="SendResult.Full"/>).</remarks>
    /// <param name="state">The instance.</param>
    public static void RingSleepers<TMemory, THolder, [AllowLinear] TState>(ref TState state)
        where TMemory : ISharedMemory
        where THolder : ILinkHolder<TState>
        where TState : struct
    {
        bool fenced = false;
        uint count = THolder.LinkCount(in state);
        for (uint position = 0; position < count; position++)
        {
            ref Link link = ref THolder.LinkAt(ref state, position);
            if (!link.HasSent)
            {
                continue;
            }

            if (!fenced)
            {
                TMemory.Fence();
                fenced = true;
            }

            if (link.MustRing<TMemory>())
            {
                THolder.Ring(ref state, in link);
            }
        }
    }
}
