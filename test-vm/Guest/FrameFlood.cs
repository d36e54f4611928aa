using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Atoll.TestVm.Guest;

/// <summary>A host on the guest's network that sends whole frames, as many as it likes, from addresses that nobody has.</summary>
/// <remarks>Formats: IEEE 802.3; RFC 791, "Internet Header Format"; RFC 768; RFC 9293, "Header Format".</remarks>
/// <param name="port">Where QEMU takes frames (<see cref="Machine.VmNetwork.FramePort"/>).</param>
/// <param name="target">The port that is flooded.</param>
public sealed class FrameFlood(int port, ushort target) : IDisposable
{
    private const int EthernetBytes = 14;
    private const int Ipv4Bytes = 20;
    private const int TransportAt = EthernetBytes + Ipv4Bytes;
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const int Batch = 64;

    // 10.0.2.100 to .199: on the guest's own network, so that it asks for each of them.
    private const uint FirstSource = 0x0A00_0264;
    private const uint Sources = 100;
    private const uint Guest = 0x0A00_020F;

    private long _sent;

    /// <summary>Frames that were sent so far.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>Sends frames at a rate until it is ended.</summary>
    /// <param name="frame">The frame of a number.</param>
    /// <param name="perSecond">How many.</param>
    /// <param name="end">Ends it.</param>
    public void Send(Func<uint, byte[]> frame, int perSecond, CancellationToken end)
    {
        _socket.Connect(IPAddress.Loopback, port);
        long start = Stopwatch.GetTimestamp();
        while (!end.IsCancellationRequested)
        {
            long due = (long)(Stopwatch.GetElapsedTime(start).TotalSeconds * perSecond);
            for (int batch = 0; batch < Batch && Sent < due; batch++)
            {
                _socket.Send(frame((uint)Sent));
                Interlocked.Increment(ref _sent);
            }

            if (Sent >= due)
            {
                Thread.Yield();
            }
        }
    }

    /// <summary>The first segment of a connection that is never continued.</summary>
    public byte[] Syn(uint number)
    {
        byte[] frame = Packet(number, Tcp, 20);
        Span<byte> segment = frame.AsSpan(TransportAt);
        BinaryPrimitives.WriteUInt32BigEndian(segment[4..], number * 2_654_435_761);
        segment[12] = 5 << 4;
        segment[13] = 0x02;
        BinaryPrimitives.WriteUInt16BigEndian(segment[14..], 0xFFFF);
        BinaryPrimitives.WriteUInt16BigEndian(segment[16..], TransportSum(frame, Tcp));
        return frame;
    }

    /// <summary>A datagram of one byte.</summary>
    public byte[] Datagram(uint number)
    {
        byte[] frame = Packet(number, Udp, 9);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(TransportAt + 4), 9);
        return frame;
    }

    private byte[] Packet(uint number, byte protocol, int bytes)
    {
        byte[] frame = new byte[TransportAt + bytes];
        byte[] ethernet = [0x52, 0x54, 0, 0x12, 0x34, 0x56, 2, 0, 0, 0, 0, 0x77, 0x08, 0x00];
        ethernet.CopyTo(frame, 0);
        Span<byte> header = frame.AsSpan(EthernetBytes, Ipv4Bytes);
        header[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)(Ipv4Bytes + bytes));
        header[8] = 64;
        header[9] = protocol;
        BinaryPrimitives.WriteUInt32BigEndian(header[12..], FirstSource + (number % Sources));
        BinaryPrimitives.WriteUInt32BigEndian(header[16..], Guest);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], Fold(Sum(header)));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(TransportAt), (ushort)(1024 + (number * 7919 % 60_000)));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(TransportAt + 2), target);
        return frame;
    }

    // RFC 9293, "Header Format": over a pseudo header of addresses, protocol and length as well.
    private static ushort TransportSum(byte[] frame, byte protocol) =>
        Fold(Sum(frame.AsSpan(EthernetBytes + 12, 8)) + protocol + (uint)(frame.Length - TransportAt) + Sum(frame.AsSpan(TransportAt)));

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int at = 0; at < bytes.Length; at += 2)
        {
            sum += (uint)((bytes[at] << 8) | (at + 1 < bytes.Length ? bytes[at + 1] : 0));
        }

        return sum;
    }

    private static ushort Fold(uint sum)
    {
        while (sum > 0xFFFF)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
