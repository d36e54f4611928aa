namespace Atoll.Services.Lib;

/// <summary>How often a program may be started again: so many times in a window of time.</summary>
/// <remarks>Twelve bytes and not sixteen, so without a word of eight: one for each program of a system stands on Init's stack.</remarks>
public struct RestartBudget
{
    private const int HalfBits = 32;

    private uint _beganLow;
    private uint _beganHigh;
    private uint _used;

    /// <summary>Asks for one more restart.</summary>
    /// <param name="most">Most in a window.</param>
    /// <param name="windowTicks">TSC ticks of a window.</param>
    /// <param name="now">TSC.</param>
    /// <returns>False: it was started again so often.</returns>
    public bool TrySpend(uint most, ulong windowTicks, ulong now)
    {
        if (_used == 0 || now - (((ulong)_beganHigh << HalfBits) | _beganLow) > windowTicks)
        {
            _beganLow = (uint)now;
            _beganHigh = (uint)(now >> HalfBits);
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
