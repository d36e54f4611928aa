using Atoll.Services.Net.Stack;

namespace Atoll.Net.Tests.Simulation;

/// <summary>
/// Two stacks with a bad link between them. Safety: each stream arrives once and in order, or its end says why not.
/// Liveness: the link heals, and then everything ends. All of it follows from the seed.
/// </summary>
public sealed class StreamSimulation
{
    private const ushort Port = 80;
    private const ulong Second = 1_000_000;

    // Late enough that every timer has doubled, early enough that no connection has been given up.
    private const ulong HealsAt = 20 * Second;
    private const ulong EndsBy = 400 * Second;

    private readonly Random _random;
    private readonly HostStack[] _stacks;
    private readonly SimulatedLink _link;
    private readonly List<StreamEnd> _clients = [];
    private readonly List<StreamEnd> _servers = [];
    private readonly Dictionary<ushort, int> _streamOfPort = [];
    private readonly SocketHandle _listener;
    private ulong _now = Second;
    private ulong _nextTurn = Second;

    public StreamSimulation(int seed, Action<byte[]>? tap = null)
    {
        _random = new Random(seed);
        _stacks = [new HostStack(Settings(1)), new HostStack(Settings(2))];
        _link = new SimulatedLink(_random)
        {
            Tap = tap,
            Impairment = new Impairment
            {
                Lost = _random.Next(4) * 60,
                Doubled = _random.Next(3) * 50,
                Corrupted = _random.Next(3) * 30,
                Delayed = _random.Next(3) * 100,
                DelayMicroseconds = _random.Next(1, 4) switch { 1 => 200, 2 => 5_000, _ => 60_000 },
            },
        };
        SocketResult result = Listeners.Listen(_stacks[1].At(_now), Port, 4, out _listener);
        if (result != SocketResult.Done)
        {
            throw new InvalidOperationException($"listen: {result}");
        }

        int streams = _random.Next(1, 4);
        for (int stream = 0; stream < streams; stream++)
        {
            Call(stream);
        }
    }

    /// <summary>The client's stack and the server's.</summary>
    public IReadOnlyList<HostStack> Stacks => _stacks;

    /// <summary>Runs to the end.</summary>
    /// <returns>What went wrong, or null.</returns>
    public string? Run()
    {
        while (_now < EndsBy && !IsDone)
        {
            Step();
            if (FindFailure() is { } failure)
            {
                return _clients.Any(end => end.IsExplained) ? null : $"at {_now} us: {failure}";
            }
        }

        if (!IsDone)
        {
            return "not finished: " + string.Join("; ", _clients.Concat(_servers).Where(end => !end.IsDone).Select(end => end.Progress));
        }

        // Nothing may be left when TIME-WAIT is over.
        ulong quiet = _now + (300 * Second);
        while (_now < quiet && NextMoment() < quiet)
        {
            Step();
        }

        return _stacks.Any(stack => stack.ConnectionsUsed != 0) ? "a connection has not ended" : FindFailure();
    }

    private bool IsDone => _clients.Concat(_servers).All(end => end.IsDone);

    private StackSettings Settings(byte host)
    {
        StackSettings settings = StackSettings.Standard with
        {
            Mac = new MacAddress(0x0200_0000_0000UL + host),
            Address = Ipv4Address.Of(10, 0, 0, host),
            SubnetMask = Ipv4Address.Of(255, 255, 255, 0),
            Mtu = _random.Next(3) switch { 0 => 576, 1 => 1280, _ => 1500 },
            Key = new SecretKey { Low = (ulong)_random.NextInt64(), High = (ulong)_random.NextInt64() },
            TcpBufferBytes = 4096 << (2 * _random.Next(3)),
            OffersSack = _random.Next(4) != 0,
            OffersTimestamps = _random.Next(4) != 0,
            OffersWindowScale = _random.Next(4) != 0,
        };
        settings.TcpBufferBytes = _random.Next(8) == 0 ? 256 * 1024 : settings.TcpBufferBytes;
        return settings;
    }

    private void Call(int stream)
    {
        int up = _random.Next(4) == 0 ? 0 : _random.Next(1, 120_000);
        int down = _random.Next(4) == 0 ? 0 : _random.Next(1, 120_000);
        var client = new StreamEnd(_stacks[0], _random, stream, isServer: false, up, down) { IsSlow = _random.Next(3) == 0 };
        _servers.Add(new StreamEnd(_stacks[1], _random, stream, isServer: true, down, up) { IsSlow = _random.Next(3) == 0 });
        _clients.Add(client);
        SocketResult result = TcpSockets.Connect(_stacks[0].At(_now), Ipv4Address.Of(10, 0, 0, 2), Port, out SocketHandle socket);
        if (result != SocketResult.Done)
        {
            throw new InvalidOperationException($"connect: {result}");
        }

        client.Attach(socket, _random.Next(2) == 0);
        _streamOfPort[LocalPort(socket)] = stream;
    }

    private ushort LocalPort(SocketHandle socket) => _stacks[0].At(_now).Pools.Connections[socket.Index].Flow.LocalPort;

    private void Step()
    {
        _now = Math.Max(_now, NextMoment());
        if (_now >= HealsAt)
        {
            _link.Impairment = new Impairment { DelayMicroseconds = _link.Impairment.DelayMicroseconds };
        }

        while (_link.TryReceive(_now, out int to, out byte[] frame))
        {
            _stacks[to].Receive(_now, frame);
        }

        RunApplications();
        for (int station = 0; station < 2; station++)
        {
            _stacks[station].At(_now).Advance();
            foreach (byte[] frame in _stacks[station].TransmitAll(_now))
            {
                _link.Send(1 - station, frame, _now);
            }
        }
    }

    private ulong NextMoment()
    {
        ulong next = Math.Min(_link.NextArrival, IsDone ? ulong.MaxValue : _nextTurn);
        return _stacks.Aggregate(next, (earliest, stack) => Math.Min(earliest, stack.At(_now).NextDeadline()));
    }

    private void RunApplications()
    {
        while (Listeners.Accept(_stacks[1].At(_now), _listener, out SocketHandle accepted) == SocketResult.Done)
        {
            ushort port = TcpSockets.PeerOf(_stacks[1].At(_now), accepted).Port;
            _servers[_streamOfPort[port]].Attach(accepted, _random.Next(2) == 0);
        }

        // Applications look at events, and besides from time to time: slow readers come back by themselves.
        bool hasEvents = false;
        foreach (HostStack stack in _stacks)
        {
            while (stack.At(_now).TryNextEvent(out _))
            {
                hasEvents = true;
            }
        }

        if (hasEvents || _now >= _nextTurn)
        {
            _nextTurn = _now + (ulong)_random.Next(1_000, 100_000);
            _clients.ForEach(end => end.Run(_now));
            _servers.ForEach(end => end.Run(_now));
        }
    }

    private string? FindFailure() =>
        _clients.Concat(_servers).Select(end => end.Failure is null ? null : $"{end.Progress}: {end.Failure}")
            .Concat(_stacks.Select(stack => stack.FindBrokenInvariant()))
            .FirstOrDefault(failure => failure is not null);
}
