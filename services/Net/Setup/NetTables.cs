using System;
using System.Runtime.CompilerServices;
using Atoll.Services.Lib;
using Atoll.Services.Net.Stack;

namespace Atoll.Services.Net;

/// <summary>How much of everything the stack has.</summary>
internal static class NetSize
{
    internal const int Connections = 96;
    internal const int Listeners = 16;
    internal const int UdpSockets = 16;
    internal const int Sockets = Connections + Listeners + UdpSockets;

    /// <summary>Words with a bit for each socket. No place is marked that is not a socket's.</summary>
    internal const int SocketMarks = (Sockets + 63) / 64;
    internal const int FlowBuckets = 128;
    internal const int Reassemblies = 8;
    internal const int TcpBufferBytes = 16 * 1024;
    internal const int UdpBufferBytes = 8 * 1024;
    internal const int ConnectionBytes = 2 * Connections * TcpBufferBytes;
    internal const int UdpBytes = 2 * UdpSockets * UdpBufferBytes;
}

/// <summary>The head of the region of the stack's own memory: what has a type. Buffers follow it.</summary>
public struct NetTables
{
    /// <summary>Programs with sockets.</summary>
    public ClientTable Clients;
    internal StackState State;
    internal SocketTable Sockets;
    internal FrameCopy Frame;
    internal ConnectionPlaces Connections;
    internal ListenerPlaces Listeners;
    internal UdpPlaces UdpSockets;
    internal ReassemblyPlaces Reassemblies;
    internal FlowHeads FlowBuckets;
    internal TimerPlaces Timers;
    internal ReadyPlaces Ready;
    internal EventPlaces Events;

    /// <summary>The stack in a region, at a time.</summary>
    /// <param name="region">Memory that nobody else has.</param>
    /// <param name="now">Microseconds.</param>
    public static NetStack Stack(MemoryRegion region, ulong now)
    {
        ref NetTables tables = ref region.As<NetTables>();
        int at = (Unsafe.SizeOf<NetTables>() + AlignmentMask) & ~AlignmentMask;
        StackPools pools = default;
        pools.Connections = tables.Connections;
        pools.Listeners = tables.Listeners;
        pools.UdpSockets = tables.UdpSockets;
        pools.Reassemblies = tables.Reassemblies;
        pools.FlowBuckets = tables.FlowBuckets;
        pools.Timers = tables.Timers;
        pools.ReadyQueue = tables.Ready;
        pools.EventQueue = tables.Events;
        pools.ConnectionBytes = Next(region, ref at, NetSize.ConnectionBytes);
        pools.UdpBytes = Next(region, ref at, NetSize.UdpBytes);
        pools.ReassemblyBytes = Next(region, ref at, NetSize.Reassemblies * NetStack.ReassemblyBytesEach);
        pools.ReplyBytes = Next(region, ref at, NetStack.ReplyPoolBytes);
        return new NetStack(ref tables.State, pools, now);
    }

    /// <summary>Bytes that a connection takes: its state, its buffers, and its places in queues and tables.</summary>
    internal static int ConnectionBytesEach => (2 * NetSize.TcpBufferBytes) + Unsafe.SizeOf<TcpConnection>() + (2 * sizeof(ushort)) + (2 * sizeof(uint));

    private const int AlignmentMask = 63;

    private static Span<byte> Next(MemoryRegion region, scoped ref int at, int bytes)
    {
        int from = at;
        at += bytes;
        return region.Bytes.Slice(from, bytes);
    }
}

/// <summary>A frame that came, out of the reach of the device that wrote it.</summary>
[InlineArray(LinkPage.FrameBytesMax)]
internal struct FrameCopy
{
    private byte _byte0;
}

/// <summary>Connections.</summary>
[InlineArray(NetSize.Connections)]
internal struct ConnectionPlaces
{
    private TcpConnection _connection0;
}

/// <summary>Listeners.</summary>
[InlineArray(NetSize.Listeners)]
internal struct ListenerPlaces
{
    private TcpListener _listener0;
}

/// <summary>UDP sockets.</summary>
[InlineArray(NetSize.UdpSockets)]
internal struct UdpPlaces
{
    private UdpSocket _socket0;
}

/// <summary>Datagrams in pieces.</summary>
[InlineArray(NetSize.Reassemblies)]
internal struct ReassemblyPlaces
{
    private Reassembly _reassembly0;
}

/// <summary>Heads of the table of flows.</summary>
[InlineArray(NetSize.FlowBuckets)]
internal struct FlowHeads
{
    private ushort _head0;
}

/// <summary>The heap of timers.</summary>
[InlineArray(NetSize.Connections)]
internal struct TimerPlaces
{
    private ushort _timer0;
}

/// <summary>Who has something to send.</summary>
[InlineArray(NetSize.Connections + NetSize.UdpSockets)]
internal struct ReadyPlaces
{
    private uint _place0;
}

/// <summary>To whom something happened.</summary>
[InlineArray(NetSize.Sockets)]
internal struct EventPlaces
{
    private uint _place0;
}
