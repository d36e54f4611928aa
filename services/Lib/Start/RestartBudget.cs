namespace Atoll.Services.Lib;

/// <summary>How often a program may be started again: so many times in a window of time.</summary>
public struct RestartBudget
{
    private ulong _windowBegan;
    private uint _used;

    /// <summary>Asks for one more restart.</summary>
    /// <param name="most">Most in a window.</param>
    /// <param name="windowTicks">TSC ticks of a window.</param>
    /// <param name="now">TSC.</param>
    /// <returns>False: it was started again so often.</returns>
    public bool TrySpend(uint most, ulong windowTicks, ulong now)
    {
        if (_used == 0 || now - _windowBegan > windowTicks)
        {
            _windowBegan = now;
            _used = 0;
        }

        if (_used >= most)
        {
            return false;
        }

        _used++;
        return true;
    }
}
