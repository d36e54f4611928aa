namespace Atoll.Linker.Binary;

/// <summary>Rounding to powers of two.</summary>
public static class Alignment
{
    /// <summary>Smallest multiple of a power of two that is not below a value. The value must leave room for
    /// it.</summary>
    public static ulong Up(ulong value, ulong powerOfTwo) => (value + (powerOfTwo - 1)) & ~(powerOfTwo - 1);
}
