using Atoll.Bench.Rings;

namespace Atoll.Bench.Tests.Rings;

/// <summary>Figures compare only what was measured in one placement.</summary>
public sealed class RingFiguresTests
{
    private const double TicksPerNanosecond = 2.5;

    private static readonly Series s_kernel = RingPlan.Stream(RingPlan.Kernel, RingPlan.BulkSlots);
    private static readonly Series s_boost = RingPlan.Stream(RingPlan.Boost, RingPlan.BulkSlots);

    private readonly SampleSet _samples = new();

    [Fact]
    public void Figure_HasMedianQuartilesNanosecondsAndAim()
    {
        Add(s_kernel, Placement.Near, 3, 4, 5, 6, 7);

        Figure figure = Assert.Single(Figures());
        Assert.Equal(
            new Figure("ring.throughput.kernel", "ticks", 5)
            {
                Low = 4, High = 6, Nanoseconds = 2, Aim = 4.5, Placement = "near", Slots = 256,
            },
            figure);
    }

    [Fact]
    public void Peer_OfTheSamePlacement_IsCompared()
    {
        Add(s_kernel, Placement.Near, 4, 4, 4, 4, 4);
        Add(s_boost, Placement.Near, 16, 16, 16, 16, 16);

        IReadOnlyList<Figure> figures = Figures();

        Assert.Equal(16, Named(figures, "ring.throughput.kernel").Peer);
        Assert.Equal(0.25, Named(figures, "ring.throughput.kernel.of-boost").Value);
        Assert.True(Named(figures, "ring.throughput.kernel.of-boost").MeetsAim);
    }

    [Fact]
    public void Peer_OfAnotherPlacement_IsNot()
    {
        Add(s_kernel, Placement.Near, 4, 4, 4, 4, 4);
        Add(s_boost, Placement.Far, 16, 16, 16, 16, 16);

        IReadOnlyList<Figure> figures = Figures();

        Assert.Null(Named(figures, "ring.throughput.kernel").Peer);
        Assert.DoesNotContain(figures, figure => figure.Name.EndsWith("of-boost", StringComparison.Ordinal));
    }

    [Fact]
    public void RoundTrip_IsHeldAgainstTwoLines()
    {
        Add(RingPlan.RoundTrip(RingPlan.Kernel), Placement.Far, 600, 600, 600, 600, 600);
        Add(RingPlan.TwoLine, Placement.Far, 500, 500, 500, 500, 500);

        Figure share = Named(Figures(), "ring.round-trip.kernel.of-two-line");

        Assert.Equal((1.2, 1.0, false), (share.Value, share.Aim, share.MeetsAim));
    }

    private static Figure Named(IEnumerable<Figure> figures, string name) => figures.Single(figure => figure.Name == name);

    private IReadOnlyList<Figure> Figures() => [.. new RingFigures(_samples, TicksPerNanosecond).All()];

    private void Add(Series series, Placement placement, params double[] ticks)
    {
        foreach (double one in ticks)
        {
            _samples.Add(series, new RingSample(one, placement, IsUndisturbed: true));
        }
    }
}
