using Atoll.Services.Net.Stack;

namespace Atoll.Packetdrill.Machine;

/// <summary>Socket calls in the manner of POSIX: a result, or an error number below 0.</summary>
/// <remarks>
/// A call that would wait on a descriptor without O_NONBLOCK waits for another thread to let time pass, as packetdrill's "..." does.
/// </remarks>
public sealed class SocketCalls(VirtualHost host)
{
    private const int FirstDescriptor = 3;
    private const int DescriptorsMax = 64;

    // A call that waits longer in real time than any script takes is told so, in place of a test that hangs.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<int, Descriptor> _descriptors = [];

    /// <summary>Guards host and descriptors; pulsed whenever something happened.</summary>
    public object Gate { get; } = new();

    public int Socket()
    {
        int descriptor = Enumerable.Range(FirstDescriptor, DescriptorsMax).First(number => !_descriptors.ContainsKey(number));
        _descriptors[descriptor] = new Descriptor();
        return descriptor;
    }

    public int Bind(int descriptor, Ipv4Address address, ushort port) => On(descriptor, open =>
    {
        host.AdoptAddress(address);
        open.Port = port;
        return 0;
    });

    public int Listen(int descriptor, int backlog) => On(descriptor, open =>
    {
        SocketResult result = Listeners.Listen(host.View, open.Port, Math.Max(backlog, 1), out SocketHandle listener);
        open.Socket = listener;
        return -Number(result);
    });

    public int Accept(int descriptor, out Endpoint peer)
    {
        Endpoint from = default;
        int result = Waiting(descriptor, open =>
        {
            SocketResult accepted = Listeners.Accept(host.View, open.Socket, out SocketHandle connection);
            if (accepted != SocketResult.Done)
            {
                return -Number(accepted);
            }

            from = TcpSockets.PeerOf(host.View, connection);
            int number = Socket();
            _descriptors[number].Socket = connection;
            return number;
        });
        peer = from;
        return result;
    }

    public int Connect(int descriptor, Ipv4Address address, ushort port) => On(descriptor, open =>
    {
        if (open.Socket.Value != 0)
        {
            return TcpSockets.StateOf(host.View, open.Socket) == TcpState.Established && open.IsConnecting
                ? Connected(open) : -Errno.IsConnected;
        }

        host.AdoptAddress(Ipv4Address.Of(192, 168, 0, 1));
        SocketResult result = TcpSockets.Connect(host.View, address, port, out SocketHandle socket);
        if (result != SocketResult.Done)
        {
            return -Number(result);
        }

        open.Socket = socket;
        open.IsConnecting = true;
        Apply(open);
        host.Pump();
        return open.IsNonBlocking ? -Errno.InProgress : WaitUntilOpen(open);
    });

