using System.Runtime.CompilerServices;
using Atoll.Services.Http;
using Atoll.Services.Http.Engine;
using Atoll.Services.Lib;

namespace Atoll.Http.Tests.Site;

/// <summary>What lies in the program's store.</summary>
public sealed class StoreTests
{
    // services/Http/program.toml: need "store".
    private const int StoreBytes = 1344 * 1024;

    [Fact]
    public void Rows_AreAsLongAsTheySay() => Assert.Equal(CoreInquiry.SizeBytes, Unsafe.SizeOf<CoreInquiry>());

    [Fact]
    public void Store_HasRoomForAll() => Assert.InRange(HttpStore.BytesNeeded, CoreInquiry.SizeBytes * (int)HttpStore.Cores, StoreBytes);

    /// <summary>What other cores tell is written beside the buffers of connections, and not over them.</summary>
    [Fact]
    public void Cores_LieBehindTheBuffers()
    {
        MemoryRegion region = HostRegion.Make(StoreBytes);
        HttpServer server = HttpStore.Server(region, 0);
        Assert.Equal(HttpSetup.Ready, server.Begin(HttpStore.Settings));
        int connection = HttpServer.None;
        for (int place = 0; place < HttpStore.Connections; place++)
        {
            connection = server.Open();
        }

        server.Room(connection).Fill(0xA5);
        Unsafe.InitBlock(ref Unsafe.As<CoreInquiry, byte>(ref HttpStore.Core(region, 0)), 0, CoreInquiry.SizeBytes);
        Assert.Equal(-1, server.Room(connection).IndexOfAnyExcept((byte)0xA5));
        Assert.Equal(HttpServer.None, server.Open());
    }
}
