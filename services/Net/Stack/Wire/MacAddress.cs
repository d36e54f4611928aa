using System;

namespace Atoll.Services.Net.Stack;

/// <summary>An Ethernet address. 8 bytes, 6 of them used.</summary>
/// <param name="value">The address, first octet highest; 48 bits.</param>
public readonly struct MacAddress(ulong value)
{
    /// <summary>The address, first octet highest; 48 bits.</summary>
    public readonly ulong Value = value;

    /// <summary>FF:FF:FF:FF:FF:FF.</summary>
    public static MacAddress Broadcast => new(0xFFFF_FFFF_FFFF);

    /// <summary>Whether it names a group, broadcast included.</summary>
    public bool IsGroup => ((Value >> 40) & 1) != 0;

    /// <summary>Whether both are the same address.</summary>
    public bool Is(MacAddress other) => Value == other.Value;

    internal static MacAddress Read(ReadOnlySpan<byte> from, int offset) =>
        new(((ulong)BigEndian.ReadUInt16(from, offset) << 32) | BigEndian.ReadUInt32(from, offset + 2));

    internal void Write(Span<byte> to, int offset)
    {
        BigEndian.WriteUInt16(to, offset, (int)(Value >> 32));
        BigEndian.WriteUInt32(to, offset + 2, (uint)Value);
    }
}
