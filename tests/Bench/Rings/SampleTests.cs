using Atoll.Bench.Rings;

namespace Atoll.Bench.Tests.Rings;

/// <summary>Samples are read, sorted by placement and summed up.</summary>
public sealed class SampleTests
{
    private static readonly Series s_series = RingPlan.Stream(RingPlan.Kernel, RingPlan.BulkSlots);

    [Theory]
    [InlineData(105, 119, Placement.Near)]
    [InlineData(230, 180, Placement.Near)]
    [InlineData(850, 1000, Placement.Far)]
    [InlineData(120, 950, null)]
    [InlineData(950, 120, null)]
    public void Placement_IsWhatBothProbesSay(double before, double after, Placement? placement) =>
        Assert.Equal(placement, PlacementProbe.Classify(before, after));

    [Fact]
    public void Answer_IsRead() =>
        Assert.Equal(new RingSample(4.125, Placement.Near, IsUndisturbed: true), RingSample.Parse("sample 4.125 110.0 112.5 1"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sample 4")]
    [InlineData("error two processors are needed")]
    public void OtherAnswers_StopTheBenchmark(string? answer) => Assert.Throws<BenchmarkException>(() => RingSample.Parse(answer));

    [Fact]
    public void Series_AsksInTheSamplersWords() => Assert.Equal("stream kernel 256 50000", s_series.Request);

    [Fact]
    public void Quartiles_LieBetweenNeighbours()
    {
        // Hyndman and Fan, definition 7: of 1, 2, 3, 4 the quartiles are 1.75, 2.5, 3.25.
        Assert.Equal(new Spread(1.75, 2.5, 3.25), Spread.Of([4, 2, 1, 3]));
        Assert.Equal(new Spread(2, 3, 4), Spread.Of([5, 1, 4, 2, 3]));
    }

    [Fact]
    public void Placements_AreKeptApart()
    {
        var samples = new SampleSet();
        for (int count = 0; count < Spread.SamplesMin; count++)
        {
            samples.Add(s_series, new RingSample(5, Placement.Near, IsUndisturbed: true));
            samples.Add(s_series, new RingSample(50, Placement.Far, IsUndisturbed: true));
        }

        Assert.Equal(5, samples.Of(s_series, Placement.Near)?.Median);
        Assert.Equal(50, samples.Of(s_series, Placement.Far)?.Median);
    }

    [Fact]
    public void DisturbedSamples_AndThoseOfMovingProcessors_AreThrownAway()
    {
        var samples = new SampleSet();
        samples.Add(s_series, new RingSample(5, Placement.Near, IsUndisturbed: false));
        samples.Add(s_series, new RingSample(5, null, IsUndisturbed: true));

        Assert.Equal((0, 2), (samples.Kept, samples.Discarded));
    }

    [Fact]
    public void TooFewSamples_SayNothing()
    {
        var samples = new SampleSet();
        samples.Add(s_series, new RingSample(5, Placement.Near, IsUndisturbed: true));

        Assert.Null(samples.Of(s_series, Placement.Near));
    }
}
