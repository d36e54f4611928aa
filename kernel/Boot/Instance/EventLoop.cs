using System.Threading;
using Atoll.Arch;
using Atoll.Base;

namespace Atoll.Boot;

/// <summary>What an instance does for the rest of its life: look at everything, act, sleep when there is nothing.</summary>
public static unsafe class EventLoop
{
    /// <summary>No timer: only a doorbell ends the sleep.</summary>
    public const ulong NoTimer = 0;

    // An emulator that counts instructions gives other cores no time without a PAUSE now and then.
    private const uint PauseEvery = 16;

    /// <summary>One turn of what every instance does.</summary>
    /// <returns>Whether there was work.</returns>
    public static bool Turn(ref InstanceState state)
    {
        bool worked = LinkTurn.Receive(ref state);
        worked |= LinkOpening.Turn(ref state);
        worked |= Workload.Turn(ref state);
        FaultOrder.Poll(ref state);
        DeputyDuty.Poll(ref state);
        LinkTurn.End(ref state);
        Volatile.Write(ref state.Map.Status->Heartbeat, state.Map.Status->Heartbeat + 1);
        return worked;
    }

    /// <summary>Rests after a turn: a PAUSE now and then while turns are empty, then a sleep.</summary>
    /// <param name="state">The instance.</param>
    /// <param name="worked">Whether the turn had work.</param>
    /// <param name="timerMicroseconds">When the instance has something to do by itself, or <see cref="NoTimer"/>.</param>
    public static void Rest(ref InstanceState state, bool worked, ulong timerMicroseconds)
    {
        state.EmptyTurns = worked ? 0 : state.EmptyTurns + 1;
        if (state.EmptyTurns <= state.Workload.IdleTurns)
        {
            if (state.EmptyTurns % PauseEvery == PauseEvery - 1)
            {
                Cpu.Pause();
            }

            Cpu.TakePendingInterrupts();
            return;
        }

        state.EmptyTurns = 0;
        Sleep(ref state, timerMicroseconds);
    }

    /// <summary>A member's life. Never returns.</summary>
    public static void RunMember(ref InstanceState state)
    {
        while (true)
        {
            bool worked = Turn(ref state);
            Rest(ref state, worked, state.Deputy.HasConsole ? Limits.LookMicroseconds : NoTimer);
        }
    }

    // The order is the sleep protocol's (Ipc.WakeWord). Interrupts are off from before Announce until the halt.
    private static void Sleep(ref InstanceState state, ulong timerMicroseconds)
    {
        ulong timer = state.Workload.IsBlocked ? Limits.FullRingSleepMicroseconds : timerMicroseconds;
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
        }

        state.Wake.Withdraw<CoherentMemory>(state.Map.Wake);
    }
}
