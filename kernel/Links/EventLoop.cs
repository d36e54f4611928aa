using Atoll.Arch;
using Atoll.Instance;
using Atoll.Ipc;

namespace Atoll.Links;

/// <summary>What an instance does for the rest of its life: look at everything, act, sleep when there is nothing.</summary>
public static class EventLoop
{
    /// <summary>No timer: only a doorbell ends the sleep.</summary>
    public const ulong NoTimer = 0;

    /// <summary>One turn of what every instance does.</summary>
    public static TurnResult Turn<TDuty>(ref InstanceState state)
        where TDuty : IDuty
    {
        bool received = LinkTurn.Receive<TDuty>(ref state);
        bool more = !state.Opening.HasAskedForAll && LinkRequests.Turn(ref state);
        more |= TDuty.Turn(ref state, received);
        LinkTurn.End(ref state);
        TDuty.TurnEnded(ref state);
        StatusCounter.Add(ref state.Map.Status.Heartbeat, 1);
        return more ? TurnResult.More : received ? TurnResult.Worked : TurnResult.Idle;
    }

    /// <summary>Rests after a turn: not at all when there is more to do; else, after a few empty turns, a sleep.</summary>
    /// <param name="state">The instance.</param>
    /// <param name="result">How the turn went.</param>
    /// <param name="timerMicroseconds">When the instance has something to do by itself, or <see cref="NoTimer"/>.</param>
    [Blocks]
    public static void Rest<TDuty>(ref InstanceState state, TurnResult result, ulong timerMicroseconds)
        where TDuty : IDuty =>
        SleepProtocol.Rest<CoherentMemory, InstanceTurn<TDuty>, InstanceState>(ref state, result, timerMicroseconds);
}
