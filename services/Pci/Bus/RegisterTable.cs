using System.Runtime.CompilerServices;

namespace Atoll.Services.Pci;

/// <summary>What a base address register decodes.</summary>
public struct BaseAddress
{
    /// <summary>Physical address.</summary>
    public ulong Address;

    /// <summary>log2 of its bytes: a page at least.</summary>
    public byte SizeBits;

    /// <summary>Position of the function.</summary>
    public byte Function;

    /// <summary>Number of the base address register.</summary>
    public byte Bar;

    /// <summary>Whether the memory there is in custody, and can be given.</summary>
    public bool IsKept;
}

/// <summary>The registers of all functions that are a page at least, lowest address first.</summary>
public struct RegisterTable
{
    /// <summary>Most that are kept.</summary>
    public const uint Most = 15;

    /// <summary>Stands for none.</summary>
    public const uint None = Most;

    private Entries _entries;

    /// <summary>How many there are.</summary>
    public uint Count { get; private set; }

    /// <summary>Those that found no room.</summary>
    public uint Dropped { get; private set; }

    /// <summary>An entry.</summary>
    public static ref BaseAddress At(ref RegisterTable table, uint index) => ref table._entries[(int)index];

    /// <summary>Adds one at its place.</summary>
    public void Add(in BaseAddress added)
    {
        if (Count == Most)
        {
            Dropped++;
            return;
        }

        uint at = Count++;
        while (at > 0 && _entries[(int)at - 1].Address > added.Address)
        {
            _entries[(int)at] = _entries[(int)at - 1];
            at--;
        }

        _entries[(int)at] = added;
    }

    /// <summary>Finds the registers behind a base address register.</summary>
    /// <returns><see cref="None"/>: there are none that can be given.</returns>
    public readonly uint Find(uint function, uint bar)
    {
        for (uint index = 0; index < Count; index++)
        {
            ref readonly BaseAddress entry = ref _entries[(int)index];
            if (entry.Function == function && entry.Bar == bar && entry.IsKept)
            {
                return index;
            }
        }

        return None;
    }

    [InlineArray((int)Most)]
    private struct Entries
    {
        private BaseAddress _entry0;
    }
}
