using System.Globalization;
using Atoll.RingSampler.Contenders;
using Atoll.RingSampler.Machine;
using Atoll.RingSampler.Measures;

namespace Atoll.RingSampler;

/// <summary>Takes samples as asked: a request is one line, its answer is one line.</summary>
/// <remarks>
/// Request: <c>MEASURE CONTENDER SLOTS COUNT</c>, with MEASURE one of stream, round-trip, bound.
/// Answer: <c>sample TICKS PROBE-BEFORE PROBE-AFTER UNDISTURBED</c>, in ticks and 0 or 1; or <c>error TEXT</c>.
/// The programs under bench/peers speak the same. Request <c>clock</c> has the answer <c>clock TICKS-PER-NANOSECOND</c>.
/// </remarks>
internal sealed class SampleServer(PinnedPair pair)
{
    private const uint ProbeCount = 500;

    /// <summary>Serves until the input ends.</summary>
    internal void Serve(TextReader requests, TextWriter answers)
    {
        while (requests.ReadLine() is { } request)
        {
            answers.WriteLine(Answer(request));
            answers.Flush();
        }
    }

    /// <summary>Answers one request.</summary>
    internal string Answer(string request)
    {
        if (request == "clock")
        {
            return string.Create(CultureInfo.InvariantCulture, $"clock {TimestampCounter.MeasureTicksPerNanosecond():0.0000}");
        }

        if (request.Split(' ') is not [var measure, var contender, var slots, var number]
            || !uint.TryParse(slots, CultureInfo.InvariantCulture, out uint slotCount)
            || !uint.TryParse(number, CultureInfo.InvariantCulture, out uint count)
            || Find(measure, contender, slotCount, count) is not { } take)
        {
            return $"error not understood: {request}";
        }

        Sample before = Bounds.OneLine(pair, ProbeCount);
        Sample sample = take();
        Sample after = Bounds.OneLine(pair, ProbeCount);
        bool isUndisturbed = before.IsUndisturbed && sample.IsUndisturbed && after.IsUndisturbed;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"sample {sample.Ticks:0.000} {before.Ticks:0.0} {after.Ticks:0.0} {(isUndisturbed ? 1 : 0)}");
    }

    private Func<Sample>? Find(string measure, string name, uint slotCount, uint count)
    {
        ContenderCatalog.All.TryGetValue(name, out Contender? contender);
        return (measure, name) switch
        {
            ("stream", _) when contender is not null => () => contender.Stream(pair, slotCount, count),
            ("round-trip", _) when contender is not null => () => contender.RoundTrip(pair, slotCount, count),
            ("bound", "one-line") => () => Bounds.OneLine(pair, count),
            ("bound", "two-line") => () => Bounds.TwoLines(pair, count),
            ("bound", "hand-off") => () => Bounds.HandOff(pair, (int)slotCount, count / slotCount),
            _ => null,
        };
    }
}
