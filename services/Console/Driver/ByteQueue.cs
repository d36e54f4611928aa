using System.Runtime.CompilerServices;

namespace Atoll.Services.Console;

/// <summary>Bytes on their way, first in, first out.</summary>
public struct ByteQueue
{
    private const uint Capacity = 256;

    private Bytes _bytes;
    private uint _added;
    private uint _taken;

    /// <summary>Whether nothing is in it.</summary>
    public readonly bool IsEmpty => _added == _taken;

    /// <summary>Whether there is no room.</summary>
    public readonly bool IsFull => _added - _taken == Capacity;

    /// <summary>Adds a byte.</summary>
    /// <returns>False: there is no room.</returns>
    public bool TryAdd(byte value)
    {
        if (IsFull)
        {
            return false;
        }

        _bytes[(int)(_added++ % Capacity)] = value;
        return true;
    }

    /// <summary>Takes the oldest byte.</summary>
    /// <returns>False: there is none.</returns>
    public bool TryTake(out byte value)
    {
        if (IsEmpty)
        {
            value = 0;
            return false;
        }

        value = _bytes[(int)(_taken++ % Capacity)];
        return true;
    }

    [InlineArray((int)Capacity)]
    private struct Bytes
    {
        private byte _byte0;
    }
}
