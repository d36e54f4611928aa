using Atoll.Abi;
using Atoll.Arch;
using Atoll.Explorer.Tso;
using Atoll.Ipc;

namespace Atoll.Explorer.Actors;

/// <summary>
/// An instance or program that polls, sends, fences, rings and sleeps with the product's own ring, wake word and
/// doorbell code.
/// </summary>
/// <typeparam name="TMemory">The modelled memory, or a defective variant of it.</typeparam>
public sealed unsafe class EventLoop<TMemory>(LoopPlan plan) : Actor<LoopState>
    where TMemory : ISharedMemory
{
    /// <inheritdoc/>
    public override string Name => plan.Name;

    /// <inheritdoc/>
    protected override void Start(ref LoopState state)
    {
        for (int i = 0; i < plan.Incoming.Length; i++)
        {
            state.Receivers[i].Attach(plan.Incoming[i].Slots, plan.Incoming[i].SlotCount);
        }

        for (int i = 0; i < plan.Outgoing.Length; i++)
        {
            state.Senders[i].Attach(plan.Outgoing[i].Slots, plan.Outgoing[i].SlotCount);
            if (plan.RemembersEarlierLife)
            {
                ulong firstSleep = 1;
                state.Doorbells[i].MustRing<CoherentMemory>(&firstSleep);
            }
        }

        state.TurnsAllowed = (uint)plan.FreeTurns;
    }

    /// <inheritdoc/>
    protected override void Panic(ref LoopState state)
    {
        state.Phase = LoopPhase.Panic;
        state.End = 0;
    }

    /// <inheritdoc/>
    protected override bool IsComplete(ref readonly LoopState state) =>
        state.Turn == plan.Turns.Length || state.Dead != 0;

    /// <inheritdoc/>
    protected override void RunProcedure(ref LoopState state, TsoMachine machine)
    {
        switch (state.Phase)
        {
            case LoopPhase.Poll:
                Poll(ref state, machine);
                break;
            case LoopPhase.Send:
                Send(ref state, machine);
                break;
            case LoopPhase.Fence:
                TMemory.Fence();
                state.Phase = LoopPhase.Doorbells;
                state.End = 0;
                break;
            case LoopPhase.Doorbells:
                Ring(ref state, machine);
                break;
            case LoopPhase.Sleep:
                Sleep(ref state, machine);
                break;
            case LoopPhase.Panic:
                AnnounceDeath(ref state, machine);
                break;
            default:
                machine.Finish();
                break;
        }
    }

    private static void Enter(ref LoopState state, LoopPhase phase)
    {
        state.Phase = phase;
        state.End = 0;
        state.Found = 0;
    }

    // A link with a dead peer is closed in both directions.
    private bool MaySend(ref readonly LoopState state) =>
        state.Turn < plan.Turns.Length && state.Turn < state.TurnsAllowed && state.Dead == 0;

    private void Poll(ref LoopState state, TsoMachine machine)
    {
        if (state.End < plan.Incoming.Length)
        {
            Receive(ref state, machine, looksAtStatus: true);
        }
        else if (MaySend(in state))
        {
            Enter(ref state, LoopPhase.Send);
        }
        else if (state.Found != 0)
        {
            Enter(ref state, LoopPhase.Poll);
        }
        else
        {
            Enter(ref state, plan.Incoming.Length == 0 ? LoopPhase.Finished : LoopPhase.Sleep);
            state.SleepStep = 0;
        }
    }

    /// <summary>Takes one message from the end that is looked at, or goes to the next end.</summary>
    private void Receive(ref LoopState state, TsoMachine machine, bool looksAtStatus)
    {
        int index = (int)state.End;
        RingEnd end = plan.Incoming[index];
        bool isKnownDead = (state.Dead & (1u << index)) != 0;
        looksAtStatus &= end.SenderStatus != null && !isKnownDead;
        bool isDead = looksAtStatus && plan.StatusLook != StatusLook.AfterRing && TMemory.Load64(end.SenderStatus) != 0;

        RingMessage message = default;
        if (!isKnownDead && state.Receivers[index].TryReceive<TMemory>(out message) == ReceiveResult.Received)
        {
            state.Found = 1;
            state.TurnsAllowed++;
            machine.Note(context =>
            {
                context.WasDisturbed = true;
                machine.Ledger.NoteReceived(end.Ring, in message, machine.Payload);
            });
            return;
        }

        isDead |= looksAtStatus && plan.StatusLook == StatusLook.AfterRing && TMemory.Load64(end.SenderStatus) != 0;
        if (isDead)
        {
            state.Dead |= 1u << index;
            state.Found = 1;
            machine.Note(context =>
            {
                context.WasDisturbed = true;
                machine.Ledger.NoteDeath(end.Ring);
            });
        }

        state.End++;
    }

    private void Send(ref LoopState state, TsoMachine machine)
    {
        PlannedSend planned = plan.Turns[state.Turn][state.Message];
        RingEnd end = plan.Outgoing[planned.End];
        ref RingSender sender = ref state.Senders[planned.End];
        RingMessage message = Compose(end.Ring, sender.Position);
        SendResult result = planned.IsControl
            ? sender.TrySendControl<TMemory>(in message)
            : sender.TrySend<TMemory>(in message);
        uint reserve = planned.IsControl ? 0 : RingSender.ReservedSlots;
        if (result == SendResult.Full)
        {
            machine.Note(_ => machine.Ledger.NoteFull(end.Ring, reserve));
            if (!plan.KeepsTurnOpenWhenFull)
            {
                EndTurn(ref state);
            }

            return;
        }

        machine.Note(_ => machine.Ledger.NoteSent(end.Ring, reserve));
        state.Written |= 1u << planned.End;
        state.Message++;
        if (state.Message == plan.Turns[state.Turn].Length)
        {
            state.Message = 0;
            state.Turn++;
            EndTurn(ref state);
        }
    }

    private static RingMessage Compose(int ring, uint number)
    {
        RingMessage message = new() { Meta = number };
        ulong* words = (ulong*)&message.Payload;
        for (int word = 0; word < RingPayload.SizeBytes / sizeof(ulong); word++)
        {
            words[word] = Ledger.PayloadWord(ring, (int)number, word);
        }

        return message;
    }

    private static void EndTurn(ref LoopState state) =>
        Enter(ref state, state.Written != 0 ? LoopPhase.Fence : LoopPhase.Poll);

    private void Ring(ref LoopState state, TsoMachine machine)
    {
        if (state.End == plan.Outgoing.Length)
        {
            state.Written = 0;
            Enter(ref state, LoopPhase.Poll);
            return;
        }

        int index = (int)state.End++;
        if ((state.Written & (1u << index)) == 0)
        {
            return;
        }

        if (plan.ForgetsDoorbells)
        {
            state.Doorbells[index] = default;
        }

        if (state.Doorbells[index].MustRing<TMemory>(plan.Outgoing[index].ReceiverWake))
        {
            machine.NoteDoorbell(plan.Outgoing[index].Receiver);
            machine.Ring(plan.Outgoing[index].Receiver);
        }
    }

    private void Sleep(ref LoopState state, TsoMachine machine)
    {
        if (state.SleepStep == plan.Sleep.Length)
        {
            Enter(ref state, LoopPhase.Poll);
            return;
        }

        SleepStep step = plan.Sleep[state.SleepStep];
        if (step is SleepStep.Look or SleepStep.Serve)
        {
            Look(ref state, machine, step);
            return;
        }

        state.SleepStep++;
        Perform(ref state, machine, step);
    }

    private void Look(ref LoopState state, TsoMachine machine, SleepStep step)
    {
        if (state.End == plan.Incoming.Length || (state.Found != 0 && step == SleepStep.Look))
        {
            state.SleepStep++;
            state.End = 0;
            state.Found &= step == SleepStep.Look ? 1u : 0;
            return;
        }

        Receive(ref state, machine, looksAtStatus: plan.StatusLook != StatusLook.NotBeforeSleep);
    }

    private void Perform(ref LoopState state, TsoMachine machine, SleepStep step)
    {
        switch (step)
        {
            case SleepStep.Announce when state.Found == 0:
                machine.Note(Ledger.NoteSleep);
                state.Wake.Announce<TMemory>(plan.Wake);
                break;
            case SleepStep.Withdraw when (state.Wake.Value & 1) != 0:
                state.Wake.Withdraw<TMemory>(plan.Wake);
                machine.Note(receiver => receiver.IsAwake = true);
                break;
            case SleepStep.Halt when state.Found == 0:
                machine.Halt();
                machine.CloseInterrupts();
                break;
            case SleepStep.Wait when state.Found == 0:
                machine.Wait();
                break;
            case SleepStep.OpenInterrupts:
                machine.OpenInterrupts();
                break;
            case SleepStep.CloseInterrupts:
                machine.CloseInterrupts();
                break;
        }
    }

    private void AnnounceDeath(ref LoopState state, TsoMachine machine)
    {
        if (state.End == 0)
        {
            TMemory.Store64(plan.Status, 1);
            TMemory.Fence();
        }
        else if (state.End <= plan.Linked.Length)
        {
            machine.Ring(plan.Linked[state.End - 1]);
        }
        else
        {
            state.Phase = LoopPhase.Finished;
        }

        state.End++;
    }
}
