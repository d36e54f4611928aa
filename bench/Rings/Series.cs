using System.Globalization;

namespace Atoll.Bench.Rings;

/// <summary>What a sample measures. The words are those of the samplers' requests.</summary>
public static class Measure
{
    /// <summary>A stream of messages: ticks for each.</summary>
    public const string Stream = "stream";

    /// <summary>A message and its answer: ticks for both.</summary>
    public const string RoundTrip = "round-trip";

    /// <summary>Cache lines without a queue: ticks for a round trip, or for a line.</summary>
    public const string Bound = "bound";
}

/// <summary>Samples of one thing: one contender doing one measure with one number of slots.</summary>
/// <param name="Measure">One of <see cref="Rings.Measure"/>.</param>
/// <param name="Contender">Who does it.</param>
/// <param name="Slots">Slots, or lines of a block.</param>
/// <param name="Count">Messages, round trips or lines in a sample.</param>
public sealed record Series(string Measure, string Contender, int Slots, int Count)
{
    /// <summary>The line that asks a sampler for a sample.</summary>
    public string Request => string.Create(CultureInfo.InvariantCulture, $"{Measure} {Contender} {Slots} {Count}");
}
