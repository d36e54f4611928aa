using Atoll.Base;
using Atoll.Instance;

namespace Atoll.Trials;

/// <summary>Deaths that boot parameters ask for: members are stopped at moments that a seed decides, one after another.</summary>
public struct KillOrder
{
    // Between a death and the next at least so long, so that the restarted one works again: microseconds.
    private const ulong PauseMicroseconds = 300;
    private const ulong SpreadMicroseconds = 200;

    private ulong _random;
    private ulong _due;

    /// <summary>Deaths left to bring about.</summary>
    public uint Left { get; private set; }

    /// <summary>Deaths brought about.</summary>
    public uint Done { get; private set; }

    /// <summary>Takes the order.</summary>
    public void Begin(uint count, ulong seed)
    {
        Left = count;
        _random = seed + 0x9E37_79B9_7F4A_7C15;
    }

    /// <summary>Says whether a death is due now, and whose it is.</summary>
    /// <param name="clock">Speed of the time-stamp counter.</param>
    /// <param name="now">Time-stamp counter.</param>
    /// <param name="cores">Cores of the machine.</param>
    /// <param name="core">A member, 1 to cores - 1.</param>
    /// <param name="halfSend">Whether it is to die in the middle of a send instead of being stopped from outside.</param>
    public bool IsDue(in Clock clock, ulong now, uint cores, out uint core, out bool halfSend)
    {
        core = 0;
        halfSend = false;
        if (Left == 0 || cores < 2 || now < _due)
        {
            return false;
        }

        if (_due == 0)
        {
            Plan(in clock, now);
            return false;
        }

        uint members = cores - 1;
        Check.That(members != 0);
        core = 1 + (uint)(NextRandom() % members);
        halfSend = NextRandom() % 4 == 0;
        Left--;
        Done++;
        Plan(in clock, now);
        return true;
    }

    /// <summary>Time until the next death is due, microseconds, at least 1.</summary>
    public readonly ulong MicrosecondsLeft(in Clock clock, ulong now)
    {
        if (_due <= now)
        {
            return 1;
        }

        ulong microsecond = clock.TscTicks(1);
        Check.That(microsecond != 0);
        return ((_due - now) / microsecond) + 1;
    }

    private void Plan(in Clock clock, ulong now)
    {
        ulong spread = clock.TscTicks(SpreadMicroseconds);
        Check.That(spread != 0);
        _due = now + clock.TscTicks(PauseMicroseconds) + (NextRandom() % spread);
    }

    // xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled").
    private ulong NextRandom()
    {
        _random ^= _random >> 12;
        _random ^= _random << 25;
        _random ^= _random >> 27;
        return _random * 0x2545_F491_4F6C_DD1D;
    }
}
