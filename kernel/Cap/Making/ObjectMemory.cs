using System.Runtime.CompilerServices;
using Atoll.Base;

namespace Atoll.Cap;

/// <summary>Memory that becomes objects.</summary>
[Trusted(Safety = "The window maps the memory; it is free, or its object is not in use, because retype or the object's owner asks.")]
internal static unsafe class ObjectMemory
{
    /// <summary>Zeroes memory.</summary>
    /// <remarks>Four 128-byte runs a turn: 128 bytes are the most that the JIT stores without a call, 16 at a time.
    /// 320 instructions for 4 KiB.</remarks>
    /// <param name="address">In the window, a multiple of 64.</param>
    /// <param name="bytes">A multiple of 64.</param>
    internal static void Clear(ulong address, ulong bytes)
    {
        Check.That(((address | bytes) & 63) == 0);
        byte* at = (byte*)address;
        byte* end = at + bytes;
        byte* wholeEnd = at + (bytes & ~(Turn - 1));
        for (; at != wholeEnd; at += Turn)
        {
            *(Run*)at = default;
            *(Run*)(at + Run.SizeBytes) = default;
            *(Run*)(at + (2 * Run.SizeBytes)) = default;
            *(Run*)(at + (3 * Run.SizeBytes)) = default;
        }

        for (; at != end; at += Line.SizeBytes)
        {
            *(Line*)at = default;
        }
    }

    private const ulong Turn = 4 * Run.SizeBytes;

    [InlineArray(SizeBytes / sizeof(ulong))]
    private struct Run
    {
        public const int SizeBytes = 128;

        private ulong _word0;
    }

    [InlineArray(SizeBytes / sizeof(ulong))]
    private struct Line
    {
        public const int SizeBytes = 64;

        private ulong _word0;
    }
}
