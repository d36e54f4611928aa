using System;
using System.Runtime.CompilerServices;
using Atoll.Services.Http.Engine;
using Atoll.Services.Lib;
using Atoll.Services.Lib.Sockets;

namespace Atoll.Services.Http;

/// <summary>The head of the program's own memory: what has a type. The buffers of connections follow it, and then what other cores have told.</summary>
internal struct HttpStore
{
    /// <summary>Most connections at once: what a client of the stack can have, less some that are about to be refused.</summary>
    internal const int Connections = 64;

    /// <summary>Most cores that are known: as many as the program's need has ends.</summary>
    internal const uint Cores = 16;

    private const int InputBytes = 8 * 1024;
    private const int OutputBytes = 8 * 1024;
    private const int AlignmentMask = 63;

    internal HttpState State;
    private ConnectionPlaces _connections;
    private SocketPlaces _sockets;

    /// <summary>Bytes that a region must have.</summary>
    internal static int BytesNeeded => (int)(FirstAgent + Cores) * ChannelInquiry.SizeBytes;

    private static int BuffersStart => (Unsafe.SizeOf<HttpStore>() + AlignmentMask) & ~AlignmentMask;

    private static int BuffersEnd => BuffersStart + (Connections * (InputBytes + OutputBytes));

    // Rows are counted from the region's beginning: the first that lies behind the buffers.
    private static uint FirstCore => (uint)((BuffersEnd + CoreInquiry.SizeBytes - 1) / CoreInquiry.SizeBytes);

    private static uint FirstAgent => (((FirstCore + Cores) * CoreInquiry.SizeBytes) + ChannelInquiry.SizeBytes - 1) / ChannelInquiry.SizeBytes;

    /// <summary>Place of the channel to the agent of a core.</summary>
    internal static uint AgentPlace(uint core) => FirstAgent + core;

    /// <summary>What is known of a core.</summary>
    /// <param name="region">As for a server.</param>
    /// <param name="core">Below <see cref="Cores"/>.</param>
    internal static ref CoreInquiry Core(MemoryRegion region, uint core) => ref region.Row<CoreInquiry>(FirstCore + core);

    /// <summary>The server in a region, at a time.</summary>
    /// <param name="region">Memory that nobody else has, of <see cref="BytesNeeded"/> at least.</param>
    /// <param name="now">Microseconds.</param>
    internal static HttpServer Server(MemoryRegion region, ulong now)
    {
        ref HttpStore store = ref region.As<HttpStore>();
        HttpPools pools = default;
        pools.Connections = store._connections;
        pools.InputBytesEach = InputBytes;
        pools.OutputBytesEach = OutputBytes;
        pools.InputBytes = region.Bytes.Slice(BuffersStart, Connections * InputBytes);
        pools.OutputBytes = region.Bytes.Slice(BuffersStart + (Connections * InputBytes), Connections * OutputBytes);
        return new HttpServer(ref store.State, pools, now);
    }

    /// <summary>How much and how long the server may.</summary>
    internal static HttpSettings Settings => HttpSettings.For(InputBytes);

    /// <summary>The socket of each connection.</summary>
    internal static Span<Socket> Sockets(MemoryRegion region) => region.As<HttpStore>()._sockets;

    [InlineArray(Connections)]
    private struct ConnectionPlaces
    {
        private HttpConnection _connection0;
    }

    [InlineArray(Connections)]
    private struct SocketPlaces
    {
        private Socket _socket0;
    }
}
