using System.Threading;
using Atoll.Arch;
using Atoll.Base;

namespace Atoll.Boot;

/// <summary>What an instance does for the rest of its life: look at everything, act, rest when there is nothing.</summary>
public static unsafe class EventLoop
{
    /// <summary>One turn of what every instance does.</summary>
    /// <returns>Whether there was work.</returns>
    public static bool Turn(ref InstanceState state)
    {
        bool worked = ControlLink.Poll(ref state) | NeighbourTraffic.Poll(ref state);
        FaultOrder.Poll(ref state);
        DeputyDuty.Poll(ref state);
        Volatile.Write(ref state.Map.Status->Heartbeat, state.Map.Status->Heartbeat + 1);
        Cpu.TakePendingInterrupts();
        return worked;
    }

    /// <summary>Rests after a turn: a PAUSE after work or a few empty turns, then a timed halt each turn until there is work again.</summary>
    /// <param name="state">The instance.</param>
    /// <param name="worked">Whether the turn had work.</param>
    /// <param name="emptyTurns">Empty turns in a row, kept by the caller.</param>
    public static void Rest(ref InstanceState state, bool worked, ref uint emptyTurns)
    {
        emptyTurns = worked ? 0 : emptyTurns + 1;
        if (emptyTurns < Limits.IdleTurnsMax)
        {
            Cpu.Pause();
            return;
        }

        emptyTurns = Limits.IdleTurnsMax;
        Sleeper.Sleep(ref state, Limits.IdleSleepMicroseconds);
    }

    /// <summary>A member's life. Never returns.</summary>
    public static void RunMember(ref InstanceState state)
    {
        uint emptyTurns = 0;
        while (true)
        {
            Rest(ref state, Turn(ref state), ref emptyTurns);
        }
    }
}
