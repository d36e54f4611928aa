namespace Atoll.Bench.Rings;

/// <summary>The samples of a run, by series and placement.</summary>
public sealed class SampleSet
{
    private readonly Dictionary<(Series Series, Placement Placement), List<double>> _ticks = [];

    /// <summary>Samples thrown away: a thread lost its processor, or the processors moved.</summary>
    public int Discarded { get; private set; }

    /// <summary>Samples kept.</summary>
    public int Kept => _ticks.Values.Sum(ticks => ticks.Count);

    /// <summary>Takes a sample in, or throws it away.</summary>
    public void Add(Series series, RingSample sample)
    {
        if (sample.Placement is not { } placement || !sample.IsUndisturbed)
        {
            Discarded++;
            return;
        }

        if (!_ticks.TryGetValue((series, placement), out List<double>? ticks))
        {
            _ticks[(series, placement)] = ticks = [];
        }

        ticks.Add(sample.Ticks);
    }

    /// <summary>Median and quartiles of a series in one placement, or null when too little was seen to tell.</summary>
    public Spread? Of(Series series, Placement placement) =>
        _ticks.TryGetValue((series, placement), out List<double>? ticks) && ticks.Count >= Spread.SamplesMin ? Spread.Of(ticks) : null;
}

/// <summary>Where the middle of the samples lies, and how wide it is.</summary>
/// <param name="Low">A quarter lies below.</param>
/// <param name="Median">Half lies below.</param>
/// <param name="High">A quarter lies above.</param>
public sealed record Spread(double Low, double Median, double High)
{
    /// <summary>Samples without which quartiles mean nothing.</summary>
    public const int SamplesMin = 5;

    /// <summary>Of these values.</summary>
    public static Spread Of(IReadOnlyCollection<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new Spread(Quantile(sorted, 0.25), Quantile(sorted, 0.5), Quantile(sorted, 0.75));
    }

    // Linear between neighbours: definition 7 of R. J. Hyndman and Y. Fan, "Sample Quantiles in Statistical Packages", 1996.
    private static double Quantile(double[] sorted, double share)
    {
        double position = share * (sorted.Length - 1);
        int below = (int)position;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}
