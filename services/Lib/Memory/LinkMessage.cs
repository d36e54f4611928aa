using System;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>What a driver and a stack tell each other over their channel, beside frames (<see cref="LinkPage"/>). All of it is an allegation.</summary>
public static class LinkMessage
{
    /// <summary>Driver: begin. The frames of the link were given before: of what comes, then with rings. Word 0: the device's Ethernet address, first octet highest; word 1: share; word 2: shares.</summary>
    public const uint Welcome = 1;

    /// <summary>Driver: an ARP reply came, which the stack with share 0 has as a frame. The payload is its first <see cref="NeighborBytes"/> bytes.</summary>
    public const uint Neighbor = 2;

    /// <summary>Stack with share 0, and then driver to the others: the machine's address. Word 0: address, and above it the mask; word 1: router, and above it the name server.</summary>
    public const uint Address = 3;

    /// <summary>Bytes of an ARP packet for IPv4 in an Ethernet frame. Source: RFC 826, "Packet format".</summary>
    public const int NeighborBytes = 42;

    private const int HalfBits = 32;
    private const int WordBytes = sizeof(ulong);

    /// <summary>A message.</summary>
    public static RingMessage Of(uint meta, ulong word0, ulong word1 = 0, ulong word2 = 0)
    {
        RingMessage message = default;
        message.Meta = meta;
        message.Payload.Word0 = word0;
        message.Payload.Word1 = word1;
        message.Payload.Word2 = word2;
        return message;
    }

    /// <summary>Two numbers in a word.</summary>
    public static ulong Pair(uint low, uint high) => low | ((ulong)high << HalfBits);

    /// <summary>The upper number of a word.</summary>
    public static uint High(ulong pair) => (uint)(pair >> HalfBits);

    /// <summary>An ARP reply as a message.</summary>
    /// <param name="frame">At least <see cref="NeighborBytes"/>.</param>
    public static RingMessage NeighborOf(ReadOnlySpan<byte> frame)
    {
        RingMessage message = Of(Neighbor, Pack(frame, 0), Pack(frame, 1), Pack(frame, 2));
        message.Payload.Word3 = Pack(frame, 3);
        message.Payload.Word4 = Pack(frame, 4);
        message.Payload.Word5 = Pack(frame, 5);
        return message;
    }

    /// <summary>The frame of such a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="frame">Takes <see cref="NeighborBytes"/>.</param>
    public static void Unpack(ref readonly RingMessage message, Span<byte> frame)
    {
        Unpack(message.Payload.Word0, frame, 0);
        Unpack(message.Payload.Word1, frame, 1);
        Unpack(message.Payload.Word2, frame, 2);
        Unpack(message.Payload.Word3, frame, 3);
        Unpack(message.Payload.Word4, frame, 4);
        Unpack(message.Payload.Word5, frame, 5);
    }

    private static ulong Pack(ReadOnlySpan<byte> frame, int word)
    {
        ulong packed = 0;
        for (int at = 0; at < WordBytes && (word * WordBytes) + at < NeighborBytes; at++)
        {
            packed |= (ulong)frame[(word * WordBytes) + at] << (8 * at);
        }

        return packed;
    }

    private static void Unpack(ulong packed, Span<byte> frame, int word)
    {
        for (int at = 0; at < WordBytes && (word * WordBytes) + at < NeighborBytes; at++)
        {
            frame[(word * WordBytes) + at] = (byte)(packed >> (8 * at));
        }
    }
}
