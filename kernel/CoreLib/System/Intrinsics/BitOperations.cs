using System.Runtime.CompilerServices;

namespace System.Numerics;

/// <summary>Bit counts that expand to one instruction at x86-64-v2.</summary>
public static class BitOperations
{
    [Intrinsic]
    public static int TrailingZeroCount(ulong value) => TrailingZeroCount(value);

    [Intrinsic]
    public static int LeadingZeroCount(ulong value) => LeadingZeroCount(value);

    [Intrinsic]
    public static int PopCount(ulong value) => PopCount(value);
}
