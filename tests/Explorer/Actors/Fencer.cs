using Atoll.Abi;
using Atoll.Explorer.Tso;

namespace Atoll.Explorer.Actors;

/// <summary>Writes the death of an instance that cannot do it itself, and rings those linked with it.</summary>
public sealed unsafe class Fencer<TMemory>(int core, nint status, ContextId[] linked) : Actor<ulong>
    where TMemory : ISharedMemory
{
    /// <inheritdoc/>
    public override string Name => "fencer";

    /// <inheritdoc/>
    protected override void Start(ref ulong state)
    {
    }

    /// <inheritdoc/>
    protected override void Panic(ref ulong state) => throw new InvalidOperationException("the fencer lives");

    /// <inheritdoc/>
    protected override bool IsComplete(ref readonly ulong state) => true;

    /// <inheritdoc/>
    protected override void RunProcedure(ref ulong state, TsoMachine machine)
    {
        if (state == 0)
        {
            machine.AwaitDeath(core);
        }
        else if (state == 1)
        {
            TMemory.Store64((ulong*)status, 1);
            TMemory.Fence();
        }
        else if ((int)state - 2 < linked.Length)
        {
            machine.Ring(linked[(int)state - 2]);
        }
        else
        {
            machine.Finish();
        }

        state++;
    }
}