    public int Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        byte[] copy = bytes.ToArray();
        return Waiting(descriptor, open =>
        {
            SocketResult result = TcpSockets.Send(host.View, open.Socket, copy, out int sent);
            host.Pump();
            return result == SocketResult.Done ? sent : result == SocketResult.Closed ? -Errno.BrokenPipe : -Told(open, result);
        });
    }

    public int Read(int descriptor, Span<byte> bytes)
    {
        byte[] copy = new byte[bytes.Length];
        int count = Waiting(descriptor, open =>
        {
            SocketResult result = TcpSockets.Receive(host.View, open.Socket, copy, out int received);
            host.Pump();
            return result is SocketResult.EndOfStream or SocketResult.Closed || open.IsErrorTold ? 0
                : result == SocketResult.Done ? received
                : -Told(open, result);
        });
        copy.AsSpan(0, Math.Max(count, 0)).CopyTo(bytes);
        return count;
    }

    public int Shutdown(int descriptor, int how) => On(descriptor, open =>
    {
        // SHUT_RD changes nothing that a peer could see.
        SocketResult result = how == 0 ? SocketResult.Done : TcpSockets.ShutdownSend(host.View, open.Socket);
        host.Pump();
        return result == SocketResult.Closed ? -Errno.NotConnected : -Number(result);
    });

    public int Close(int descriptor) => On(descriptor, open =>
    {
        _descriptors.Remove(descriptor);
        SocketResult result = open.Socket.Value == 0 ? SocketResult.Done
            : open.ResetsOnClose ? TcpSockets.Abort(host.View, open.Socket)
            : TcpSockets.Close(host.View, open.Socket);
        host.Pump();
        return -Number(result);
    });

    public int SetNonBlocking(int descriptor, bool isNonBlocking) => On(descriptor, open =>
    {
        open.IsNonBlocking = isNonBlocking;
        return 0;
    });

    public int IsNonBlocking(int descriptor) => On(descriptor, open => open.IsNonBlocking ? 1 : 0);

    /// <summary>Changes a descriptor's options.</summary>
    public int Change(int descriptor, Action<Descriptor> change) => On(descriptor, open =>
    {
        change(open);
        Apply(open);
        host.Pump();
        return 0;
    });

    /// <summary>SO_ERROR: why the connection ended, once.</summary>
    public int TakeError(int descriptor) => On(descriptor, open =>
    {
        if (open.IsErrorTold || !TcpSockets.Poll(host.View, open.Socket).HasFlag(Readiness.Failed))
        {
            return 0;
        }

        open.IsErrorTold = true;
        return Number(TcpSockets.Send(host.View, open.Socket, [], out _));
    });

    public Readiness Poll(int descriptor)
    {
        lock (Gate)
        {
            return _descriptors.TryGetValue(descriptor, out Descriptor? open) ? TcpSockets.Poll(host.View, open.Socket) : Readiness.None;
        }
    }

    /// <summary>Runs something that may let a waiting call go on.</summary>
    public T Happen<T>(Func<T> something)
    {
        lock (Gate)
        {
            T result = something();
            Monitor.PulseAll(Gate);
            return result;
        }
    }

    private static int Number(SocketResult result) => result switch
    {
        SocketResult.Done or SocketResult.EndOfStream => 0,
        SocketResult.WouldBlock => Errno.TryAgain,
        SocketResult.BadHandle => Errno.BadDescriptor,
        SocketResult.BadArgument or SocketResult.TooLarge => Errno.Invalid,
        SocketResult.PortInUse => Errno.AddressInUse,
        SocketResult.PoolEmpty or SocketResult.NoPort => Errno.NoBuffers,
        SocketResult.NoRoute => Errno.NetworkUnreachable,
        SocketResult.NotConnected or SocketResult.Closed => Errno.NotConnected,
        SocketResult.Refused => Errno.ConnectionRefused,
        SocketResult.Reset => Errno.ConnectionReset,
        SocketResult.TimedOut => Errno.TimedOut,
        SocketResult.Unreachable => Errno.HostUnreachable,
        _ => Errno.Invalid,
    };

    // An error is told once; after that a connection is merely closed.
    private static int Told(Descriptor open, SocketResult result)
    {
        bool isEnd = result is SocketResult.Reset or SocketResult.Refused or SocketResult.TimedOut or SocketResult.Unreachable;
        if (isEnd && open.IsErrorTold)
        {
            return Errno.BrokenPipe;
        }

        open.IsErrorTold |= isEnd;
        return Number(result);
    }

    private static int Connected(Descriptor open)
    {
        open.IsConnecting = false;
        return 0;
    }

    private void Apply(Descriptor open)
    {
        if (open.Socket.Kind == SocketKind.Connection)
        {
            _ = TcpSockets.SetNoDelay(host.View, open.Socket, open.IsNoDelay);
            _ = TcpSockets.SetKeepAlive(host.View, open.Socket, open.KeepsAlive);
        }
    }

    private int WaitUntilOpen(Descriptor open)
    {
        while (TcpSockets.StateOf(host.View, open.Socket) is TcpState.SynSent or TcpState.SynReceived)
        {
            if (!Monitor.Wait(Gate, s_patience))
            {
                return -Errno.TimedOut;
            }
        }

        SocketResult result = TcpSockets.Send(host.View, open.Socket, [], out _);
        return result == SocketResult.Done ? Connected(open) : -Told(open, result);
    }

    private int Waiting(int descriptor, Func<Descriptor, int> attempt) => On(descriptor, open =>
    {
        int result = attempt(open);
        while (result == -Errno.TryAgain && !open.IsNonBlocking)
        {
            if (!Monitor.Wait(Gate, s_patience))
            {
                return -Errno.TimedOut;
            }

            result = attempt(open);
        }

        return result;
    });

    private int On(int descriptor, Func<Descriptor, int> action)
    {
        lock (Gate)
        {
            int result = _descriptors.TryGetValue(descriptor, out Descriptor? open) ? action(open) : -Errno.BadDescriptor;
            Monitor.PulseAll(Gate);
            return result;
        }
    }
}
