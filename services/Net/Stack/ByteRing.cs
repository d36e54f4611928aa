using System;

namespace Atoll.Services.Net.Stack;

/// <summary>Copies into and out of a ring of bytes whose size is a power of two.</summary>
internal static class ByteRing
{
    /// <summary>Writes <paramref name="from"/> at <paramref name="position"/>, which is taken modulo the size.</summary>
    public static void Write(Span<byte> ring, int position, ReadOnlySpan<byte> from)
    {
        int start = position & (ring.Length - 1);
        int first = Arithmetic.Min(from.Length, ring.Length - start);
        from.Slice(0, first).CopyTo(ring.Slice(start, first));
        if (first != from.Length)
        {
            from.Slice(first, from.Length - first).CopyTo(ring.Slice(0, from.Length - first));
        }
    }

    /// <summary>Fills <paramref name="to"/> from <paramref name="position"/> on.</summary>
    public static void Read(ReadOnlySpan<byte> ring, int position, Span<byte> to)
    {
        int start = position & (ring.Length - 1);
        int first = Arithmetic.Min(to.Length, ring.Length - start);
        ring.Slice(start, first).CopyTo(to.Slice(0, first));
        if (first != to.Length)
        {
            ring.Slice(0, to.Length - first).CopyTo(to.Slice(first, to.Length - first));
        }
    }
}
