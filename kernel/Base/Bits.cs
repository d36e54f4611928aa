namespace Atoll.Base;

/// <summary>Rounding to powers of two.</summary>
[InterruptSafe, NoPanic, NoBlock]
public static class Bits
{
    /// <summary>The least multiple of <paramref name="powerOfTwo"/> that is not below <paramref name="value"/>. Must not wrap.</summary>
    public static ulong AlignUp(ulong value, ulong powerOfTwo) => (value + (powerOfTwo - 1)) & ~(powerOfTwo - 1);

    /// <summary>The greatest multiple of <paramref name="powerOfTwo"/> that is not above <paramref name="value"/>.</summary>
    public static ulong AlignDown(ulong value, ulong powerOfTwo) => value & ~(powerOfTwo - 1);

    /// <summary>Whether <paramref name="value"/> is a multiple of <paramref name="powerOfTwo"/>.</summary>
    public static bool IsAligned(ulong value, ulong powerOfTwo) => (value & (powerOfTwo - 1)) == 0;
}
