using System;
using Atoll.Services.Protocols;

namespace Atoll.Services.Lib.Sockets;

/// <summary>What stands before a datagram: address (4 bytes), port (2), length (2), highest byte first.</summary>
internal static class DatagramHeader
{
    private const int PortAt = 4;
    private const int LengthAt = 6;

    /// <summary>Writes it.</summary>
    internal static void Write(Span<byte> to, RemotePort peer, int length)
    {
        for (int octet = 0; octet < PortAt; octet++)
        {
            to[octet] = (byte)(peer.Address >> (8 * (PortAt - 1 - octet)));
        }

        to[PortAt] = (byte)(peer.Port >> 8);
        to[PortAt + 1] = (byte)peer.Port;
        to[LengthAt] = (byte)(length >> 8);
        to[LengthAt + 1] = (byte)length;
    }

    /// <summary>Reads it. Somebody else may write there meanwhile.</summary>
    /// <param name="batch">A datagram, and others behind it.</param>
    /// <param name="peer">Whose it is.</param>
    /// <returns>Its length, never more than there is.</returns>
    internal static int Read(ReadOnlySpan<byte> batch, out RemotePort peer)
    {
        uint address = ((uint)batch[0] << 24) | ((uint)batch[1] << 16) | ((uint)batch[2] << 8) | batch[3];
        peer = new RemotePort(address, (ushort)((batch[PortAt] << 8) | batch[PortAt + 1]));
        int length = LengthOf(batch);
        int most = batch.Length - SocketArea.HeaderBytes;
        return length < most ? length : most;
    }

    /// <summary>How many bytes whole datagrams have, of those that lie one behind the other.</summary>
    /// <param name="batch">The datagrams.</param>
    /// <param name="most">Not more than this.</param>
    internal static int Whole(ReadOnlySpan<byte> batch, int most)
    {
        int limit = most < batch.Length ? most : batch.Length;
        int whole = 0;
        while (limit - whole >= SocketArea.HeaderBytes)
        {
            int next = whole + SocketArea.HeaderBytes + LengthOf(batch.Slice(whole, SocketArea.HeaderBytes));
            if (next > limit)
            {
                break;
            }

            whole = next;
        }

        return whole;
    }

    private static int LengthOf(ReadOnlySpan<byte> header) => (header[LengthAt] << 8) | header[LengthAt + 1];
}
