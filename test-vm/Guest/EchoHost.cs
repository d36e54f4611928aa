using System.Net;
using System.Net.Sockets;
using Atoll.TestVm.Scenarios;

namespace Atoll.TestVm.Guest;

/// <summary>The host's end of a conversation with a program that sends back what comes.</summary>
/// <param name="tcpPort">The host's port that leads to the program by TCP.</param>
/// <param name="udpPort">The host's port that leads to it by UDP.</param>
public sealed class EchoHost(int tcpPort, int udpPort)
{
    // A loaded host slows a guest a hundredfold: only what never comes is a failure.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    // A guest that has no address yet does not answer, and QEMU keeps no datagram for it.
    private static readonly TimeSpan s_again = TimeSpan.FromMilliseconds(500);

    /// <summary>Datagrams that were sent, each as often as it was.</summary>
    public int SentDatagrams { get; private set; }

    /// <summary>Sends bytes over a connection of its own, ends it, and compares what came back.</summary>
    public bool Exchange(Expectations expect, int bytes, int seed)
    {
        try
        {
            using TcpClient client = Connect();
            return Exchange(expect, client, bytes, seed) && Ends(expect, client);
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return expect.That(false, $"TCP, {bytes} bytes: {error.Message}");
        }
    }

    /// <summary>Opens a connection.</summary>
    public TcpClient Connect() => ConnectTo(tcpPort);

    /// <summary>Opens a connection to a port of the host that leads to such a program.</summary>
    public static TcpClient ConnectTo(int port)
    {
        var client = new TcpClient { SendTimeout = (int)s_patience.TotalMilliseconds, ReceiveTimeout = (int)s_patience.TotalMilliseconds };
        client.Connect(IPAddress.Loopback, port);
        return client;
    }

    /// <summary>Sends bytes over a connection and compares what comes back. Reads while it sends: nobody has room for all of it.</summary>
    public static bool Exchange(Expectations expect, TcpClient client, int bytes, int seed)
    {
        byte[] sent = Bytes(bytes, seed);
        byte[] back = new byte[bytes];
        NetworkStream stream = client.GetStream();
        Task sending = Task.Run(() => stream.Write(sent));
        int received = 0;
        int count;
        while (received < bytes && (count = stream.Read(back, received, bytes - received)) > 0)
        {
            received += count;
        }

        bool wasSent = sending.Wait(s_patience);
        int same = sent.AsSpan().CommonPrefixLength(back);
        return expect.That(wasSent && received == bytes && same == bytes, $"TCP, {bytes} bytes: {received} came back, {same} of them as they were");
    }

    /// <summary>Sends datagrams, one after the other, and counts those that come back. The first are sent again until the guest has an address.</summary>
    public int Datagrams(Expectations expect, int count)
    {
        using var client = new UdpClient();
        client.Connect(IPAddress.Loopback, udpPort);
        int answered = 0;
        for (int number = 0; number < count; number++)
        {
            byte[] sent = Bytes(1 + (number * 29 % 1400), number);
            if (Answered(client, sent))
            {
                answered++;
            }
        }

        expect.That(answered == count, $"UDP: {answered} of {count} datagrams came back");
        return answered;
    }

    private bool Answered(UdpClient client, byte[] sent)
    {
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        while (System.Diagnostics.Stopwatch.GetElapsedTime(start) < s_patience)
        {
            try
            {
                client.Send(sent);
                SentDatagrams++;
                client.Client.ReceiveTimeout = (int)s_again.TotalMilliseconds;
                IPEndPoint from = new(IPAddress.Any, 0);
                while (true)
                {
                    // An answer to an earlier try may come late.
                    if (client.Receive(ref from).AsSpan().SequenceEqual(sent))
                    {
                        return true;
                    }
                }
            }
            catch (SocketException)
            {
                // Nothing came for a while: once more.
            }
        }

        return false;
    }

    private static bool Ends(Expectations expect, TcpClient client)
    {
        client.Client.Shutdown(SocketShutdown.Send);
        return expect.That(client.Client.Receive(new byte[1]) == 0, "TCP: the program does not end its half of a connection that we have ended");
    }

    private static byte[] Bytes(int count, int seed)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
