using Atoll.Base;

namespace Atoll.Cap;

/// <summary>A run of equal records in the memory of the instance, outside of what programs can name.</summary>
/// <typeparam name="T">One record.</typeparam>
public struct ObjectArray<[AllowLinear] T>
    where T : unmanaged
{
    private ulong _address;
    private uint _count;

    /// <summary>Records.</summary>
    public readonly uint Count => _count;

    /// <summary>A record.</summary>
    /// <param name="index">Below <see cref="Count"/>.</param>
    public readonly ref T this[uint index]
    {
        get
        {
            Check.That(index < _count);
            return ref new ObjectPointer<T>(_address + (index * ObjectPointer<T>.SizeBytes)).Value;
        }
    }

    /// <summary>What a record begins with, as an object of its own.</summary>
    /// <typeparam name="TFirst">Its first field.</typeparam>
    /// <param name="index">Below <see cref="Count"/>.</param>
    public readonly ObjectPointer<TFirst> FirstOf<[AllowLinear] TFirst>(uint index)
        where TFirst : unmanaged
    {
        Check.That(index < _count);
        return new(_address + (index * ObjectPointer<T>.SizeBytes));
    }

    /// <summary>Begins with zeroed memory that is used for nothing else.</summary>
    /// <param name="address">In the window, aligned for the record.</param>
    /// <param name="count">Records that fit there.</param>
    public void Begin(ulong address, uint count)
    {
        _address = address;
        _count = count;
    }
}
