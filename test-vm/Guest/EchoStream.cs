using System.Diagnostics;
using System.Net.Sockets;
using Atoll.TestVm.Scenarios;

namespace Atoll.TestVm.Guest;

/// <summary>
/// Bytes that flow without a pause over one connection, to a program that sends them back: as many are under way as there is room for.
/// Each byte follows from its place, so that one that is lost, doubled or out of order is seen where it comes back.
/// </summary>
public sealed class EchoStream : IDisposable
{
    // Only what never comes is a failure.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private const int ChunkBytes = 8 * 1024;

    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private readonly Socket _socket;
    private readonly ulong _seed;
    private readonly Task _sending;
    private readonly Task _receiving;
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _progress = new(initialState: false);
    private volatile bool _isEnding;
    private long _sent;
    private long _received;
    private string? _failure;

    /// <summary>Begins to stream.</summary>
    /// <param name="client">A connection that is open. The stream ends it.</param>
    /// <param name="seed">Which bytes.</param>
    public EchoStream(TcpClient client, ulong seed)
    {
        _client = client;
        _client.SendTimeout = (int)s_patience.TotalMilliseconds;
        _client.ReceiveTimeout = (int)s_patience.TotalMilliseconds;
        _stream = client.GetStream();

        // Whoever disposes of the client takes its socket out of it, which may be while the last is sent.
        _socket = client.Client;
        _seed = seed;
        _sending = Task.Factory.StartNew(Send, TaskCreationOptions.LongRunning);
        _receiving = Task.Factory.StartNew(Receive, TaskCreationOptions.LongRunning);
    }

    /// <summary>Bytes that have come back, each as it was.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Bytes that were sent and have not come back yet: on the way, or in a buffer of either host.</summary>
    public long UnderWay => Interlocked.Read(ref _sent) - Received;

    /// <summary>The byte at a place of a stream (splitmix64's finalizer, so that neighbours do not follow from each other).</summary>
    public static byte At(ulong seed, long place)
    {
        ulong word = seed + ((ulong)place * 0x9E3779B97F4A7C15);
        word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9;
        word = (word ^ (word >> 27)) * 0x94D049BB133111EB;
        return (byte)(word ^ (word >> 31));
    }

    /// <summary>Waits until more has come back.</summary>
    /// <param name="expect">What is unmet when it does not.</param>
    /// <param name="bytes">How much more than now.</param>
    /// <param name="when">When that was, in words.</param>
    public bool Advances(Expectations expect, long bytes, string when)
    {
        long aim = Received + bytes;
        long start = Stopwatch.GetTimestamp();
        while (Received < aim && Failure is null && Stopwatch.GetElapsedTime(start) < s_patience)
        {
            _progress.WaitOne(TimeSpan.FromSeconds(1));
        }

        return expect.That(
            Received >= aim,
            $"TCP, {when}: {Received} bytes came back, {UnderWay} are under way; {Failure ?? "nothing comes any more"}");
    }

    /// <summary>Sends no more, and expects what is under way, each byte once, and then the end: no reset.</summary>
    public bool Ends(Expectations expect)
    {
        _isEnding = true;
        bool hasEnded = Task.WaitAll([_sending, _receiving], s_patience * 2);
        return expect.That(
            hasEnded && Failure is null && UnderWay == 0,
            $"TCP, at the end: {Received} bytes came back, {UnderWay} did not; {Failure}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isEnding = true;
        _client.Dispose();
        Task.WaitAll([_sending, _receiving], s_patience);
        _progress.Dispose();
    }

    private string? Failure
    {
        get
        {
            lock (_gate)
            {
                return _failure;
            }
        }
    }

    private void Send()
    {
        byte[] chunk = new byte[ChunkBytes];
        Guard("sending", () =>
        {
            while (!_isEnding && Failure is null)
            {
                Fill(chunk, _sent);
                _stream.Write(chunk);
                Interlocked.Add(ref _sent, chunk.Length);
            }

            _socket.Shutdown(SocketShutdown.Send);
        });
    }

    private void Receive()
    {
        byte[] chunk = new byte[ChunkBytes];
        byte[] expected = new byte[ChunkBytes];
        Guard("receiving", () =>
        {
            int count;
            while ((count = _stream.Read(chunk)) > 0)
            {
                Fill(expected, _received);
                int same = chunk.AsSpan(0, count).CommonPrefixLength(expected);
                Interlocked.Add(ref _received, same);
                if (same != count)
                {
                    Fail($"byte {_received} is not what was sent");
                    return;
                }

                _progress.Set();
            }

            if (!_isEnding)
            {
                Fail("the peer ended the connection");
            }
        });
    }

    private void Fill(Span<byte> chunk, long from)
    {
        for (int index = 0; index < chunk.Length; index++)
        {
            chunk[index] = At(_seed, from + index);
        }
    }

    // A reset is an IOException here: a failure of the stream like a wrong byte.
    private void Guard(string what, Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException)
        {
            Fail($"{what}: {error.Message}");
        }
    }

    private void Fail(string words)
    {
        lock (_gate)
        {
            _failure ??= words;
        }

        _progress.Set();
    }
}
