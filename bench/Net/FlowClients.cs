namespace Atoll.Bench.Net;

/// <summary>Clients that send datagrams from ports of their own, and so make as many flows.</summary>
public sealed class FlowClients : IDisposable
{
    private readonly DatagramClient[] _clients;

    /// <summary>So many clients of one program.</summary>
    /// <param name="count">How many.</param>
    /// <param name="port">The host's port that leads to the program.</param>
    /// <param name="bytes">Bytes of a datagram.</param>
    public FlowClients(int count, int port, int bytes) => _clients = [.. Enumerable.Range(0, count).Select(_ => new DatagramClient(port, bytes))];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (DatagramClient client in _clients)
        {
            client.Dispose();
        }
    }

    /// <summary>Each asks until it is answered.</summary>
    public void Begin()
    {
        foreach (DatagramClient client in _clients)
        {
            client.Begin();
        }
    }

    /// <summary>One after the other sends a datagram and waits for it.</summary>
    /// <param name="each">Datagrams of each.</param>
    public void ExchangeInTurns(int each)
    {
        for (int round = 0; round < each; round++)
        {
            foreach (DatagramClient client in _clients)
            {
                client.Exchange(1, window: 1);
            }
        }
    }

    /// <summary>All send at once.</summary>
    /// <param name="each">Datagrams of each.</param>
    /// <param name="window">How many of them are under way at once.</param>
    public void Exchange(int each, int window)
    {
        Task[] running = [.. _clients.Select(client => Task.Factory.StartNew(() => client.Exchange(each, window), TaskCreationOptions.LongRunning))];
        Task.WaitAll(running);
    }
}
