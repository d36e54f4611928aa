using System.Net.Sockets;
using System.Text;
using Atoll.TestVm.Scenarios;

namespace Atoll.TestVm.Guest;

/// <summary>Clients that never come to the end of their request's head: a byte now and then, to hold as many places of a server as they can (slowloris).</summary>
public sealed class SlowHeads : IDisposable
{
    private const string Beginning = "GET / HTTP/1.1\r\nHost: atoll\r\nX-Slow: ";
    private const string Status = "HTTP/1.1 408 ";
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    // The server gives a head ten seconds; a busy host takes longer.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _end = new();
    private readonly Task<bool>[] _clients;

    /// <summary>They call.</summary>
    /// <param name="count">How many.</param>
    /// <param name="port">The host's port that leads to the server.</param>
    public SlowHeads(int count, int port) => _clients = [.. Enumerable.Range(0, count).Select(_ => Hold(port))];

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Cancel();
        _ = Task.WaitAll(_clients, s_patience);
        _end.Dispose();
    }

    /// <summary>Expects that each hears that it took too long, however often it sent a byte.</summary>
    public void AreRefused(Expectations expect)
    {
        bool haveEnded = Task.WaitAll(_clients, s_patience);
        int refused = _clients.Count(client => client.IsCompletedSuccessfully && client.Result);
        expect.That(haveEnded && refused == _clients.Length, $"{refused} of {_clients.Length} slow clients heard that they took too long");
    }

    private async Task<bool> Hold(int port)
    {
        using TcpClient client = EchoHost.ConnectTo(port);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Beginning), _end.Token).ConfigureAwait(false);
        byte[] answer = new byte[Status.Length];
        Task answered = stream.ReadExactlyAsync(answer, _end.Token).AsTask();
        while (!answered.IsCompleted)
        {
            await Task.WhenAny(answered, Task.Delay(s_pause, _end.Token)).ConfigureAwait(false);
            if (!answered.IsCompleted)
            {
                await Drip(stream).ConfigureAwait(false);
            }
        }

        await answered.ConfigureAwait(false);
        return Encoding.ASCII.GetString(answer) == Status;
    }

    // Who was refused a moment ago may find that nobody reads any more: what counts is the answer.
    private static async Task Drip(NetworkStream stream)
    {
        try
        {
            await stream.WriteAsync("x"u8.ToArray()).ConfigureAwait(false);
        }
        catch (IOException)
        {
        }
    }
}
