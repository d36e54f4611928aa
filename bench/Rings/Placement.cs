namespace Atoll.Bench.Rings;

/// <summary>How far apart the two processors are, by what one cache line takes there and back.</summary>
/// <remarks>
/// On a virtual machine they move under the guest, every few minutes or so. Measurements of one placement say nothing about the
/// other: they differ by factors, and not by the same one.
/// </remarks>
public enum Placement
{
    /// <summary>In one core complex: they share a cache.</summary>
    Near,

    /// <summary>In different core complexes.</summary>
    Far,
}

/// <summary>Tells placements apart.</summary>
public static class PlacementProbe
{
    // Seen: 100–230 ticks near, 850–1000 far. The bound is about the geometric mean of 230 and 850.
    private const double NearTicksMax = 440;

    /// <summary>Classifies a sample by the round trips of one line measured before and after it.</summary>
    /// <returns>The placement, or null when it changed in between.</returns>
    public static Placement? Classify(double ticksBefore, double ticksAfter)
    {
        Placement before = Classify(ticksBefore);
        return before == Classify(ticksAfter) ? before : null;
    }

    private static Placement Classify(double ticks) => ticks <= NearTicksMax ? Placement.Near : Placement.Far;
}
