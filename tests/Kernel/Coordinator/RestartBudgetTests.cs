using Atoll.Coordinator;
using Atoll.Instance;

namespace Atoll.Kernel.Tests.Coordinator;

/// <summary>So many restarts in so many seconds, and no more.</summary>
public sealed class RestartBudgetTests
{
    private const ulong Second = 1_000_000_000;

    // One tick is one nanosecond.
    private static readonly Clock s_clock = new() { TscHz = 1_000_000_000, ApicHz = 1_000_000_000 };

    /// <summary>The window begins with its first restart, and the next with the first after its end.</summary>
    [Fact]
    public void Restarts_AreAsManyAsAllowed_InEachWindow()
    {
        RestartBudget budget = default;
        (ulong Second, bool IsAllowed)[] deaths = [(5, true), (6, true), (14, false), (14, false), (15, true), (24, true), (24, false), (25, true)];

        Assert.All(deaths, death => Assert.Equal(
            death.IsAllowed, budget.TryTake(in s_clock, death.Second * Second, restarts: 2, windowSeconds: 10)));
    }

    [Fact]
    public void WithoutRestarts_TheDeadStayDead()
    {
        RestartBudget budget = default;

        Assert.All(Enumerable.Range(0, 100), second => Assert.False(
            budget.TryTake(in s_clock, (ulong)second * Second, restarts: 0, windowSeconds: 1)));
    }
}
