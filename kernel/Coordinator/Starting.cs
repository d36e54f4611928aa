using Atoll.Arch;
using Atoll.Instance;
using Atoll.Provision;

namespace Atoll.Coordinator;

/// <summary>The core that is being started: one at a time, because there is one start page.</summary>
public struct Starting
{
    private const ulong FirstWaitMicroseconds = 20;

    // Most cores come up within these. Short ones also keep an emulator's instruction count honest: it books the time up
    // to the next timer on a core that it resets.
    private const uint ShortLooks = 50;
    private const ulong LongestWaitMicroseconds = 1000;

    private uint _core;
    private uint _looks;
    private CoreStart _step;

    /// <summary>The core; the coordinator's own, which nobody starts: none.</summary>
    public readonly uint Core => _core;

    /// <summary>Whether a core is being started.</summary>
    public readonly bool IsUnderWay => _core != CoordinatorInstance.Core;

    /// <summary>Whether it takes longer than most: then the coordinator has other things to do meanwhile.</summary>
    public readonly bool TakesLong => _looks > ShortLooks;

    /// <summary>Microseconds until the next look at it.</summary>
    public ulong WaitMicroseconds { get; private set; }

    /// <summary>Begins with a core whose memory and start page are ready.</summary>
    public void Begin(uint core)
    {
        this = default;
        _core = core;
    }

    /// <summary>Nothing is left to do for it.</summary>
    public void End() => this = default;

    /// <summary>Decides what to do now; the caller acts.</summary>
    /// <param name="clock">Speed of the time-stamp counter.</param>
    /// <param name="deadlineMilliseconds">Time from the first start-up interrupt to Healthy.</param>
    /// <param name="observed">What the instance's status page says now. Untrusted.</param>
    public StartAction Next(in Clock clock, uint deadlineMilliseconds, InstanceLifecycle observed)
    {
        _looks++;
        WaitMicroseconds = TakesLong && WaitMicroseconds < LongestWaitMicroseconds ? WaitMicroseconds * 2
            : TakesLong ? WaitMicroseconds
            : FirstWaitMicroseconds;
        return _step.Next(in clock, Cpu.ReadTsc(), deadlineMilliseconds, observed);
    }
}
