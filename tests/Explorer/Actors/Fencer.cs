using Atoll.Abi;
using Atoll.Explorer.Tso;
using Atoll.Ipc;

namespace Atoll.Explorer.Actors;

/// <summary>Announces, by the product's procedure, the death of an instance that cannot do it itself.</summary>
public abstract class Fencer(int core, ContextId[] linked) : Actor<ulong>
{
    /// <summary>The core that it waits for.</summary>
    public int Core => core;

    /// <summary>Whom it rings.</summary>
    public ContextId[] Linked => linked;

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
}

/// <summary>A fencer's doorbells.</summary>
public readonly struct FencerBell : IDeathBell<ulong>
{
    /// <inheritdoc/>
    public static void RingLinked(ref ulong state, uint dead)
    {
        TsoMachine machine = TsoMachine.Running;
        foreach (ContextId linked in ((Fencer)machine.Acting.Actor).Linked)
        {
            machine.Ring(linked);
        }
    }
}

/// <inheritdoc/>
/// <typeparam name="TMemory">The modelled memory, or a defective variant of it.</typeparam>
public sealed unsafe class Fencer<TMemory>(int core, nint life, ContextId[] linked) : Fencer(core, linked)
    where TMemory : ISharedMemory
{
    /// <inheritdoc/>
    protected override void RunProcedure(ref ulong state, TsoMachine machine)
    {
        switch (state++)
        {
            case 0:
                machine.AwaitDeath(Core);
                break;
            case 1:
                DeathNotice.Announce<TMemory, FencerBell, ulong>(ref state, (uint)Core, (ulong*)life, LifeWords.Dead);
                break;
            default:
                machine.Finish();
                break;
        }
    }
}
