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
        for (ulong offset = 0; offset < ImageLayout.PageSizeBytes; offset += Run.SizeBytes)
        {
            *(Run*)(page + offset) = default;
        }
    }

    /// <summary>Copies at most one page; the ranges do not overlap.</summary>
    public static void Copy(byte* to, byte* from, ulong bytes)
    {
        ulong offset = 0;
        for (; offset + Run.SizeBytes <= bytes; offset += Run.SizeBytes)
        {
            *(Run*)(to + offset) = *(Run*)(from + offset);
        }

        for (; offset < bytes; offset++)
        {
            to[offset] = from[offset];
        }
    }

    /// <summary>Two cache lines: the most that the JIT moves by 16-byte loads and stores instead of a call.</summary>
    [InlineArray(SizeBytes / sizeof(ulong))]
    private struct Run
    {
        public const int SizeBytes = 128;

        private ulong _word0;
    }
}
