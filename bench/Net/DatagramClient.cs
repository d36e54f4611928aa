using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Atoll.Bench.Net;

/// <summary>Sends datagrams to a program that sends them back.</summary>
public sealed class DatagramClient : IDisposable
{
    private const int BufferBytes = 4 << 20;
    private const int Patience = 1000;
    private const int LongPatience = 20_000;
    private const int LossesMax = 10;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly byte[] _sent;
    private readonly byte[] _received = new byte[2048];

    /// <summary>A client.</summary>
    /// <param name="port">The host's port that leads to the program.</param>
    /// <param name="bytes">Bytes of a datagram.</param>
    public DatagramClient(int port, int bytes)
    {
        _sent = new byte[bytes];
        _socket.ReceiveTimeout = Patience;
        _socket.ReceiveBufferSize = BufferBytes;
        _socket.Connect(IPAddress.Loopback, port);
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>Asks until the machine has an address and answers.</summary>
    /// <exception cref="BenchmarkException">It does not.</exception>
    public void Begin()
    {
        long start = Stopwatch.GetTimestamp();
        while (!TryExchange())
        {
            if (Stopwatch.GetElapsedTime(start) > s_patience)
            {
                throw new BenchmarkException("no datagram comes back");
            }
        }

        Drain();
    }

    /// <summary>Sends datagrams, so many under way at once, until so many have come back. What is lost is sent again.</summary>
    /// <exception cref="BenchmarkException">Nothing comes back any more.</exception>
    public void Exchange(int count, int window)
    {
        // What is slow must not count as lost, or some is sent twice.
        _socket.ReceiveTimeout = LongPatience;
        int underWay = 0;
        int losses = 0;
        for (int back = 0; back < count;)
        {
            for (; underWay < window && underWay < count - back; underWay++)
            {
                _socket.Send(_sent);
            }

            if (TryReceive())
            {
                back++;
                underWay--;
            }
            else if (losses++ < LossesMax)
            {
                underWay = 0;
            }
            else
            {
                throw new BenchmarkException($"of {count} datagrams {back} came back, and then none");
            }
        }

        _socket.ReceiveTimeout = Patience;
    }

    /// <summary>Keeps so many under way for a time. What is lost is sent again.</summary>
    /// <returns>How many came back in a second.</returns>
    public double ClosedLoop(int window, TimeSpan time)
    {
        Drain();
        int underWay = 0;
        long back = 0;
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            for (; underWay < window; underWay++)
            {
                _socket.Send(_sent);
            }

            if (TryReceive())
            {
                back++;
                underWay--;
            }
            else
            {
                underWay = 0;
            }
        }

        return back / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Sends at a rate, whatever comes back.</summary>
    /// <returns>How many came back in a second.</returns>
    public double OpenLoop(double perSecond, TimeSpan time)
    {
        Drain();
        long sent = 0;
        long back = 0;
        long start = Stopwatch.GetTimestamp();
        for (TimeSpan passed = default; passed < time; passed = Stopwatch.GetElapsedTime(start))
        {
            for (; sent < perSecond * passed.TotalSeconds; sent++)
            {
                _socket.Send(_sent);
            }

            while (_socket.Available > 0)
            {
                back += TryReceive() ? 1 : 0;
            }
        }

        return back / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private bool TryExchange()
    {
        _socket.Send(_sent);
        return TryReceive();
    }

    private bool TryReceive()
    {
        try
        {
            return _socket.Receive(_received) == _sent.Length;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // Until nothing comes any more.
    private void Drain()
    {
        while (TryReceive())
        {
        }
    }
}
