using System.Runtime.CompilerServices;

namespace Atoll.Services.Net.Stack;

/// <summary>One datagram in pieces: which units of 8 bytes have come. About 300 bytes.</summary>
public struct Reassembly
{
    internal bool IsUsed;
    internal Ipv4Address Source;
    internal Ipv4Address Destination;
    internal ushort Identification;
    internal byte Protocol;

    /// <summary>Bytes of the whole payload; 0 until the last fragment has come.</summary>
    internal int TotalBytes;

    /// <summary>Units that have come.</summary>
    internal int UnitCount;

    /// <summary>One past the highest unit that has come.</summary>
    internal int UnitEnd;
    internal ulong Since;
    private UnitBits _units;

    private const int UnitsMax = StackLimits.DatagramBytes / 8;

    internal readonly bool Is(in Ipv4Header header) =>
        IsUsed
        && Identification == header.Identification
        && Protocol == header.Protocol
        && Source.Is(header.Source)
        && Destination.Is(header.Destination);

    internal readonly bool IsComplete => TotalBytes != 0 && UnitCount * 8 >= TotalBytes;

    internal readonly bool HasUnit(int unit) => (_units[unit >> 6] & (1UL << (unit & 63))) != 0;

    internal void AddUnit(int unit)
    {
        _units[unit >> 6] |= 1UL << (unit & 63);
        UnitCount++;
    }

    [InlineArray(UnitsMax / 64)]
    private struct UnitBits
    {
        private ulong _first;
    }
}
