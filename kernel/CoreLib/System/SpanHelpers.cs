using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace System;

/// <summary>What the JIT calls to copy, clear and fill more bytes than it writes out in line.</summary>
[Atoll.Trusted(Safety = "The JIT passes ranges that lie wholly in one object; no index leaves the length it was given.")]
internal static class SpanHelpers
{
    /// <summary>Copies, ranges may overlap.</summary>
    public static void Memmove(ref byte destination, ref byte source, nuint length)
    {
        if (Unsafe.ByteOffset(ref source, ref destination) >= length)
        {
            CopyForward(ref destination, ref source, length);
        }
        else
        {
            CopyBackward(ref destination, ref source, length);
        }
    }

    /// <summary>Sets bytes to zero.</summary>
    public static void ClearWithoutReferences(ref byte destination, nuint length)
    {
        nuint done = 0;
        for (; length - done >= Block.SizeBytes; done += Block.SizeBytes)
        {
            Unsafe.As<byte, Block>(ref Unsafe.Add(ref destination, done)) = default;
        }

        for (; done < length; done++)
        {
            Unsafe.Add(ref destination, done) = 0;
        }
    }

    /// <summary>Sets bytes to <paramref name="value"/>.</summary>
    public static void Fill(ref byte destination, byte value, nuint length)
    {
        for (nuint done = 0; done < length; done++)
        {
            Unsafe.Add(ref destination, done) = value;
        }
    }

    // What is no whole number of blocks ends with one that lies over the one before. It is read first: the ranges may overlap.
    private static void CopyForward(ref byte destination, ref byte source, nuint length)
    {
        if (length < Block.SizeBytes)
        {
            CopyFew(ref destination, ref source, length);
            return;
        }

        nuint end = length - Block.SizeBytes;
        Block last = Unsafe.As<byte, Block>(ref Unsafe.Add(ref source, end));
        for (nuint done = 0; done < end; done += Block.SizeBytes)
        {
            Unsafe.As<byte, Block>(ref Unsafe.Add(ref destination, done)) =
                Unsafe.As<byte, Block>(ref Unsafe.Add(ref source, done));
        }

        Unsafe.As<byte, Block>(ref Unsafe.Add(ref destination, end)) = last;
    }

    private static void CopyFew(ref byte destination, ref byte source, nuint length)
    {
        if (length >= sizeof(ulong))
        {
            ulong first = Unsafe.As<byte, ulong>(ref source);
            ulong last = Unsafe.As<byte, ulong>(ref Unsafe.Add(ref source, length - sizeof(ulong)));
            Unsafe.As<byte, ulong>(ref destination) = first;
            Unsafe.As<byte, ulong>(ref Unsafe.Add(ref destination, length - sizeof(ulong))) = last;
            return;
        }

        for (nuint done = 0; done < length; done++)
        {
            Unsafe.Add(ref destination, done) = Unsafe.Add(ref source, done);
        }
    }

    private static void CopyBackward(ref byte destination, ref byte source, nuint length)
    {
        nuint left = length;
        for (; left >= Block.SizeBytes; left -= Block.SizeBytes)
        {
            nuint at = left - Block.SizeBytes;
            Unsafe.As<byte, Block>(ref Unsafe.Add(ref destination, at)) =
                Unsafe.As<byte, Block>(ref Unsafe.Add(ref source, at));
        }

        for (; left > 0; left--)
        {
            Unsafe.Add(ref destination, left - 1) = Unsafe.Add(ref source, left - 1);
        }
    }

    /// <summary>16 bytes: the JIT copies it by one unaligned vector load and store, never by a call.</summary>
    [StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
    private struct Block
    {
        public const int SizeBytes = 16;

        public ulong Low;
        public ulong High;
    }
}

/// <summary>Demanded by ILC; nothing holds references, so nothing calls it.</summary>
internal static class Buffer
{
    public static void BulkMoveWithWriteBarrier(ref byte destination, ref byte source, nuint length) =>
        SpanHelpers.Memmove(ref destination, ref source, length);
}
