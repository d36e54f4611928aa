namespace Atoll.Bench.Rings;

/// <summary>What is measured: every series of a run.</summary>
public static class RingPlan
{
    /// <summary>The product's ring, compiled as in the kernel: without AVX.</summary>
    public const string Kernel = "kernel";

    /// <summary>The product's ring with wide stores, for hosts.</summary>
    public const string Wide = "wide";

    /// <summary>boost's queue, a message at a time.</summary>
    public const string Boost = "boost";

    /// <summary>boost's queue, 32 messages at a time.</summary>
    public const string BoostBulk = "boost-bulk-32";

    /// <summary>Slots of a bulk ring, which the aims are about.</summary>
    public const int BulkSlots = 256;

    /// <summary>Slots of a ring that fills one page, which round trips are measured with.</summary>
    public const int PageSlots = 64;

    // A sample takes from a tenth of a millisecond to a few: too short to be interrupted often, long enough to forget its start.
    private const int StreamCount = 50_000;
    private const int RoundTripCount = 1_000;

    private static readonly int[] s_slots = [PageSlots, BulkSlots, 1024];
    private static readonly string[] s_streams = [Kernel, Wide, "lamport", "channel", Boost, BoostBulk];
    private static readonly string[] s_roundTrips = [Kernel, Wide, "lamport", "channel", Boost];

    /// <summary>The round trip of one line.</summary>
    public static Series OneLine { get; } = new(Measure.Bound, "one-line", 1, RoundTripCount);

    /// <summary>The round trip over two lines.</summary>
    public static Series TwoLine { get; } = new(Measure.Bound, "two-line", 2, RoundTripCount);

    /// <summary>Every series, bounds first.</summary>
    public static IReadOnlyList<Series> All { get; } =
    [
        OneLine,
        TwoLine,
        .. s_slots.Select(HandOff),
        .. s_streams.SelectMany(_ => s_slots, Stream),
        .. s_roundTrips.Select(RoundTrip),
    ];

    /// <summary>Handing over a block of lines.</summary>
    public static Series HandOff(int lines) => new(Measure.Bound, "hand-off", lines, StreamCount);

    /// <summary>A stream of messages.</summary>
    public static Series Stream(string contender, int slots) => new(Measure.Stream, contender, slots, StreamCount);

    /// <summary>A message and its answer.</summary>
    public static Series RoundTrip(string contender) => new(Measure.RoundTrip, contender, PageSlots, RoundTripCount);
}
