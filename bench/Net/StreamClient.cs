using System.Net;
using System.Net.Sockets;

namespace Atoll.Bench.Net;

/// <summary>Sends bytes over one connection to a program that sends them back, and waits for them.</summary>
public sealed class StreamClient : IDisposable
{
    private readonly TcpClient _client = new() { NoDelay = true };
    private readonly byte[] _bytes;

    /// <summary>Connects.</summary>
    /// <param name="port">The host's port that leads to the program.</param>
    /// <param name="bytes">Bytes of a round trip.</param>
    public StreamClient(int port, int bytes)
    {
        _bytes = new byte[bytes];
        _client.Connect(IPAddress.Loopback, port);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>Makes round trips, one after the other.</summary>
    public void Exchange(int count)
    {
        NetworkStream stream = _client.GetStream();
        for (int trip = 0; trip < count; trip++)
        {
            stream.Write(_bytes);
            stream.ReadExactly(_bytes);
        }
    }
}
