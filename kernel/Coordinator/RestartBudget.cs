using Atoll.Instance;

namespace Atoll.Coordinator;

/// <summary>How often a core may be started again: so many times in so many seconds, counted from the first of them.</summary>
public struct RestartBudget
{
    private ulong _windowEnd;
    private uint _taken;

    /// <summary>Takes one restart, if there is one left.</summary>
    /// <param name="clock">Speed of the time-stamp counter.</param>
    /// <param name="now">Time-stamp counter.</param>
    /// <param name="restarts">Restarts in each window; 0: none ever.</param>
    /// <param name="windowSeconds">Length of a window.</param>
    /// <returns>False when the budget is spent: the core stays empty.</returns>
    public bool TryTake(in Clock clock, ulong now, uint restarts, uint windowSeconds)
    {
        if (now >= _windowEnd)
        {
            _windowEnd = now + clock.TscTicks(windowSeconds * 1_000_000UL);
            _taken = 0;
        }

        bool isLeft = _taken < restarts;
        _taken += isLeft ? 1u : 0;
        return isLeft;
    }
}
