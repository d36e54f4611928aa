using Atoll.Instance;
using Atoll.Provision;

namespace Atoll.Kernel.Tests.Provision;

/// <summary>Every order of time and observations, up to a depth, against the rules of the start sequence.</summary>
/// <remarks>
/// Source: Intel SDM Vol. 3A, "Typical AP Initialization Sequence": INIT, then a start-up interrupt, then at most one
/// more.
/// </remarks>
public sealed class CoreStartTests
{
    // One tick of the time-stamp counter is one microsecond.
    private static readonly Clock s_clock = new() { TscHz = 1_000_000, ApicHz = 1_000_000 };

    private const uint DeadlineMilliseconds = 2;
    private static readonly ulong[] s_waits = [1, 100, 999, 1001];

    private static readonly InstanceLifecycle[] s_observations =
    [
        InstanceLifecycle.Provisioned, InstanceLifecycle.Booting, InstanceLifecycle.Healthy, InstanceLifecycle.Panicked,
        (InstanceLifecycle)0xDEAD,
    ];

    private int _histories;

    [Fact]
    public void EveryHistory_KeepsTheRules()
    {
        foreach (InstanceLifecycle observed in s_observations)
        {
            Explore(default, new History(), now: 5000, observed, depth: 5);
        }

        Assert.True(_histories > 10_000, $"{_histories} histories");
    }

    [Fact]
    public void SilentCore_GetsInitStartupStartup_AndIsGivenUpAfterTheDeadline()
    {
        CoreStart start = default;
        List<(ulong, StartAction)> actions = [];
        for (ulong now = 0; now < 3000; now++)
        {
            StartAction action = start.Next(in s_clock, now, DeadlineMilliseconds, InstanceLifecycle.Provisioned);
            if (action != StartAction.Wait)
            {
                actions.Add((now, action));
            }

            if (action == StartAction.GiveUp)
            {
                break;
            }
        }

        Assert.Equal(
            [
                (0ul, StartAction.SendInit), (100ul, StartAction.SendStartup), (1100ul, StartAction.SendStartup),
                (2101ul, StartAction.GiveUp),
            ],
            actions);
    }

    /// <summary>Start deadlines up to ten minutes on a fast clock do not overflow.</summary>
    [Fact]
    public void LongDeadline_OnAFastClock()
    {
        Clock fast = new() { TscHz = 6_000_000_000, ApicHz = 1_000_000_000 };
        CoreStart start = default;
        start.Next(in fast, 0, 600_000, InstanceLifecycle.Provisioned);
        start.Next(in fast, 1_000_000, 600_000, InstanceLifecycle.Provisioned);
        start.Next(in fast, 10_000_000, 600_000, InstanceLifecycle.Provisioned);

        Assert.Equal(StartAction.Wait, start.Next(in fast, 3_600_000_000_000, 600_000, InstanceLifecycle.Booting));
        Assert.Equal(StartAction.GiveUp, start.Next(in fast, 3_600_001_000_001, 600_000, InstanceLifecycle.Booting));
    }

    private void Explore(CoreStart start, History history, ulong now, InstanceLifecycle observed, int depth)
    {
        StartAction action = start.Next(in s_clock, now, DeadlineMilliseconds, observed);
        if (!history.Accepts(now, observed, action))
        {
            Assert.Fail($"{action} at {now} on {observed}: {history}");
        }

        if (depth == 0 || action is StartAction.Healthy or StartAction.Panicked or StartAction.GiveUp)
        {
            _histories++;
            return;
        }

        History next = history.With(now, action);
        foreach (ulong wait in s_waits)
        {
            foreach (InstanceLifecycle then in s_observations)
            {
                Explore(start, next, now + wait, then, depth - 1);
            }
        }
    }

    /// <summary>What was done so far, and what may be done next.</summary>
    private readonly record struct History(ulong? Init, ulong? First, ulong? Second)
    {
        public History With(ulong now, StartAction action) => action switch
        {
            StartAction.SendInit => this with { Init = now },
            StartAction.SendStartup when First is null => this with { First = now },
            StartAction.SendStartup => this with { Second = now },
            _ => this,
        };

        public bool Accepts(ulong now, InstanceLifecycle observed, StartAction action)
        {
            if (Init is null)
            {
                return action == StartAction.SendInit;
            }

            if (First is null)
            {
                return action == (now - Init >= 100 ? StartAction.SendStartup : StartAction.Wait);
            }

            if (observed == InstanceLifecycle.Healthy)
            {
                return action == StartAction.Healthy;
            }

            if (observed == InstanceLifecycle.Panicked)
            {
                return action == StartAction.Panicked;
            }

            bool isLate = now - First > DeadlineMilliseconds * 1000;
            bool mayRetry = Second is null && observed == InstanceLifecycle.Provisioned && now - First >= 1000;
            return action == (isLate ? StartAction.GiveUp : mayRetry ? StartAction.SendStartup : StartAction.Wait);
        }
    }
}
