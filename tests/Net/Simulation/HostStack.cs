using Atoll.Services.Net.Stack;

namespace Atoll.Net.Tests.Simulation;

/// <summary>How much memory a stack gets in a test.</summary>
public sealed record StackSizes
{
    public int Connections { get; init; } = 8;

    public int Listeners { get; init; } = 2;

    public int UdpSockets { get; init; } = 2;

    public int Reassemblies { get; init; } = 4;
}

/// <summary>A stack and its memory, on the host.</summary>
public sealed class HostStack
{
    // More at one moment than all windows together hold.
    private const int FramesMax = 20_000;

    private readonly TcpConnection[] _connections;
    private readonly byte[] _connectionBytes;
    private readonly TcpListener[] _listeners;
    private readonly UdpSocket[] _udpSockets;
    private readonly byte[] _udpBytes;
    private readonly ushort[] _flowBuckets;
    private readonly ushort[] _timers;
    private readonly uint[] _ready;
    private readonly uint[] _events;
    private readonly Reassembly[] _reassemblies;
    private readonly byte[] _reassemblyBytes;
    private readonly byte[] _replies = new byte[NetStack.ReplyPoolBytes];
    private StackState _state;

    public HostStack(StackSettings settings, StackSizes? sizes = null)
    {
        sizes ??= new StackSizes();
        _connections = new TcpConnection[sizes.Connections];
        _connectionBytes = new byte[2 * sizes.Connections * settings.TcpBufferBytes];
        _listeners = new TcpListener[sizes.Listeners];
        _udpSockets = new UdpSocket[sizes.UdpSockets];
        _udpBytes = new byte[2 * sizes.UdpSockets * settings.UdpBufferBytes];
        _flowBuckets = new ushort[8];
        _timers = new ushort[sizes.Connections];
        _ready = new uint[sizes.Connections + sizes.UdpSockets];
        _events = new uint[sizes.Connections + sizes.UdpSockets + sizes.Listeners];
        _reassemblies = new Reassembly[sizes.Reassemblies];
        _reassemblyBytes = new byte[sizes.Reassemblies * NetStack.ReassemblyBytesEach];
        SetupResult result = At(0).Begin(settings);
        if (result != SetupResult.Ready)
        {
            throw new InvalidOperationException($"the stack was not set up: {result}");
        }
    }

    public ref StackState State => ref _state;

    /// <summary>Connections that are in use, TIME-WAIT included.</summary>
    public int ConnectionsUsed => _connections.Count(connection => connection.IsUsed);

    /// <summary>Datagrams in pieces that are kept.</summary>
    public int ReassembliesUsed => _reassemblies.Count(entry => entry.IsUsed);

    public NetStack At(ulong now) => new(
        ref _state,
        new StackPools
        {
            Connections = _connections,
            ConnectionBytes = _connectionBytes,
            Listeners = _listeners,
            UdpSockets = _udpSockets,
            UdpBytes = _udpBytes,
            FlowBuckets = _flowBuckets,
            Timers = _timers,
            ReadyQueue = _ready,
            EventQueue = _events,
            Reassemblies = _reassemblies,
            ReassemblyBytes = _reassemblyBytes,
            ReplyBytes = _replies,
        },
        now);

    /// <summary>What a frame does.</summary>
    public FrameOutcome Receive(ulong now, ReadOnlySpan<byte> frame) => At(now).Receive(frame);

    /// <summary>The next frame, or null.</summary>
    public byte[]? Transmit(ulong now)
    {
        Span<byte> frame = stackalloc byte[NetStack.FrameBytesMax];
        int length = At(now).Transmit(frame);
        return length == 0 ? null : frame[..length].ToArray();
    }

    /// <summary>All frames that are to be sent now.</summary>
    public List<byte[]> TransmitAll(ulong now)
    {
        List<byte[]> frames = [];
        while (Transmit(now) is { } frame)
        {
            frames.Add(frame);
            if (frames.Count > FramesMax)
            {
                throw new InvalidOperationException("the stack never stops sending");
            }
        }

        return frames;
    }

    /// <summary>The sum of all outcomes: must be the number of frames received.</summary>
    public ulong SumOfOutcomes()
    {
        ulong sum = 0;
        for (FrameOutcome outcome = 0; outcome < FrameOutcome.Count; outcome++)
        {
            sum += _state.Counters.Of(outcome);
        }

        return sum;
    }

    /// <summary>What must hold between any two calls.</summary>
    /// <returns>What does not, or null.</returns>
    public string? FindBrokenInvariant()
    {
        if (SumOfOutcomes() != _state.Counters.FramesReceived || _state.Counters.Of(FrameOutcome.None) != 0)
        {
            return "the outcomes are not as many as the frames";
        }

        for (int index = 0; index < _connections.Length; index++)
        {
            if (FindBrokenInvariant(_connections[index]) is { } broken)
            {
                return $"connection {index} ({_connections[index].State}): {broken}";
            }
        }

        int free = 0;
        for (ushort index = _state.FreeConnection; index != TcpConnection.None; index = _connections[index].QueueNext)
        {
            free++;
        }

        return free + ConnectionsUsed == _connections.Length ? null : "a place is neither free nor used";
    }

    private string? FindBrokenInvariant(in TcpConnection connection)
    {
        if (!connection.IsUsed || connection.State is TcpState.Closed or TcpState.SynSent)
        {
            return null;
        }

        TcpSendState send = connection.Send;
        TcpReceiveState receive = connection.Receive;
        int size = _state.Settings.TcpBufferBytes;
        return (int)(send.Next - send.Unacknowledged) < 0 ? "SND.NXT is before SND.UNA"
            : (int)(send.Max - send.Next) < 0 ? "SND.NXT is behind all that was sent"
            : send.BufferCount < 0 || send.BufferCount > size ? "the send buffer overflows"
            : receive.BufferCount < 0 || receive.BufferCount > size ? "the receive buffer overflows"
            : (int)(receive.WindowEnd - receive.Next) < 0 ? "the window ends before RCV.NXT"
            : receive.Window + (uint)receive.BufferCount > size + 1 ? "the window promises more than there is room"
            : connection.Timers.Earliest == 0 != (connection.TimerPlace == TcpConnection.None) ? "the timer heap disagrees"
            : null;
    }
}
