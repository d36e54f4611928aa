using Atoll.Base;

namespace Atoll.Cap;

/// <summary>What each record of a run begins with, for whoever does not know the rest of it.</summary>
/// <typeparam name="T">First field of the records.</typeparam>
public struct HeadArray<[AllowLinear] T>
    where T : unmanaged
{
    private ulong _address;
    private ulong _stride;
    private uint _count;

    /// <summary>Records.</summary>
    public readonly uint Count => _count;

    /// <summary>The beginning of a record.</summary>
    /// <param name="index">Below <see cref="Count"/>.</param>
    public readonly ref T this[uint index]
    {
        get
        {
            Check.That(index < _count);
            return ref new ObjectPointer<T>(_address + (index * _stride)).Value;
        }
    }

    /// <summary>Begins with records that stay where they are.</summary>
    /// <param name="address">Of the first.</param>
    /// <param name="stride">Bytes from one to the next.</param>
    /// <param name="count">Records.</param>
    public void Begin(ulong address, ulong stride, uint count)
    {
        _address = address;
        _stride = stride;
        _count = count;
    }
}
