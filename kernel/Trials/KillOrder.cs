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
    private KillWays _ways;

    /// <summary>Deaths left to bring about.</summary>
    public uint Left { get; private set; }

    /// <summary>Deaths brought about.</summary>
    public uint Done { get; private set; }

    /// <summary>The fault of the last of them; None: stopped from outside.</summary>
    public FaultKind LastKind { get; private set; }

    /// <summary>Of a death in a send: where in it.</summary>
    public PublishStep LastStep { get; private set; }

    /// <summary>Of a death in a send: for which core the message is.</summary>
    public uint LastPeer { get; private set; }

    /// <summary>When it was brought about: time-stamp counter.</summary>
    public ulong LastAt { get; private set; }

    /// <summary>Takes the order.</summary>
    /// <param name="count">Deaths.</param>
    /// <param name="seed">Decides whose they are, when and how.</param>
    /// <param name="ways">How.</param>
    public void Begin(uint count, ulong seed, KillWays ways)
    {
        _ways = ways;
        Left = count;
        _random = seed + 0x9E37_79B9_7F4A_7C15;
    }

    /// <summary>Says whether a death is due now, and whose it is.</summary>
    /// <param name="clock">Speed of the time-stamp counter.</param>
    /// <param name="now">Time-stamp counter.</param>
    /// <param name="cores">Cores of the machine.</param>
    /// <param name="core">A member, 1 to cores - 1.</param>
    /// <param name="kind">The fault that it is to die of; None: it is stopped from outside.</param>
    public bool IsDue(in Clock clock, ulong now, uint cores, out uint core, out FaultKind kind)
    {
        core = 0;
        kind = FaultKind.None;
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
        kind = _ways == KillWays.Publish ? InSend(core, cores) : Kind(NextRandom() % 8);
        LastKind = kind;
        LastAt = now;
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

    private readonly FaultKind Kind(ulong choice) => choice switch
    {
        0 or 4 => FaultKind.HalfSend,
        1 when _ways == KillWays.Any => FaultKind.Check,
        2 when _ways == KillWays.Any => FaultKind.Hang,
        3 when _ways == KillWays.Any => FaultKind.HangMasked,
        5 when _ways == KillWays.Any => FaultKind.Silence,
        _ => FaultKind.None,
    };

    // To any core but its own.
    private FaultKind InSend(uint core, uint cores)
    {
        uint others = cores - 1;
        Check.That(others != 0);
        uint further = core + 1 + (uint)(NextRandom() % others);
        LastPeer = further < cores ? further : further - cores;
        LastStep = (PublishStep)(NextRandom() % PublishSteps.Count);
        return NextRandom() % 2 == 0 ? FaultKind.PublishPanic : FaultKind.PublishHang;
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
