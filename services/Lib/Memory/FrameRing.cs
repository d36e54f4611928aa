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

    /// <summary>Empties a ring. Nobody may be at either end.</summary>
    public static void Clear(Span<ulong> ring)
    {
        for (int place = 0; place < ring.Length; place++)
        {
            Volatile.Write(ref ring[place], 0);
        }
    }
}

/// <summary>What a driver and a stack have in common: four rings in one page.</summary>
/// <remarks>Buffers are numbered; where they lie the driver knows, what is in them the stack.</remarks>
public static class LinkPage
{
    /// <summary>Bytes.</summary>
    public const int Bytes = 4 * FrameRing.Places * sizeof(ulong);

    /// <summary>Buffers, each of <see cref="BufferBytes"/>.</summary>
    public const uint Buffers = 128;

    /// <summary>Buffers that may go back untold: half of those of a direction. Who has given so many back signals, so the other side never runs out in silence.</summary>
    public const int Untold = (int)Buffers / 4;

    /// <summary>Bytes of a buffer: a power of two, more than a frame has.</summary>
    public const uint BufferBytes = 2048;

    /// <summary>Most bytes of a frame: Ethernet's header and 1500.</summary>
    public const int FrameBytesMax = 1514;

    /// <summary>From the stack: empty buffers for frames that come.</summary>
    public static Span<ulong> Empty(MemoryRegion link) => Ring(link, 0);

    /// <summary>To the stack: frames that came.</summary>
    public static Span<ulong> Received(MemoryRegion link) => Ring(link, 1);

    /// <summary>From the stack: frames to send.</summary>
    public static Span<ulong> ToSend(MemoryRegion link) => Ring(link, 2);

    /// <summary>To the stack: buffers whose frames went.</summary>
    public static Span<ulong> Sent(MemoryRegion link) => Ring(link, 3);

    private static Span<ulong> Ring(MemoryRegion link, int number) => link.LongWords.Slice(number * FrameRing.Places, FrameRing.Places);
}
