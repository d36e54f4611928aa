using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Atoll.TestVm.Guest;

/// <summary>A port of the host that leads to a forwarded one, for clients that call many at once.</summary>
/// <remarks>
/// For a forwarded port QEMU listens with a backlog of 1 (libslirp, <c>tcpx_listen</c>). Of many that call at once the host's kernel opens all connections at the callers' ends,
/// and drops most at QEMU's (counter <c>TcpExt ListenOverflows</c>): their callers have sent a request, and wait until handshake and request are sent again, which takes seconds up to
/// minutes, or for ever. So QEMU gets one after the other here, the next when it has accepted the one before.
/// </remarks>
public sealed class GuestDoor : IDisposable
{
    private const int Backlog = 512;
    private const string Connections = "/proc/net/tcp";
    private const string Listening = "0A";
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(1);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _forwarded;

    /// <summary>Opens it.</summary>
    /// <param name="forwarded">The host's port that leads to the guest.</param>
    public GuestDoor(int forwarded)
    {
        _forwarded = forwarded;
        _listener.Start(Backlog);
        _ = LetIn();
    }

    /// <summary>The port to call.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    /// <summary>Connections to a listening port of the host that nobody has accepted yet.</summary>
    /// <param name="table">Lines of the host's table. Of a listening socket the second queue counts connections (Linux, proc_net_tcp).</param>
    /// <param name="port">The port.</param>
    public static int CountWaiting(IEnumerable<string> table, int port)
    {
        string local = $":{port:X4}";
        string? queues = table.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(words => words.Length > 4 && words[1].EndsWith(local, StringComparison.Ordinal) && words[3] == Listening)?[4];
        return queues is null ? 0 : int.Parse(queues.Split(':')[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    private async Task LetIn()
    {
        try
        {
            while (true)
            {
                TcpClient caller = await _listener.AcceptTcpClientAsync(_end.Token);
                var guest = new TcpClient();
                await guest.ConnectAsync(IPAddress.Loopback, _forwarded, _end.Token);
                while (CountWaiting(File.ReadLines(Connections), _forwarded) > 0)
                {
                    await Task.Delay(s_look, _end.Token);
                }

                _ = Join(caller, guest);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The door is shut, or the machine is gone: who calls now is refused.
            _listener.Stop();
        }
    }

    private static async Task Join(TcpClient caller, TcpClient guest)
    {
        using (caller)
        using (guest)
        {
            await Task.WhenAll(Carry(caller.Client, guest.Client), Carry(guest.Client, caller.Client));
        }
    }

    // One that breaks off breaks the other off.
    private static async Task Carry(Socket from, Socket to)
    {
        byte[] bytes = new byte[16 * 1024];
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(bytes)) > 0)
            {
                for (int sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(bytes.AsMemory(sent, count - sent));
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            from.Close(0);
            to.Close(0);
        }
    }
}
