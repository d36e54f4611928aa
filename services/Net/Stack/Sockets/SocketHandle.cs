namespace Atoll.Services.Net.Stack;

/// <summary>What a handle names.</summary>
public enum SocketKind : byte
{
    /// <summary>Nothing: the default handle.</summary>
    None,

    /// <summary>A <see cref="TcpListener"/>.</summary>
    Listener,

    /// <summary>A <see cref="TcpConnection"/>.</summary>
    Connection,

    /// <summary>A <see cref="UdpSocket"/>.</summary>
    Udp,
}

/// <summary>Names a socket for as long as it is open: 2 bits of kind, 14 of generation, 16 of place. 4 bytes.</summary>
/// <remarks>A handle of a closed socket is refused, until its place was used 16384 times more.</remarks>
/// <param name="value">The bits; from outside, an allegation.</param>
public readonly struct SocketHandle(uint value)
{
    internal const int GenerationMask = 0x3FFF;

    /// <summary>The bits, to be sent or stored.</summary>
    public readonly uint Value = value;

    /// <summary>What it claims to name.</summary>
    public SocketKind Kind => (SocketKind)(Value >> 30);

    internal int Index => (int)(Value & 0xFFFF);

    internal int Generation => (int)(Value >> 16) & GenerationMask;

    internal static SocketHandle Of(SocketKind kind, int index, int generation) =>
        new(((uint)kind << 30) | ((uint)(generation & GenerationMask) << 16) | (uint)index);
}
