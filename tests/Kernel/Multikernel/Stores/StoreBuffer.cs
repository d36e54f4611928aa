using System.Threading;

namespace Atoll.Kernel.Tests.Multikernel.Stores;

/// <summary>The store buffer of a simulated core: what the core has stored and nobody else sees yet, in the order in which it was stored.</summary>
/// <remarks>
/// As x86-TSO has it (Sewell et al., "x86-TSO", CACM 2010): the oldest store reaches memory at any moment; the core itself sees its newest; a fence waits until the buffer is empty.
/// Only what goes through <see cref="BufferedMemory"/> is buffered: rings and wake words.
/// </remarks>
internal sealed unsafe class StoreBuffer
{
    // Processors have some ten of them; whoever stores more waits for the oldest.
    private const int StoresMost = 56;

    /// <summary>That of the core whose code runs on this thread; null: nobody's does.</summary>
    [field: ThreadStatic]
    public static StoreBuffer? Running { get; set; }

    private readonly LinkedList<(nint Address, int Bytes, ulong Value)> _stores = [];

    /// <summary>Whether others see all that was stored.</summary>
    public bool IsEmpty => _stores.Count == 0;

    /// <summary>Stores.</summary>
    /// <param name="address">Naturally aligned.</param>
    /// <param name="bytes">4 or 8.</param>
    /// <param name="value">What.</param>
    public void Store(void* address, int bytes, ulong value)
    {
        if (_stores.Count == StoresMost)
        {
            DrainOne();
        }

        _stores.AddLast(((nint)address, bytes, value));
    }

    /// <summary>What the core sees: its newest store to each byte, over memory.</summary>
    /// <param name="address">Naturally aligned.</param>
    /// <param name="bytes">4 or 8.</param>
    public ulong Load(void* address, int bytes)
    {
        ulong value = bytes == 8 ? Volatile.Read(ref *(ulong*)address) : Volatile.Read(ref *(uint*)address);
        foreach ((nint at, int stored, ulong what) in _stores)
        {
            long offset = at - (nint)address;
            if (offset == 0 && stored >= bytes)
            {
                value = bytes == 8 ? what : (uint)what;
            }
            else if (offset is 0 or 4 && offset < bytes && stored == 4)
            {
                int shift = (int)offset * 8;
                value = (value & ~(0xFFFF_FFFFUL << shift)) | ((ulong)(uint)what << shift);
            }
            else if (offset == -4 && stored == 8)
            {
                value = what >> 32;
            }
        }

        return value;
    }

    /// <summary>Time passes: some of the oldest stores reach memory, or none.</summary>
    public void DrainSome(Random random)
    {
        if (!IsEmpty && random.Next(2) == 0)
        {
            Drain(random.Next(_stores.Count + 1));
        }
    }

    /// <summary>All of them do: a fence, or an instruction that waits for that.</summary>
    public void Drain() => Drain(int.MaxValue);

    private void Drain(int count)
    {
        for (; count > 0 && _stores.Count != 0; count--)
        {
            DrainOne();
        }
    }

    private void DrainOne()
    {
        (nint address, int bytes, ulong value) = _stores.First!.Value;
        _stores.RemoveFirst();
        if (bytes == 8)
        {
            Volatile.Write(ref *(ulong*)address, value);
        }
        else
        {
            Volatile.Write(ref *(uint*)address, (uint)value);
        }
    }
}
