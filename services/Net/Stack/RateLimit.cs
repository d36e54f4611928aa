namespace Atoll.Services.Net.Stack;

/// <summary>So many in each second. 16 bytes.</summary>
internal struct RateLimit
{
    private ulong _second;
    private int _taken;

    public bool TryTake(ulong now, int perSecond)
    {
        ulong second = now / StackLimits.Second;
        if (second != _second)
        {
            _second = second;
            _taken = 0;
        }

        if (_taken >= perSecond)
        {
            return false;
        }

        _taken++;
        return true;
    }
}
