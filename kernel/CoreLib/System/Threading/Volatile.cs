using System.Runtime.CompilerServices;

namespace System.Threading;

/// <summary>Loads that are not moved up and stores that are not moved down by the compiler. On x86-64 plain MOVs.</summary>
/// <remarks>
/// Not for device registers: the JIT narrows and merges such loads. Use the one-access stubs of Atoll.Arch there.
/// </remarks>
public static class Volatile
{
    [Intrinsic]
    public static byte Read(ref readonly byte location) => Read(in location);

    [Intrinsic]
    public static uint Read(ref readonly uint location) => Read(in location);

    [Intrinsic]
    public static ulong Read(ref readonly ulong location) => Read(in location);

    [Intrinsic]
    public static void Write(ref byte location, byte value) => Write(ref location, value);

    [Intrinsic]
    public static void Write(ref uint location, uint value) => Write(ref location, value);

    [Intrinsic]
    public static void Write(ref ulong location, ulong value) => Write(ref location, value);
}
