using System.Numerics;
using Atoll.Cap;

namespace Atoll.Remote;

/// <summary>Records of calls that cross, at most 64: a bit of a word for each that is taken.</summary>
/// <typeparam name="T">One record. It keeps what it held when it was used last.</typeparam>
[PerCore]
[NonCopyable]
public struct CallTable<[AllowLinear] T>
    where T : unmanaged
{
    private ObjectArray<T> _records;

    /// <summary>Bits of those that are taken.</summary>
    public ulong Taken { get; private set; }

    /// <summary>How many there may be.</summary>
    public readonly uint Capacity => _records.Count;

    /// <summary>A record.</summary>
    public readonly ref T this[uint number] => ref _records[number];

    /// <summary>What a record begins with.</summary>
    public readonly ObjectPointer<TFirst> FirstOf<[AllowLinear] TFirst>(uint number)
        where TFirst : unmanaged => _records.FirstOf<TFirst>(number);

    /// <summary>Gives the table its memory, which need not be zeroed.</summary>
    public void Begin(ulong address, uint capacity) => _records.Begin(address, capacity);

    /// <summary>Whether a number is that of a record that is taken.</summary>
    /// <param name="number">Below 64.</param>
    public readonly bool Has(uint number) => ((Taken >> (int)number) & 1) != 0;

    /// <summary>Takes a record.</summary>
    [MustUse]
    public bool TryTake(out uint number)
    {
        number = (uint)BitOperations.TrailingZeroCount(~Taken);
        if (number >= _records.Count)
        {
            return false;
        }

        Taken |= 1UL << (int)number;
        return true;
    }

    /// <summary>Gives a record back.</summary>
    public void Free(uint number) => Taken &= ~(1UL << (int)number);

    /// <summary>Takes the lowest number out of a set of them.</summary>
    public static uint Next(ref ulong numbers)
    {
        uint number = (uint)BitOperations.TrailingZeroCount(numbers);
        numbers &= numbers - 1;
        return number;
    }
}
