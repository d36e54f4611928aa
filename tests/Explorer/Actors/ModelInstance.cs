using Atoll.Explorer.Tso;
using Atoll.Ipc;

namespace Atoll.Explorer.Actors;

/// <summary>
/// An event loop as the product's protocol sees it: its links, its doorbells, its halt. A seeded defect hides one member.
/// </summary>
public class ModelInstance : ISleeper<LoopState>, ILinkReader<LoopState, Link>, IDeathBell<LoopState>
{
    /// <summary>The plan of the event loop that runs.</summary>
    protected static LoopPlan Plan => ((EventLoop)TsoMachine.Running.Acting.Actor).Plan;

    /// <inheritdoc/>
    public static uint LinkCount(ref readonly LoopState state) => (uint)Plan.Links.Length;

    /// <inheritdoc/>
    public static ref Link LinkAt(ref LoopState state, uint position) => ref state.Links[(int)position];

    /// <inheritdoc/>
    public static ref Link LinkOf(ref Link place) => ref place;

    /// <inheritdoc/>
    public static int ReceiveBudget(ref readonly LoopState state) => Plan.ReceiveBudget;

    /// <inheritdoc/>
    public static void Ring(ref LoopState state, ref readonly Link link)
    {
        TsoMachine machine = TsoMachine.Running;
        ContextId peer = PlanOf(in link).Peer;
        if (state.Phase != LoopPhase.Panic)
        {
            machine.NoteDoorbell(peer);
        }

        machine.Ring(peer);
    }

    /// <inheritdoc/>
    public static ref WakeWord WakeOf(ref LoopState state) => ref state.Wake;

    /// <inheritdoc/>
    public static unsafe ulong* WakeWordOf(ref readonly LoopState state) => Plan.Wake;

    /// <inheritdoc/>
    public static ref uint EmptyTurnsOf(ref LoopState state) => ref state.EmptyTurns;

    /// <inheritdoc/>
    public static uint IdleTurns(ref readonly LoopState state) => Plan.IdleTurns;

    /// <inheritdoc/>
    public static void Breathe(ref LoopState state)
    {
        // A program's are never closed.
        if (!Plan.IsProgram)
        {
            TsoMachine.Running.OpenInterrupts();
            TsoMachine.Running.CloseInterrupts();
        }
    }

    /// <inheritdoc/>
    public static void Halt(ref LoopState state, ulong timerMicroseconds)
    {
        TsoMachine machine = TsoMachine.Running;
        if (Plan.IsProgram)
        {
            machine.Wait();
            return;
        }

        machine.Halt(isTimed: timerMicroseconds != 0);
        machine.CloseInterrupts();
    }

    /// <inheritdoc/>
    public static void Deliver(ref LoopState state, ref Link place, in LinkMessage message)
    {
        TsoMachine machine = TsoMachine.Running;
        int ring = PlanOf(in place).Incoming;
        LinkMessage taken = message;
        state.TurnsAllowed++;
        machine.Note(receiver =>
        {
            receiver.WasDisturbed = true;
            machine.Ledger.NoteReceived(ring, in taken, machine.Payload);
        });
    }

    /// <inheritdoc/>
    public static void Lose(ref LoopState state, uint position, ref Link place)
    {
        TsoMachine machine = TsoMachine.Running;
        int ring = PlanOf(in place).Incoming;
        state.Dead |= 1u << (int)position;
        machine.Note(receiver =>
        {
            receiver.WasDisturbed = true;
            machine.Ledger.NoteDeath(ring);
        });
    }

    /// <inheritdoc/>
    public static void RingLinked(ref LoopState state, uint dead) =>
        DeathNotice.RingPeers<ModelInstance, LoopState>(ref state);

    private static LinkPlan PlanOf(ref readonly Link link)
    {
        uint peer = link.Peer;
        return Array.Find(Plan.Links, plan => plan.PeerNumber == peer)!;
    }
}
