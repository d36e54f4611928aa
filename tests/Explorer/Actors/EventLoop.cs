using Atoll.Abi;
using Atoll.Explorer.Tso;
using Atoll.Ipc;

namespace Atoll.Explorer.Actors;

/// <summary>An instance or program with links. Its plan is what it has to do.</summary>
public abstract class EventLoop(LoopPlan plan) : Actor<LoopState>
{
    /// <summary>What it has to do.</summary>
    public LoopPlan Plan => plan;

    /// <inheritdoc/>
    public override string Name => plan.Name;
}

/// <summary>
/// An event loop of the product's procedures, one after the other: reception, a workload, the turn's end, sleep. Each of
/// them is the kernel's own, and so is each access that it makes.
/// </summary>
/// <typeparam name="TMemory">The modelled memory, or a defective variant of it.</typeparam>
/// <typeparam name="TInstance">How the procedures reach this instance, or a defective variant of it.</typeparam>
public sealed unsafe class EventLoop<TMemory, TInstance>(LoopPlan plan) : EventLoop(plan)
    where TMemory : ISharedMemory
    where TInstance : ISleeper<LoopState>, ILinkReader<LoopState, Link>, IDeathBell<LoopState>
{
    /// <inheritdoc/>
    protected override void Start(ref LoopState state)
    {
        for (int i = 0; i < Plan.Links.Length; i++)
        {
            state.Links[i] = Plan.Links[i].Start;
            state.Numbers[i] = 1;
        }

        state.TurnsAllowed = (uint)Plan.FreeTurns;
        state.Phase = Plan.OpensLinks ? LoopPhase.Open : Plan.Listens ? LoopPhase.Receive : LoopPhase.Work;
    }

    /// <inheritdoc/>
    protected override void Panic(ref LoopState state) => Enter(ref state, LoopPhase.Panic);

    /// <inheritdoc/>
    protected override bool IsComplete(ref readonly LoopState state) =>
        state.Turn == Plan.Turns.Length || state.Dead != 0;

    /// <inheritdoc/>
    protected override void RunProcedure(ref LoopState state, TsoMachine machine)
    {
        switch (state.Phase)
        {
            case LoopPhase.Open:
                Open(ref state, machine);
                break;
            case LoopPhase.Receive:
                Receive(ref state, machine);
                break;
            case LoopPhase.Work:
                Work(ref state, machine);
                break;
            case LoopPhase.EndTurn:
                TurnEnd.RingSleepers<TMemory, TInstance, LoopState>(ref state);
                Enter(ref state, LoopPhase.Rest);
                break;
            case LoopPhase.Rest:
                Rest(ref state, machine);
                break;
            case LoopPhase.Panic:
                DeathNotice.Announce<TMemory, TInstance, LoopState>(ref state, dead: 0, Plan.Life, LifeWords.Dead);
                Enter(ref state, LoopPhase.Finished);
                break;
            default:
                machine.Finish();
                break;
        }
    }

    private static void Enter(ref LoopState state, LoopPhase phase)
    {
        state.Phase = phase;
        state.Position = 0;
    }

    private bool MaySend(ref readonly LoopState state) =>
        state.Turn < Plan.Turns.Length && state.Turn < state.TurnsAllowed && state.Dead == 0
        && state.Links[Plan.Turns[state.Turn][state.Message].Link].State == LinkState.Open;

    private void Open(ref LoopState state, TsoMachine machine)
    {
        LinkPlan link = Plan.Links[(int)state.Position];
        state.Links[(int)state.Position].Open<TMemory>(
            link.Ends, link.PeerNumber, link.PeerNumber, link.Epoch, LifeWords.Alive, LifeWords.Alive);
        machine.Note(_ => machine.Ledger.NoteSent(link.Outgoing, reserve: 0));
        state.Position++;
        if (state.Position == Plan.Links.Length)
        {
            Enter(ref state, LoopPhase.EndTurn);
        }
    }

    private void Receive(ref LoopState state, TsoMachine machine)
    {
        if (state.Position == Plan.Links.Length)
        {
            Enter(ref state, LoopPhase.Work);
            return;
        }

        uint position = state.Position++;
        ref Link link = ref state.Links[(int)position];
        LinkState before = link.State;
        bool found = Reception.Turn<TMemory, TInstance, LoopState, Link>(ref state, position, ref link);
        bool hasOpened = before == LinkState.Greeting && link.State == LinkState.Open;
        uint refused = link.CorruptCount + link.StaleCount + link.UnknownCount;
        int ring = Plan.Links[(int)position].Incoming;
        state.Found |= found ? 1u : 0;
        if (hasOpened || refused != 0)
        {
            machine.Note(receiver =>
            {
                receiver.WasDisturbed = true;
                machine.Ledger.NoteHandled(ring, wasRefused: refused != 0);
            });
        }
    }

    // A message of the plan. On Full the turn ends; the next tries again.
    private void Work(ref LoopState state, TsoMachine machine)
    {
        if (!MaySend(in state))
        {
            Enter(ref state, LoopPhase.EndTurn);
            return;
        }

        state.Blocked = 0;
        PlannedSend planned = Plan.Turns[state.Turn][state.Message];
        ref Link link = ref state.Links[planned.Link];
        int ring = Plan.Links[planned.Link].Outgoing;
        LinkMessage message = Ledger.Compose(ring, (int)state.Numbers[planned.Link]);
        LinkSendResult result = planned.IsControl
            ? link.TrySendControl<TMemory>(ref message)
            : link.TrySend<TMemory>(ref message);
        uint reserve = planned.IsControl ? 0 : RingSender.ReservedSlots;
        if (result == LinkSendResult.Full)
        {
            machine.Note(_ => machine.Ledger.NoteFull(ring, reserve));
            state.Blocked = 1;
            Enter(ref state, Plan.KeepsTurnOpenWhenFull ? LoopPhase.Work : LoopPhase.EndTurn);
            return;
        }

        machine.Note(_ => machine.Ledger.NoteSent(ring, reserve));
        state.Numbers[planned.Link]++;
        state.Message++;
        if (state.Message == Plan.Turns[state.Turn].Length)
        {
            state.Message = 0;
            state.Turn++;
            Enter(ref state, LoopPhase.EndTurn);
        }
    }

    private void Rest(ref LoopState state, TsoMachine machine)
    {
        bool maySend = MaySend(in state);
        if (!Plan.Listens)
        {
            Enter(ref state, maySend ? LoopPhase.Work : LoopPhase.Finished);
            return;
        }

        // Whoever waits for room sleeps with a timer, as in the kernel (InstanceTurn.Halt).
        bool hasMore = Plan.NeverDone || (maySend && state.Blocked == 0);
        TurnResult result = hasMore ? TurnResult.More : state.Found != 0 ? TurnResult.Worked : TurnResult.Idle;
        state.Found = 0;
        SleepProtocol.Rest<TMemory, TInstance, LoopState>(ref state, result, timerMicroseconds: state.Blocked);
        machine.Note(sleeper => sleeper.IsAwake = true);

        // One more empty turn is enough for a sleep: counts beyond are one state.
        state.EmptyTurns = uint.Min(state.EmptyTurns, uint.Max(Plan.IdleTurns, 1) - 1);
        Enter(ref state, LoopPhase.Receive);
    }
}
