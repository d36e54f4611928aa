using Atoll.Services.Net.Stack;

namespace Atoll.Net.Tests.Simulation;

/// <summary>An application at one end of a connection: sends bytes that say where they belong, and checks those that come.</summary>
public sealed class StreamEnd(HostStack stack, Random random, int stream, bool isServer, int bytesToSend, int bytesToReceive)
{
    private SocketHandle _socket;
    private int _sent;
    private int _received;
    private ulong _readsAgainAt;
    private bool _isShut;
    private bool _isEnded;

    /// <summary>Both directions ended as they should, and the handle was given back.</summary>
    public bool IsDone { get; private set; }

    /// <summary>What went wrong, or null.</summary>
    public string? Failure { get; private set; }

    /// <summary>The connection says that the other station could not be reached: with a bad link, ARP may find nobody.</summary>
    public bool IsExplained { get; private set; }

    /// <summary>Reads little and seldom, so that windows close.</summary>
    public bool IsSlow { get; init; }

    public bool IsOpen => _socket.Value != 0;

    public string Progress =>
        $"stream {stream} {(isServer ? "server" : "client")}: sent {_sent}/{bytesToSend}, received {_received}/{bytesToReceive}";

    public void Attach(SocketHandle socket, bool isNoDelay)
    {
        _socket = socket;
        NetStack now = stack.At(0);
        _ = TcpSockets.SetNoDelay(now, socket, isNoDelay);
    }

    /// <summary>Does what the socket lets it do.</summary>
    public void Run(ulong now)
    {
        if (!IsOpen || IsDone || Failure is not null)
        {
            return;
        }

        NetStack view = stack.At(now);
        SendSome(view);
        if (now >= _readsAgainAt)
        {
            ReceiveSome(view);
        }

        if (_isShut && _isEnded && Failure is null)
        {
            Failure = TcpSockets.Close(view, _socket) == SocketResult.Done ? null : "the handle could not be given back";
            IsDone = true;
        }
    }

    private static byte At(int stream, bool isFromServer, int position) =>
        (byte)((position * 31) ^ (position >> 8) ^ (position >> 16) ^ (stream * 77) ^ (isFromServer ? 0x55 : 0));

    private void Fail(SocketResult result, string what)
    {
        if (result is SocketResult.WouldBlock or SocketResult.NotConnected)
        {
            return;
        }

        IsExplained = result == SocketResult.Unreachable && stack.State.Counters.Of(StackEvent.ArpFailures) > 0;
        Failure = $"{what}: {result}";
    }

    private void SendSome(in NetStack view)
    {
        Span<byte> bytes = stackalloc byte[4096];
        while (_sent < bytesToSend)
        {
            int count = Math.Min(random.Next(1, bytes.Length), bytesToSend - _sent);
            for (int index = 0; index < count; index++)
            {
                bytes[index] = At(stream, isServer, _sent + index);
            }

            SocketResult result = TcpSockets.Send(view, _socket, bytes[..count], out int sent);
            _sent += sent;
            if (result != SocketResult.Done)
            {
                Fail(result, "send");
                return;
            }
        }

        if (!_isShut)
        {
            SocketResult result = TcpSockets.ShutdownSend(view, _socket);
            _isShut = result == SocketResult.Done;
            if (!_isShut)
            {
                Fail(result, "shutdown");
            }
        }
    }

    private void ReceiveSome(in NetStack view)
    {
        Span<byte> bytes = stackalloc byte[8192];
        while (!_isEnded && Failure is null)
        {
            int most = IsSlow ? random.Next(1, 2000) : bytes.Length;
            SocketResult result = TcpSockets.Receive(view, _socket, bytes[..most], out int received);
            if (result == SocketResult.EndOfStream)
            {
                _isEnded = true;
                Failure = _received == bytesToReceive ? null : $"the stream ended after {_received} of {bytesToReceive} bytes";
                return;
            }

            if (result != SocketResult.Done)
            {
                Fail(result, "receive");
                return;
            }

            Check(bytes[..received]);
            if (IsSlow && random.Next(3) != 0)
            {
                // Long enough, now and then, that the peer probes a closed window.
                _readsAgainAt = view.Now + (random.Next(20) == 0 ? (ulong)random.Next(2_000_000) : 0);
                return;
            }
        }
    }

    private void Check(ReadOnlySpan<byte> bytes)
    {
        for (int index = 0; index < bytes.Length; index++)
        {
            if (bytes[index] != At(stream, !isServer, _received + index))
            {
                Failure = $"byte {_received + index} is {bytes[index]:x2}, not what was sent";
                return;
            }
        }

        _received += bytes.Length;
    }
}
