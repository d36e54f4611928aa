using System;

namespace Atoll.Base;

/// <summary>Values in bytes that come from outside, where no alignment is promised.</summary>
public static class Bytes
{
    /// <summary>Reads a little-endian value.</summary>
    /// <typeparam name="T">Numbers, any of which is a value.</typeparam>
    /// <param name="from">The bytes.</param>
    /// <param name="offset">Where it begins; all of it lies in <paramref name="from"/>.</param>
    [Trusted(Safety = "Offset and size were compared with the length; x86-64 loads from any address.")]
    public static unsafe T Read<T>(ReadOnlySpan<byte> from, int offset)
        where T : unmanaged
    {
        Check.That(offset >= 0 && offset <= from.Length - sizeof(T));
        fixed (byte* first = &from[0])
        {
            return *(T*)(first + offset);
        }
    }
}
