using System;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Shell;

/// <summary><c>sockets</c>: what is open, whose it is, and what waits in it.</summary>
internal static class SocketList
{
    private const int PeerColumn = 22;
    private const int StateColumn = 13;
    private const int NameColumn = 15;

    internal static void Show(in Surroundings around)
    {
        if (!NetworkReport.IsThere(in around))
        {
            return;
        }

        bool isWide = around.IsWide;
        around.Print(isWide ? "      port  other end             state        received  to send  program\n"u8 : "      port  other end             state\n"u8);
        SocketLine line = default;
        while (TryNext(in around, ref line))
        {
            TextBuffer text = default;
            text.AddPadded(line.Sort == SocketSort.Datagrams ? "udp"u8 : "tcp"u8, 4);
            text.AddAligned(line.Port, 6);
            text.Add("  "u8);
            AddPeer(ref text, in line);
            text.AddPadded(line.Sort == SocketSort.Listener ? "listens"u8 : line.Sort == SocketSort.Datagrams ? "open"u8 : NameOf(line.State), StateColumn);
            if (isWide)
            {
                text.AddAligned(line.Received, 8);
                text.AddAligned(line.ToSend, 9);
                text.Add("  "u8);
                Programs.AddName(in around, line.Owner, ref text, line.Owner == 0 ? 0 : NameColumn);
            }

            text.Add("\n"u8);
            around.Print(in text);
        }
    }

    /// <summary>How many connections there are.</summary>
    internal static ulong CountConnections(in Surroundings around)
    {
        ulong count = 0;
        SocketLine line = default;
        while (TryNext(in around, ref line))
        {
            count += line.Sort == SocketSort.Connection ? 1u : 0;
        }

        return count;
    }

    private static bool TryNext(in Surroundings around, ref SocketLine line)
    {
        CallResult told = around.Network.Describe(
            line.Next,
            out uint place,
            out line.Owner,
            out line.Sort,
            out line.State,
            out line.Port,
            out line.Address,
            out line.Peer,
            out line.Received,
            out line.ToSend,
            out SocketAnswer answer);
        line.Next = told == CallResult.Ok ? place + 1 : line.Next;
        if (told != CallResult.Ok || answer is not (SocketAnswer.Done or SocketAnswer.BadSocket))
        {
            around.Print("the stack does not answer\n"u8);
        }

        return told == CallResult.Ok && answer == SocketAnswer.Done;
    }

    private static void AddPeer(ref TextBuffer text, ref readonly SocketLine line)
    {
        int begun = text.Length;
        if (line.Sort == SocketSort.Connection)
        {
            AddressText.Add(ref text, line.Address);
            text.Add(":"u8);
            text.Add(line.Peer);
        }

        text.AddPadded(default, PeerColumn - (text.Length - begun));
    }

    // As the RFC calls them.
    private static ReadOnlySpan<byte> NameOf(ConnectionState state) => state switch
    {
        ConnectionState.Closed => "CLOSED"u8,
        ConnectionState.SynSent => "SYN-SENT"u8,
        ConnectionState.SynReceived => "SYN-RECEIVED"u8,
        ConnectionState.Established => "ESTABLISHED"u8,
        ConnectionState.FinWait1 => "FIN-WAIT-1"u8,
        ConnectionState.FinWait2 => "FIN-WAIT-2"u8,
        ConnectionState.CloseWait => "CLOSE-WAIT"u8,
        ConnectionState.Closing => "CLOSING"u8,
        ConnectionState.LastAck => "LAST-ACK"u8,
        ConnectionState.TimeWait => "TIME-WAIT"u8,
        _ => default,
    };

    private struct SocketLine
    {
        internal uint Next;
        internal ulong Owner;
        internal SocketSort Sort;
        internal ConnectionState State;
        internal ushort Port;
        internal uint Address;
        internal ushort Peer;
        internal uint Received;
        internal uint ToSend;
    }
}
