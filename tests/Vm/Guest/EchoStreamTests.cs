using System.Net;
using System.Net.Sockets;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Scenarios;

namespace Atoll.Vm.Tests.Guest;

/// <summary>What goes wrong with a stream is seen: over a peer on this host that sends everything back, but for one mistake.</summary>
public sealed class EchoStreamTests
{
    private const int Before = 100_000;

    [Fact]
    public void WholeStream_ComesBack()
    {
        var expect = new Expectations();
        using var peer = new Peer((_, chunk) => chunk);
        using var stream = new EchoStream(EchoHost.ConnectTo(peer.Port), seed: 1);
        Assert.True(stream.Advances(expect, Before, "at first"));
        Assert.True(stream.Ends(expect));
        Assert.Empty(expect.Unmet);
        Assert.True(stream.Received >= Before);
    }

    [Theory]
    [InlineData("a byte is lost")]
    [InlineData("a byte comes twice")]
    [InlineData("bytes change places")]
    [InlineData("a byte is another")]
    public void WrongByte_IsSeen(string mistake)
    {
        var expect = new Expectations();
        using var peer = new Peer((from, chunk) => from < Before ? chunk : Wrong(mistake, chunk));
        using var stream = new EchoStream(EchoHost.ConnectTo(peer.Port), seed: 2);
        stream.Advances(expect, 4 * Before, mistake);
        Assert.Contains("is not what was sent", Assert.Single(expect.Unmet), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void PeerThatEnds_IsSeen(bool isReset)
    {
        var expect = new Expectations();
        using var peer = new Peer((from, chunk) => from < Before ? chunk : null, isReset);
        using var stream = new EchoStream(EchoHost.ConnectTo(peer.Port), seed: 3);
        Assert.False(stream.Advances(expect, 4 * Before, "the peer ends"));
        Assert.False(stream.Ends(expect));
    }

    private static byte[] Wrong(string mistake, byte[] chunk) => mistake switch
    {
        "a byte is lost" => chunk[1..],
        "a byte comes twice" => [chunk[0], .. chunk],
        "bytes change places" => [.. chunk.Reverse()],
        _ => [(byte)~chunk[0], .. chunk[1..]],
    };

    private sealed class Peer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _serving;

        // What to send back for what came at a place of the stream; null: no more.
        public Peer(Func<long, byte[], byte[]?> answer, bool isReset = false)
        {
            _listener.Start();
            _serving = Task.Factory.StartNew(() => Serve(answer, isReset), TaskCreationOptions.LongRunning);
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public void Dispose()
        {
            _listener.Stop();
            _serving.Wait(TimeSpan.FromSeconds(30));
        }

        private void Serve(Func<long, byte[], byte[]?> answer, bool isReset)
        {
            using TcpClient client = _listener.AcceptTcpClient();
            client.LingerState = new LingerOption(enable: isReset, seconds: 0);
            NetworkStream stream = client.GetStream();
            byte[] buffer = new byte[4096];
            long from = 0;
            try
            {
                int count;
                while ((count = stream.Read(buffer)) > 0 && answer(from, buffer[..count]) is { } back)
                {
                    stream.Write(back);
                    from += count;
                }
            }
            catch (IOException)
            {
                // The stream under test gave up.
            }
        }
    }
}
