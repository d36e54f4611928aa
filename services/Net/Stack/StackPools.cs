using System;

namespace Atoll.Services.Net.Stack;

/// <summary>The memory that a stack works in. It never asks for more: what does not fit is refused and counted.</summary>
/// <remarks>Sizes are checked once, by <see cref="NetStack.Begin"/>. All of it belongs to the stack alone.</remarks>
public ref struct StackPools
{
    /// <summary>Places for connections, at most 65534.</summary>
    public Span<TcpConnection> Connections;

    /// <summary>Two buffers for each connection.</summary>
    public Span<byte> ConnectionBytes;

    /// <summary>Places for listeners.</summary>
    public Span<TcpListener> Listeners;

    /// <summary>Places for UDP sockets.</summary>
    public Span<UdpSocket> UdpSockets;

    /// <summary>Two buffers for each UDP socket.</summary>
    public Span<byte> UdpBytes;

    /// <summary>Heads of the table of flows: a power of two, best not below the number of connections.</summary>
    public Span<ushort> FlowBuckets;

    /// <summary>The heap of timers: one for each connection.</summary>
    public Span<ushort> Timers;

    /// <summary>The queue of who has something to send: one for each connection and UDP socket.</summary>
    public Span<uint> ReadyQueue;

    /// <summary>The queue of events: one for each connection, listener and UDP socket.</summary>
    public Span<uint> EventQueue;

    /// <summary>Places for datagrams in pieces.</summary>
    public Span<Reassembly> Reassemblies;

    /// <summary>16 KiB for each of them.</summary>
    public Span<byte> ReassemblyBytes;

    /// <summary>Frames that wait to be sent without a connection: 32 of 1514 bytes.</summary>
    public Span<byte> ReplyBytes;
}
