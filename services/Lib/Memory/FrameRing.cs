using System;
using System.Threading;

namespace Atoll.Services.Lib;

/// <summary>A ring in a region that two programs have: one puts buffers in, the other takes them out. A word for each; 0: the place is empty.</summary>
/// <remarks>
/// Nobody reads the other's position: the word itself says whose turn it is, as in the kernel's rings. So whoever is at the other end can fill the ring, empty it or
/// write nonsense into it, and nothing more: what comes out is an allegation. Order: x86 keeps stores in order, so a buffer's bytes are there before its word.
/// One producer, one consumer, which live longer than neither: who begins anew clears the ring.
/// </remarks>
public struct FrameRing
{
    /// <summary>Places of a ring.</summary>
    public const int Places = 128;

    private const ulong IsFull = 1UL << 63;
    private const int LengthShift = 32;
    private const int LengthMask = 0xFFFF;

    private int _next;

    /// <summary>Puts a buffer in.</summary>
    /// <param name="ring">The ring's words.</param>
    /// <param name="buffer">Number of the buffer.</param>
    /// <param name="length">Bytes of the frame in it.</param>
    /// <returns>False: the ring is full.</returns>
    public bool TryPut(Span<ulong> ring, uint buffer, int length)
    {
        ref ulong place = ref ring[_next & (Places - 1)];
        if (Volatile.Read(ref place) != 0)
        {
            return false;
        }

        Volatile.Write(ref place, IsFull | ((ulong)(length & LengthMask) << LengthShift) | buffer);
        _next++;
        return true;
    }

    /// <summary>Takes the next buffer out.</summary>
    /// <param name="ring">The ring's words.</param>
    /// <param name="buffer">Number of the buffer: an allegation.</param>
    /// <param name="length">Bytes of the frame in it: an allegation, at most 65535.</param>
    /// <returns>False: the ring is empty.</returns>
    public bool TryTake(Span<ulong> ring, out uint buffer, out int length)
    {
        ref ulong place = ref ring[_next & (Places - 1)];
        ulong word = Volatile.Read(ref place);
        buffer = (uint)word;
        length = (int)(word >> LengthShift) & LengthMask;
        if (word == 0)
        {
            return false;
        }

        Volatile.Write(ref place, 0);
        _next++;
        return true;
    }

    /// <summary>Whether there is something to take out.</summary>
    public readonly bool HasNext(Span<ulong> ring) => Volatile.Read(ref ring[_next & (Places - 1)]) != 0;

    /// <summary>Of who puts in: whether the other end has not taken the last so many buffers yet.</summary>
    /// <param name="ring">The ring's words.</param>
    /// <param name="count">How many, less than there are places.</param>
    public readonly bool IsBehind(Span<ulong> ring, int count) => Volatile.Read(ref ring[(_next - count) & (Places - 1)]) != 0;

    /// <summary>Empties a ring. Nobody may be at either end.</summary>
    public static void Clear(Span<ulong> ring)
    {
        for (int place = 0; place < ring.Length; place++)
        {
            Volatile.Write(ref ring[place], 0);
        }
    }
}
