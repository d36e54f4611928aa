using Atoll.Base;
using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Coordinator;

/// <summary>A heartbeat judged from outside: who lives is never fenced, whoever does not is fenced in time.</summary>
public sealed class SuspicionTests
{
    private const uint DeadlineMilliseconds = 100;
    private const ulong Look = 10_000_000;

    // One tick is one nanosecond.
    private static readonly Clock s_clock = new() { TscHz = 1_000_000_000, ApicHz = 1_000_000_000 };

    /// <summary>The patience of decision 0182: none with the waking, half a deadline with programs, five with a sleeper; then the deadline itself.</summary>
    [Theory]
    [InlineData(Rest.None, 0ul)]
    [InlineData(Rest.Programs, 50_000_000ul)]
    [InlineData(Rest.Sleep, 500_000_000ul)]
    public void Silent_IsRungOnce_ThenFenced(Rest rest, ulong patience)
    {
        List<(ulong At, SuspicionAction Action)> actions = Watch(rest, looks: 100);

        Assert.Equal([SuspicionAction.Ring, SuspicionAction.Fence], actions.Select(action => action.Action).Take(2));
        Assert.InRange(actions[0].At, patience, patience + (2 * Look));
        Assert.Equal(actions[0].At + (DeadlineMilliseconds * 1_000_000ul), actions[1].At);
    }

    /// <summary>Whoever answers a ring before the deadline lives, however often it is late.</summary>
    [Fact]
    public void WhoAnswersInTime_IsNeverFenced() => Seeds.ForEach(50, random =>
    {
        Suspicion suspicion = default;
        suspicion.Begin(0);
        ulong heartbeat = 0;
        ulong answerAt = ulong.MaxValue;
        ulong now = 0;
        for (int look = 0; look < 2000; look++)
        {
            now += Look;
            if (now >= answerAt)
            {
                heartbeat++;
                answerAt = ulong.MaxValue;
            }

            SuspicionAction action = suspicion.Judge(in s_clock, now, heartbeat, (Rest)random.Next(3), DeadlineMilliseconds);
            Assert.NotEqual(SuspicionAction.Fence, action);
            answerAt = action == SuspicionAction.Ring ? now + ((ulong)random.Next(1, (int)DeadlineMilliseconds) * 1_000_000) : answerAt;
            Assert.Equal(answerAt != ulong.MaxValue, suspicion.IsSuspect);
        }
    });

    /// <summary>A judge that stood still has given nobody time: one look counts for two periods at most.</summary>
    [Fact]
    public void JudgeThatStoodStill_FencesNobody()
    {
        Suspicion suspicion = default;
        suspicion.Begin(0);
        Assert.Equal(SuspicionAction.Ring, suspicion.Judge(in s_clock, 1, heartbeat: 0, Rest.None, DeadlineMilliseconds));

        ulong now = 1 + 3_600_000_000_000;
        int looks = 1;
        for (; suspicion.Judge(in s_clock, now, heartbeat: 0, Rest.None, DeadlineMilliseconds) == SuspicionAction.None; looks++)
        {
            now += Look;
        }

        // 20 ms for the first, 10 ms for each of the others.
        Assert.Equal(1 + (int)(((DeadlineMilliseconds * 1_000_000ul) - (2 * Limits.LookMicroseconds * 1000)) / Look), looks);
    }

    /// <summary>A silence that is broken begins anew.</summary>
    [Fact]
    public void Turn_ClearsTheSuspicion()
    {
        Suspicion suspicion = default;
        suspicion.Begin(0);
        Assert.Equal(SuspicionAction.Ring, suspicion.Judge(in s_clock, Look, heartbeat: 0, Rest.None, DeadlineMilliseconds));
        Assert.Equal(SuspicionAction.None, suspicion.Judge(in s_clock, 2 * Look, heartbeat: 1, Rest.Sleep, DeadlineMilliseconds));

        Assert.False(suspicion.IsSuspect);
        Assert.Equal(SuspicionAction.None, suspicion.Judge(in s_clock, 40 * Look, heartbeat: 1, Rest.Sleep, DeadlineMilliseconds));
    }

    private static List<(ulong At, SuspicionAction Action)> Watch(Rest rest, int looks)
    {
        Suspicion suspicion = default;
        suspicion.Begin(0);
        List<(ulong At, SuspicionAction Action)> actions = [];
        for (ulong look = 1; look <= (ulong)looks; look++)
        {
            SuspicionAction action = suspicion.Judge(in s_clock, look * Look, heartbeat: 0, rest, DeadlineMilliseconds);
            if (action != SuspicionAction.None)
            {
                actions.Add((look * Look, action));
            }
        }

        return actions;
    }
}
