using Atoll.Explorer.Tso;

namespace Atoll.Explorer.Scenarios;

/// <summary>A ring of a scenario, seen from outside.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Sender">Core of its producer.</param>
/// <param name="Receiver">Its consumer.</param>
/// <param name="Headers">Modelled word of each slot's header.</param>
/// <param name="IsWatched">Whether the producer may die.</param>
public sealed record RingModel(int Number, int Sender, ContextId Receiver, int[] Headers, bool IsWatched);

/// <summary>A scenario that is ready to run: memory, cores, and what must be true when nothing more happens.</summary>
public sealed class Model(MemoryMap map, TsoMachine machine, RingModel[] rings) : IDisposable
{
    /// <summary>The machine.</summary>
    public TsoMachine Machine => machine;

    /// <summary>Lets one core run alone until it has sent so many messages more, all of them in memory.</summary>
    public void Prefill(int core, int ring, int messages)
    {
        int until = machine.Ledger.Sent(ring) + messages;
        while (machine.Ledger.Sent(ring) < until)
        {
            machine.Apply(new Move(machine.Cores[core].Buffer.Count > 0 ? MoveKind.Flush : MoveKind.Step, core));
        }

        while (machine.Cores[core].Buffer.Count > 0)
        {
            machine.Apply(new Move(MoveKind.Flush, core));
        }
    }

    /// <summary>Judges a state in which nothing happens any more of its own accord.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    public ViolationKind? JudgeEnd()
    {
        foreach (RingModel ring in rings)
        {
            if (machine.Cores[ring.Receiver.Core].IsDead)
            {
                continue;
            }

            if (HasMessage(ring))
            {
                return machine.Ledger.Deaths(ring.Number) != 0 ? ViolationKind.MessageLost : ViolationKind.LostWakeUp;
            }

            if (machine.Ledger.Received(ring.Number) < machine.Ledger.Sent(ring.Number))
            {
                return ViolationKind.MessageLost;
            }

            if (ring.IsWatched && machine.Ledger.Deaths(ring.Number) != (machine.Cores[ring.Sender].IsDead ? 1 : 0))
            {
                return ViolationKind.DeathNotOnce;
            }
        }

        return machine.IsAtRest() ? null : ViolationKind.Deadlock;
    }

    /// <inheritdoc/>
    public void Dispose() => map.Dispose();

    // RingSlot: a sequence of position + 1 means that the message is present.
    private bool HasMessage(RingModel ring)
    {
        int received = machine.Ledger.Received(ring.Number);
        return (uint)machine.MemoryAt(ring.Headers[received % ring.Headers.Length]) == (uint)received + 1;
    }
}
