using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Atoll.Base;

namespace Atoll.Cap;

/// <summary>One place of the table of address spaces. Zeroed memory is a place that was never used.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public struct VSpaceEntry
{
    /// <summary>Number of the address space here, or of the next one that will be.</summary>
    public ulong Number;

    /// <summary>Window address of its level 4 table; while the place is free, one more than the index of the next free
    /// place.</summary>
    public ulong Table;
}

/// <summary>Numbers address spaces, so that what was mapped in one that is gone is never looked for in another.</summary>
/// <remarks>
/// A number is a place in this table and, above 16 bits, how often the place was given; no number is given twice in
/// the life of an instance (2^48 times each
/// place). A Frame or PageTable capability keeps the number of the address space that it was mapped in: when that ends,
/// one store makes all of them point nowhere, however many there are.
/// </remarks>
[NonCopyable]
public struct VSpaceTable
{
    private const int IndexBits = 16;
    private const ulong IndexMask = (1UL << IndexBits) - 1;

    private ulong _entries;
    private uint _capacity;
    private uint _used;
    private uint _live;
    private uint _firstFree;

    /// <summary>Address spaces that can still be made.</summary>
    public readonly uint Available => _capacity - _live;

    /// <summary>Begins with zeroed memory.</summary>
    /// <param name="memory">Window address of so many entries.</param>
    /// <param name="capacity">At most <see cref="Limits.VSpacesMax"/>.</param>
    public void Begin(ulong memory, uint capacity)
    {
        Check.That(capacity <= Limits.VSpacesMax && Bits.IsAligned(memory, 16));
        _entries = memory;
        _capacity = capacity;
    }

    /// <summary>The level 4 table of an address space; null when it is gone, or the number is 0.</summary>
    public readonly ObjectPointer<PageTable> Find(ulong number)
    {
        if (number == 0)
        {
            return default;
        }

        ref VSpaceEntry entry = ref At((uint)(number & IndexMask)).Value;
        return entry.Number == number ? new(entry.Table) : default;
    }

    /// <summary>Gives an address space a number. There is one <see cref="Available"/>.</summary>
    internal ulong Add(ObjectPointer<PageTable> table)
    {
        Check.That(Available != 0);
        _live++;
        uint index = _firstFree - 1;
        if (_firstFree == 0)
        {
            index = _used++;
            At(index).Value.Number = (1UL << IndexBits) | index;
        }
        else
        {
            _firstFree = (uint)At(index).Value.Table;
        }

        ref VSpaceEntry entry = ref At(index).Value;
        entry.Table = table.Address;
        return entry.Number;
    }

    /// <summary>Ends a number.</summary>
    internal void Remove(ulong number)
    {
        uint index = (uint)(number & IndexMask);
        ref VSpaceEntry entry = ref At(index).Value;
        Check.That(entry.Number == number);
        entry.Number += 1UL << IndexBits;
        entry.Table = _firstFree;
        _firstFree = index + 1;
        _live--;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ObjectPointer<VSpaceEntry> At(uint index)
    {
        Check.That(index < _capacity);
        return new(_entries + (index * 16UL));
    }
}
