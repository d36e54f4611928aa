namespace Atoll.Kernel.Tests.Multikernel.Simulations;

/// <summary>What a member does for a piece of work does not grow with the number of the others.</summary>
public sealed class EfficiencyTests
{
    /// <summary>The aim for 512 members is 90 %; what is measured there is in docs/scaling.md (<c>./build.sh test sim</c>).</summary>
    [Fact]
    public void RingsOfManyPairs_TakeWhatTheyTakeOfOne()
    {
        EfficiencyRun.Turns two = EfficiencyRun.Measure(2);
        EfficiencyRun.Turns many = EfficiencyRun.Measure(32);

        Assert.InRange(EfficiencyRun.Efficiency(two, many), 0.9, 1.5);
        Assert.InRange(many.CoordinatorRing, 0, 0.1);
    }
}
