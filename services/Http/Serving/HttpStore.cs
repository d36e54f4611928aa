using System;
using System.Runtime.CompilerServices;
using Atoll.Services.Http.Engine;
using Atoll.Services.Lib;
using Atoll.Services.Lib.Sockets;

namespace Atoll.Services.Http;

/// <summary>The head of the program's own memory: what has a type. The buffers of connections follow it.</summary>
internal struct HttpStore
{
    /// <summary>Most connections at once: what a client of the stack can have, less some that are about to be refused.</summary>
    internal const int Connections = 64;

    private const int InputBytes = 8 * 1024;
    private const int OutputBytes = 8 * 1024;
    private const int AlignmentMask = 63;

    internal HttpState State;
    private ConnectionPlaces _connections;
    private SocketPlaces _sockets;

    /// <summary>Bytes that a region must have.</summary>
    internal static int BytesNeeded => BuffersStart + (Connections * (InputBytes + OutputBytes));

    private static int BuffersStart => (Unsafe.SizeOf<HttpStore>() + AlignmentMask) & ~AlignmentMask;

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
