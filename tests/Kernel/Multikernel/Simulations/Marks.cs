namespace Atoll.Kernel.Tests.Multikernel.Simulations;

/// <summary>Which blocks of the product's code a run has reached. <see cref="MarkedSources"/> puts a call into each.</summary>
public static class Marks
{
    /// <summary>Most marks.</summary>
    public const int CountMax = 16384;

    private static readonly bool[] s_reached = new bool[CountMax];

    /// <summary>A block is reached.</summary>
    public static void Hit(int mark) => s_reached[mark] = true;

    /// <summary>Which are.</summary>
    public static bool[] Reached() => [.. s_reached];
}
