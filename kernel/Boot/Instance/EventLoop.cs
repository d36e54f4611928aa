using System.Threading;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Ipc;

namespace Atoll.Boot;

/// <summary>What an instance does for the rest of its life: look at everything, act, sleep when there is nothing.</summary>
public static class EventLoop
{
    /// <summary>No timer: only a doorbell ends the sleep.</summary>
    public const ulong NoTimer = 0;

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
        StatusCounter.Add(ref state.Map.Status.Heartbeat, 1);
        return more ? TurnResult.More : received ? TurnResult.Worked : TurnResult.Idle;
    }

    /// <summary>Rests after a turn: not at all when there is more to do; else, after a few empty turns, a sleep.</summary>
    /// <param name="state">The instance.</param>
    /// <param name="result">How the turn went.</param>
    /// <param name="timerMicroseconds">When the instance has something to do by itself, or <see cref="NoTimer"/>.</param>
    [Blocks]
    public static void Rest(ref InstanceState state, TurnResult result, ulong timerMicroseconds) =>
        SleepProtocol.Rest<CoherentMemory, InstanceLinks, InstanceState>(ref state, result, timerMicroseconds);

    /// <summary>A member's life. Never returns.</summary>
    [Blocks]
    public static void RunMember(ref InstanceState state)
    {
        while (true)
        {
            TurnResult result = Turn(ref state);
            Rest(ref state, result, state.Deputy.HasConsole ? Limits.LookMicroseconds : NoTimer);
        }
    }
}
