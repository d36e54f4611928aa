using System.Threading;
using Atoll.Arch;
using Atoll.Base;

namespace Atoll.Boot;

/// <summary>How a turn of the event loop went.</summary>
public enum TurnResult : byte
{
    /// <summary>There was nothing to do.</summary>
    Idle,

    /// <summary>Something came in and was dealt with. The second look before a sleep finds what is left.</summary>
    Worked,

    /// <summary>There is more to do that no look at a ring would find: another turn must follow at once.</summary>
    More,
}

/// <summary>What an instance does for the rest of its life: look at everything, act, sleep when there is nothing.</summary>
public static unsafe class EventLoop
{
    /// <summary>No timer: only a doorbell ends the sleep.</summary>
    public const ulong NoTimer = 0;

    // An emulator that counts instructions gives other cores no time without a PAUSE now and then.
    private const uint PauseEvery = 16;

    /// <summary>One turn of what every instance does.</summary>
    public static TurnResult Turn(ref InstanceState state)
    {
        bool received = LinkTurn.Receive(ref state);
        bool more = LinkOpening.Turn(ref state);
        more |= Workload.Turn(ref state, received);
        if (state.Fault.Kind != FaultKind.None)
        {
            FaultOrder.Poll(ref state);
        }

        if (state.Deputy.HasConsole)
        {
            DeputyDuty.Poll(ref state);
        }

        LinkTurn.End(ref state);
        Workload.Report(ref state);
        Volatile.Write(ref state.Map.Status->Heartbeat, state.Map.Status->Heartbeat + 1);
        return more ? TurnResult.More : received ? TurnResult.Worked : TurnResult.Idle;
    }

    /// <summary>Rests after a turn: not at all when there is more to do; else, after a few empty turns, a sleep.</summary>
    /// <param name="state">The instance.</param>
    /// <param name="result">How the turn went.</param>
    /// <param name="timerMicroseconds">When the instance has something to do by itself, or <see cref="NoTimer"/>.</param>
    public static void Rest(ref InstanceState state, TurnResult result, ulong timerMicroseconds)
    {
        state.EmptyTurns = result == TurnResult.Idle ? state.EmptyTurns + 1 : 0;
        if (result != TurnResult.More && state.EmptyTurns >= state.Workload.IdleTurns)
        {
            // The count stays: a sleep that ends without work, by the timer, is followed by the next after one turn.
            Sleep(ref state, timerMicroseconds);
            return;
        }

        if (state.EmptyTurns % PauseEvery == PauseEvery - 1)
        {
            Cpu.Pause();
        }

        Cpu.TakePendingInterrupts();
    }

    /// <summary>A member's life. Never returns.</summary>
    public static void RunMember(ref InstanceState state)
    {
        while (true)
        {
            TurnResult result = Turn(ref state);
            Rest(ref state, result, state.Deputy.HasConsole ? Limits.LookMicroseconds : NoTimer);
        }
    }

    // The order is the sleep protocol's (Ipc.WakeWord). Interrupts are off from before Announce until the halt.
    private static void Sleep(ref InstanceState state, ulong timerMicroseconds)
    {
        ulong timer = state.Workload.IsBlocked || state.OwesMessages
            ? Limits.FullRingSleepMicroseconds
            : timerMicroseconds;
        state.Wake.Announce<CoherentMemory>(state.Map.Wake);
        if (!LinkTurn.HasNews(in state))
        {
            Volatile.Write(ref state.Map.Status->Sleeps, state.Map.Status->Sleeps + 1);
            if (timer == NoTimer)
            {
                TimedHalt.UntilInterrupt(ref state);
            }
            else
            {
                TimedHalt.Sleep(ref state, timer);
            }

            Volatile.Write(ref state.Map.Status->SleptTicks, state.SleptTsc);
        }

        state.Wake.Withdraw<CoherentMemory>(state.Map.Wake);
    }
}
