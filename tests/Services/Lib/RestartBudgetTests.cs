using Atoll.Services.Lib;

namespace Atoll.Services.Tests.Lib;

/// <summary>A program is started again so often in a window, and no more until the window is over.</summary>
public sealed class RestartBudgetTests
{
    private const ulong Window = 1000;

    [Fact]
    public void InOneWindow_SoOften_AndNoMore()
    {
        RestartBudget budget = default;
        Assert.True(budget.TrySpend(2, Window, now: 5));
        Assert.True(budget.TrySpend(2, Window, now: 6));
        Assert.False(budget.TrySpend(2, Window, now: 7));
        Assert.False(budget.TrySpend(2, Window, now: 5 + Window));
    }

    [Fact]
    public void AfterTheWindow_ItBeginsAnew()
    {
        RestartBudget budget = default;
        Assert.True(budget.TrySpend(1, Window, now: 5));
        Assert.False(budget.TrySpend(1, Window, now: 6));
        Assert.True(budget.TrySpend(1, Window, now: 5 + Window + 1));
        Assert.False(budget.TrySpend(1, Window, now: 5 + Window + 2));
    }

    /// <summary>A counter of ticks passes 32 bits in the first seconds.</summary>
    [Fact]
    public void Window_BeginsWhereItBegins_BeyondThirtyTwoBits()
    {
        const ulong begin = (7UL << 32) - 3;
        RestartBudget budget = default;
        Assert.True(budget.TrySpend(1, Window, begin));
        Assert.False(budget.TrySpend(1, Window, begin + Window));
        Assert.True(budget.TrySpend(1, Window, begin + Window + 1));
        Assert.False(budget.TrySpend(1, Window, begin + (2 * Window) + 1));
    }

    [Fact]
    public void NoneAtAll_IsNone()
    {
        RestartBudget budget = default;
        Assert.False(budget.TrySpend(0, Window, now: 5));
        Assert.False(budget.TrySpend(0, Window, now: 5 + (10 * Window)));
    }
}
