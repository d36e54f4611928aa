using System;

namespace Atoll.Services.Net.Stack;

/// <summary>Who a datagram is from or to. 8 bytes.</summary>
public struct Endpoint
{
    /// <summary>The host.</summary>
    public Ipv4Address Address;

    /// <summary>The port.</summary>
    public ushort Port;
}

/// <summary>Datagrams in a ring of bytes: each is 8 bytes of address, port and length, then the payload.</summary>
internal struct DatagramRing
{
    /// <summary>Bytes before each payload.</summary>
    public const int HeaderBytes = 8;

    private int _start;
    private int _count;

    public readonly bool IsEmpty => _count == 0;

    /// <summary>Bytes of all that is in it, headers with them.</summary>
    public readonly int Count => _count;

    public readonly bool Fits(int ringBytes, int payloadBytes) => ringBytes - _count >= HeaderBytes + payloadBytes;

    /// <summary>Appends a datagram that <see cref="Fits"/>.</summary>
    public void Append(Span<byte> ring, Endpoint peer, ReadOnlySpan<byte> payload)
    {
        int start = (_start + _count) & (ring.Length - 1);
        if (start <= ring.Length - HeaderBytes)
        {
            WriteHeader(ring.Slice(start, HeaderBytes), peer, payload.Length);
        }
        else
        {
            DatagramHeader bytes = default;
            WriteHeader(bytes, peer, payload.Length);
            ByteRing.Write(ring, start, bytes);
        }

        ByteRing.Write(ring, start + HeaderBytes, payload);
        _count += HeaderBytes + payload.Length;
    }

    /// <summary>Looks at the oldest datagram.</summary>
    public readonly void Peek(ReadOnlySpan<byte> ring, out Endpoint peer, out int length)
    {
        if (_start <= ring.Length - HeaderBytes)
        {
            ReadHeader(ring.Slice(_start, HeaderBytes), out peer, out length);
            return;
        }

        DatagramHeader bytes = default;
        ByteRing.Read(ring, _start, bytes);
        ReadHeader(bytes, out peer, out length);
    }

    /// <summary>Reads what stands before a payload.</summary>
    public static void ReadHeader(ReadOnlySpan<byte> header, out Endpoint peer, out int length)
    {
        peer = new Endpoint { Address = new Ipv4Address(BigEndian.ReadUInt32(header, 0)), Port = BigEndian.ReadUInt16(header, 4) };
        length = BigEndian.ReadUInt16(header, 6);
    }

    /// <summary>Bytes of the oldest datagram, its header with them.</summary>
    public readonly int PeekWhole(ReadOnlySpan<byte> ring)
    {
        Peek(ring, out _, out int length);
        return HeaderBytes + length;
    }

    /// <summary>Copies the oldest datagram with its header, and drops it.</summary>
    /// <param name="ring">The ring.</param>
    /// <param name="to">As many bytes as <see cref="PeekWhole"/> has said.</param>
    public void TakeWhole(ReadOnlySpan<byte> ring, Span<byte> to)
    {
        ByteRing.Read(ring, _start, to);
        _start = (_start + to.Length) & (ring.Length - 1);
        _count -= to.Length;
    }

    /// <summary>Copies the oldest datagram's first bytes and drops it.</summary>
    public void Take(ReadOnlySpan<byte> ring, int length, Span<byte> to)
    {
        ByteRing.Read(ring, _start + HeaderBytes, to);
        _start = (_start + HeaderBytes + length) & (ring.Length - 1);
        _count -= HeaderBytes + length;
    }

    private static void WriteHeader(Span<byte> header, Endpoint peer, int payloadBytes)
    {
        BigEndian.WriteUInt32(header, 0, peer.Address.Value);
        BigEndian.WriteUInt16(header, 4, peer.Port);
        BigEndian.WriteUInt16(header, 6, payloadBytes);
    }

    [System.Runtime.CompilerServices.InlineArray(HeaderBytes)]
    private struct DatagramHeader
    {
        private byte _first;
    }
}
