namespace Atoll.Bench.Rings;

/// <summary>Turns samples into figures. Compares only within one placement.</summary>
/// <param name="samples">The samples of one run.</param>
/// <param name="ticksPerNanosecond">Rate of the time stamp counter.</param>
public sealed class RingFigures(SampleSet samples, double ticksPerNanosecond)
{
    // Ticks for a message near, at 256 slots; and a third of boost's: what the ring reached on a Zen 5 machine.
    private const double KernelTicksAim = 4.5;
    private const double WideTicksAim = 4.2;
    private const double ShareOfBoostAim = 1.0 / 3;

    // A round trip moves two lines there and back at the least.
    private const double ShareOfTwoLineAim = 1.0;

    /// <summary>All figures of those series that were sampled.</summary>
    public IEnumerable<Figure> All() => Enum.GetValues<Placement>().SelectMany(
        placement => RingPlan.All.SelectMany(series => Figures(series, placement)).Concat(Shares(placement)));

    private static string Name(Series series) => series.Measure switch
    {
        Measure.Stream => $"ring.throughput.{series.Contender}",
        Measure.RoundTrip => $"ring.round-trip.{series.Contender}",
        _ => $"ring.bound.{series.Contender}",
    };

    private static double? Aim(Series series, Placement placement) => (series, placement) switch
    {
        ({ Measure: Measure.Stream, Slots: RingPlan.BulkSlots, Contender: RingPlan.Kernel }, Placement.Near) => KernelTicksAim,
        ({ Measure: Measure.Stream, Slots: RingPlan.BulkSlots, Contender: RingPlan.Wide }, Placement.Near) => WideTicksAim,
        _ => null,
    };

    /// <summary>What a series is compared with: what nobody can beat for round trips, the best in C++ for streams.</summary>
    private static Series? Peer(Series series) => series.Measure switch
    {
        Measure.Stream when series.Contender != RingPlan.Boost => RingPlan.Stream(RingPlan.Boost, series.Slots),
        Measure.RoundTrip => RingPlan.TwoLine,
        _ => null,
    };

    private IEnumerable<Figure> Figures(Series series, Placement placement)
    {
        if (samples.Of(series, placement) is { } spread)
        {
            yield return new Figure(Name(series), "ticks", Math.Round(spread.Median, 2))
            {
                Low = Math.Round(spread.Low, 2),
                High = Math.Round(spread.High, 2),
                Nanoseconds = Math.Round(spread.Median / ticksPerNanosecond, 2),
                Aim = Aim(series, placement),
                Peer = Peer(series) is { } peer && samples.Of(peer, placement) is { } other ? Math.Round(other.Median, 2) : null,
                Placement = Word(placement),
                Slots = series.Measure == Measure.Bound && series.Contender != "hand-off" ? null : series.Slots,
            };
        }
    }

    private IEnumerable<Figure> Shares(Placement placement)
    {
        Figure?[] shares =
        [
            Share("of-boost", RingPlan.Stream(RingPlan.Kernel, RingPlan.BulkSlots), RingPlan.Stream(RingPlan.Boost, RingPlan.BulkSlots), ShareOfBoostAim, placement),
            Share("of-boost", RingPlan.Stream(RingPlan.Wide, RingPlan.BulkSlots), RingPlan.Stream(RingPlan.Boost, RingPlan.BulkSlots), ShareOfBoostAim, placement),
            Share("of-two-line", RingPlan.RoundTrip(RingPlan.Kernel), RingPlan.TwoLine, ShareOfTwoLineAim, placement),
            Share("of-two-line", RingPlan.RoundTrip(RingPlan.Wide), RingPlan.TwoLine, ShareOfTwoLineAim, placement),
        ];
        return shares.OfType<Figure>();
    }

    private Figure? Share(string suffix, Series series, Series peer, double aim, Placement placement) =>
        samples.Of(series, placement) is { } mine && samples.Of(peer, placement) is { } other
            ? new Figure($"{Name(series)}.{suffix}", "ratio", Math.Round(mine.Median / other.Median, 3))
            {
                Aim = placement == Placement.Near || suffix != "of-boost" ? Math.Round(aim, 3) : null,
                Placement = Word(placement),
                Slots = series.Slots,
            }
            : null;

    private static string Word(Placement placement) => placement == Placement.Near ? "near" : "far";
}
