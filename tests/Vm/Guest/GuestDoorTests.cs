using System.Net;
using System.Net.Sockets;
using Atoll.TestVm.Guest;

namespace Atoll.Vm.Tests.Guest;

/// <summary>Many that call at once are let in one after the other, and each hears what it should.</summary>
public sealed class GuestDoorTests
{
    private const int Callers = 40;

    /// <summary>A listener that takes no more than one while nobody accepts, as QEMU's.</summary>
    [Fact]
    public async Task Crowd_GoesThroughANarrowListener()
    {
        using var narrow = new TcpListener(IPAddress.Loopback, 0);
        narrow.Start(1);
        int port = ((IPEndPoint)narrow.LocalEndpoint).Port;
        int mostWaiting = 0;
        Task serving = Task.Run(async () =>
        {
            for (int caller = 0; caller < Callers; caller++)
            {
                mostWaiting = int.Max(mostWaiting, GuestDoor.CountWaiting(File.ReadLines("/proc/net/tcp"), port));
                using TcpClient client = await narrow.AcceptTcpClientAsync();
                byte[] question = new byte[1];
                await client.GetStream().ReadExactlyAsync(question);
                await client.GetStream().WriteAsync(question);
            }
        });
        using var door = new GuestDoor(port);
        byte[] answers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(number => Ask(door.Port, (byte)number)));
        await serving;
        Assert.Equal(Enumerable.Range(0, Callers).Select(number => (byte)number), answers);
        Assert.InRange(mostWaiting, 0, 1);
    }

    [Fact]
    public void ConnectionsThatWait_AreReadFromTheTable()
    {
        string[] table =
        [
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
            "   0: 0100007F:1F90 00000000:0000 0A 00000000:0000000B 00:00000000 00000000     0        0 1 1",
            "   1: 0100007F:1F90 0100007F:D431 01 00000000:00000007 00:00000000 00000000     0        0 2 1",
            "   2: 0100007F:1F91 00000000:0000 0A 00000000:00000003 00:00000000 00000000     0        0 3 1",
        ];
        Assert.Equal((11, 3, 0), (GuestDoor.CountWaiting(table, 8080), GuestDoor.CountWaiting(table, 8081), GuestDoor.CountWaiting(table, 80)));
    }

    private static async Task<byte> Ask(int port, byte question)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await client.GetStream().WriteAsync(new[] { question });
        byte[] answer = new byte[1];
        await client.GetStream().ReadExactlyAsync(answer);
        return answer[0];
    }
}
