using Atoll.Instance;

namespace Atoll.Provision;

/// <summary>What to do next about a core that is being started.</summary>
[MustUse]
public enum StartAction : byte
{
    /// <summary>Nothing yet: look again soon.</summary>
    Wait,

    /// <summary>Send INIT.</summary>
    SendInit,

    /// <summary>Send a start-up interrupt.</summary>
    SendStartup,

    /// <summary>The instance is Healthy.</summary>
    Healthy,

    /// <summary>The instance has panicked.</summary>
    Panicked,

    /// <summary>The deadline has passed: stop the core with INIT, then take its memory back.</summary>
    GiveUp,
}

/// <summary>The start of one core as a state machine: INIT, SIPI, SIPI, Healthy, each with a deadline in time.</summary>
/// <remarks>
/// Decides only; the caller acts, so that a test can drive it through any order of events.
/// Source: Intel SDM Vol. 3A, "MP Initialization Protocol Requirements and Restrictions", "Typical AP Initialization Sequence".
/// </remarks>
public struct CoreStart
{
    /// <summary>Time between INIT and the first start-up interrupt, microseconds. The manual's 10 ms is for 1990s parts.</summary>
    public const ulong SettleMicroseconds = 100;

    /// <summary>Time after which a core that shows no sign of life gets the second start-up interrupt, microseconds.</summary>
    public const ulong RetryMicroseconds = 1000;

    private Step _step;
    private ulong _since;
    private ulong _deadline;

    /// <summary>Decides what to do now.</summary>
    /// <param name="clock">Speed of the time-stamp counter.</param>
    /// <param name="now">Time-stamp counter.</param>
    /// <param name="deadlineMilliseconds">Time from the first start-up interrupt to Healthy.</param>
    /// <param name="observed">What the instance's status page says now. Untrusted.</param>
    public StartAction Next(in Clock clock, ulong now, uint deadlineMilliseconds, InstanceLifecycle observed)
    {
        switch (_step)
        {
            case Step.Begin:
                Enter(Step.Settling, now);
                return StartAction.SendInit;

            case Step.Settling:
                if (now - _since < clock.TscTicks(SettleMicroseconds))
                {
                    return StartAction.Wait;
                }

                _deadline = now + clock.TscTicks(deadlineMilliseconds * 1000UL);
                Enter(Step.Started, now);
                return StartAction.SendStartup;

            default:
                return Watch(in clock, now, observed);
        }
    }

    private StartAction Watch(in Clock clock, ulong now, InstanceLifecycle observed)
    {
        if (observed == InstanceLifecycle.Healthy)
        {
            return StartAction.Healthy;
        }

        if (observed == InstanceLifecycle.Panicked)
        {
            return StartAction.Panicked;
        }

        if (now > _deadline)
        {
            return StartAction.GiveUp;
        }

        bool isSilent = observed == InstanceLifecycle.Provisioned;
        if (_step == Step.Started && isSilent && now - _since >= clock.TscTicks(RetryMicroseconds))
        {
            Enter(Step.Retried, now);
            return StartAction.SendStartup;
        }

        return StartAction.Wait;
    }

    private void Enter(Step step, ulong now)
    {
        _step = step;
        _since = now;
    }

    private enum Step : byte
    {
        Begin,
        Settling,
        Started,
        Retried,
    }
}
