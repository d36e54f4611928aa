using System.Runtime.CompilerServices;
using Atoll.Abi;

namespace Atoll.Mm;

/// <summary>Whole pages of memory.</summary>
public static unsafe class Page
{
    /// <summary>Zeroes a page. Memory is zeroed before it changes hands.</summary>
    /// <param name="page">4096 bytes, 16-byte aligned.</param>
    public static void Clear(byte* page)
    {
        for (ulong offset = 0; offset < ImageLayout.PageSizeBytes; offset += Line.SizeBytes)
        {
            *(Line*)(page + offset) = default;
        }
    }

    /// <summary>Copies at most one page; the ranges do not overlap.</summary>
    public static void Copy(byte* to, byte* from, ulong bytes)
    {
        ulong offset = 0;
        for (; offset + Line.SizeBytes <= bytes; offset += Line.SizeBytes)
        {
            *(Line*)(to + offset) = *(Line*)(from + offset);
        }

        for (; offset < bytes; offset++)
        {
            to[offset] = from[offset];
        }
    }

    /// <summary>A cache line: the JIT moves it by four 16-byte loads and stores.</summary>
    [InlineArray(SizeBytes / sizeof(ulong))]
    private struct Line
    {
        public const int SizeBytes = 64;

        private ulong _word0;
    }
}
