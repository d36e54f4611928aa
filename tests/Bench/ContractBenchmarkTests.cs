namespace Atoll.Bench.Tests;

/// <summary>What is made of the figures that bench/ContractMeter reports.</summary>
public class ContractBenchmarkTests
{
    private const string Answer = """
        figure analyzers.false-clean 0 snippets
        figure analyzers.false-alarm 2.5 % of snippets
        figure analyzers.warm 300 ms/10000 lines
        figure analyzers.idle 20 ms
        figure analyzers.crashes 0 crashes
        figure analyzers.others.x.detected 7 snippets
        """;

    [Fact]
    public void Figures_HaveTheirAims()
    {
        Figure[] figures = [.. ContractBenchmark.Read(Answer)];

        Assert.Equal(6, figures.Length);
        Assert.True(figures[0].MeetsAim);
        Assert.False(figures[1].MeetsAim);
        Assert.Equal("% of snippets", figures[1].Unit);
        Assert.Null(figures[5].Aim);
    }

    [Theory]
    [InlineData("figure analyzers.false-clean 0 snippets")]
    [InlineData("hello")]
    public void Nonsense_IsRefused(string answer) => Assert.Throws<BenchmarkException>(() => ContractBenchmark.Read(answer));
}
