using Atoll.Services.Lib;

namespace Atoll.Services.VirtioNet;

/// <summary>A set of buffers: a bit for each of the 128.</summary>
public struct BufferSet
{
    private const int HalfBits = 64;

    private ulong _low;
    private ulong _high;

    /// <summary>Whether a buffer is in it. One that there is not, is not.</summary>
    public readonly bool Has(uint buffer) => buffer < LinkPage.Buffers && ((buffer < HalfBits ? _low : _high) & Bit(buffer)) != 0;

    /// <summary>Puts a buffer in.</summary>
    /// <returns>False: there is no such buffer, or it was in.</returns>
    public bool TryAdd(uint buffer)
    {
        if (buffer >= LinkPage.Buffers || Has(buffer))
        {
            return false;
        }

        _low |= buffer < HalfBits ? Bit(buffer) : 0;
        _high |= buffer < HalfBits ? 0 : Bit(buffer);
        return true;
    }

    /// <summary>Takes a buffer out.</summary>
    public void Remove(uint buffer)
    {
        _low &= buffer < HalfBits ? ~Bit(buffer) : ~0UL;
        _high &= buffer < HalfBits ? ~0UL : ~Bit(buffer);
    }

    private static ulong Bit(uint buffer) => 1UL << (int)(buffer % HalfBits);
}
