namespace Atoll.Services.Net.Stack;

/// <summary>An IPv4 address. 4 bytes.</summary>
/// <param name="value">The address, first octet highest.</param>
public readonly struct Ipv4Address(uint value)
{
    /// <summary>The address, first octet highest.</summary>
    public readonly uint Value = value;

    /// <summary>An address from its octets.</summary>
    public static Ipv4Address Of(byte first, byte second, byte third, byte fourth) =>
        new(((uint)first << 24) | ((uint)second << 16) | ((uint)third << 8) | fourth);

    /// <summary>0.0.0.0: none.</summary>
    public bool IsNone => Value == 0;

    /// <summary>255.255.255.255.</summary>
    public bool IsLimitedBroadcast => Value == 0xFFFF_FFFF;

    /// <summary>224.0.0.0/4.</summary>
    public bool IsMulticast => Value >> 28 == 0xE;

    /// <summary>Whether a host may have it: not 0/8, 127/8, multicast, reserved or broadcast (RFC 1122, "Addressing").</summary>
    public bool IsUnicast => Value >> 24 is not (0 or 127) && Value >> 28 < 0xE;

    /// <summary>Whether both are the same address.</summary>
    public bool Is(Ipv4Address other) => Value == other.Value;
}
