using System.Globalization;

namespace Atoll.Bench.Rings;

/// <summary>One sample, as a sampler reports it.</summary>
/// <param name="Ticks">Ticks of the time stamp counter, per message, round trip or line.</param>
/// <param name="Placement">Where the processors were, or null when they moved meanwhile.</param>
/// <param name="IsUndisturbed">Whether both threads kept their processors.</param>
public sealed record RingSample(double Ticks, Placement? Placement, bool IsUndisturbed)
{
    /// <summary>Reads <c>sample TICKS PROBE-BEFORE PROBE-AFTER UNDISTURBED</c>.</summary>
    /// <exception cref="BenchmarkException">It is an error message, or nothing at all.</exception>
    public static RingSample Parse(string? answer) =>
        answer?.Split(' ') is ["sample", var ticks, var before, var after, var undisturbed]
            ? new RingSample(Number(ticks), PlacementProbe.Classify(Number(before), Number(after)), undisturbed == "1")
            : throw new BenchmarkException($"a sampler answered '{answer ?? "nothing"}'");

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
