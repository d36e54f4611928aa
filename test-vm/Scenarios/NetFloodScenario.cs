using System.Diagnostics;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Scenarios;

/// <summary>A neighbour on the network floods the machine, with beginnings of connections and with small datagrams, more than it can serve. Others still connect, and each of their bytes comes back.</summary>
public sealed class NetFloodScenario : SystemScenario
{
    private const int Exchanges = 2;
    private const int StreamBytes = 10_000;

    // More than one core serves under emulation.
    private const int PerSecond = 30_000;

    // However soon the others are done: of fewer the stack might see next to none.
    private const int FramesLeast = 30_000;

    private const int QuietExchanges = 10;

    // Two connections, there and back.
    private const int BytesEach = 4 * StreamBytes;

    private static readonly GuestPort s_echo = new(7);

    private readonly VmNetwork _network = VmNetwork.Of(s_echo).WithFrames();

    /// <inheritdoc/>
    public override string Name => "net-flood";

    /// <inheritdoc/>
    public override string Description => "while beginnings of connections and small datagrams flood the machine, others connect and have their bytes back";

    /// <inheritdoc/>
    public override string? SystemName => "net";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(1) { MemoryMiB = 128 }];

    /// <inheritdoc/>
    protected override string Parameters => "end=never grant=16 console=program";

    /// <inheritdoc/>
    protected override VmSettings Equip(VmSettings settings) => settings with { Network = _network, TimeLimit = settings.TimeLimit * 10 };

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        if (!expect.That(terminal.WaitUntilHeard("echo: listening"), "the program does not listen"))
        {
            return;
        }

        // QEMU's router keeps datagrams to itself where frames come from elsewhere.
        var host = new EchoHost(_network.HostPort(s_echo), udpPort: 0);
        using TcpClient before = host.Connect();
        EchoHost.Exchange(expect, before, StreamBytes, seed: 0);
        int exchanges = run.Shape.Rounds ?? Exchanges;
        QuietRate(expect, host, before, run);
        using (var flood = new FrameFlood(_network.FramePort, (ushort)s_echo.Number))
        {
            run.Count("syns", Beside(run, expect, host, before, flood, flood.Syn, exchanges, "syns"));
        }

        using (var flood = new FrameFlood(_network.FramePort, (ushort)s_echo.Number))
        {
            run.Count("datagrams", Beside(run, expect, host, before, flood, flood.Datagram, exchanges, "datagrams"));
        }

        Settle(expect, terminal);
        string counters = Ask(expect, terminal, "counters");
        expect.That(Regex.IsMatch(counters, @"tcp syn cookie sent +[0-9]+"), $"no flood of beginnings has reached the stack: {counters}");
        expect.That(Regex.IsMatch(counters, @"udp delivered +[0-9]{3,}"), $"no flood of datagrams has reached the stack: {counters}");
    }

    // Bytes a second, both ways, of the connection and of one that begins and ends, while nobody floods.
    private static void QuietRate(Expectations expect, EchoHost host, TcpClient before, ScenarioRun run)
    {
        long start = Stopwatch.GetTimestamp();
        for (int exchange = 0; exchange < QuietExchanges; exchange++)
        {
            _ = GoesOn(expect, before, exchange) && host.Exchange(expect, StreamBytes, seed: exchange);
        }

        run.Count("quiet-bytes-per-second", RateOf(QuietExchanges, start));
    }

    private static long RateOf(int exchanges, long start) => (long)(BytesEach * exchanges / Stopwatch.GetElapsedTime(start).TotalSeconds);

    // A connection from before the flood goes on, and others begin within it. How fast is counted
    // and not judged: when the beginning of a connection is lost, QEMU's network decides when it is sent again.
    private static long Beside(
        ScenarioRun run, Expectations expect, EchoHost host, TcpClient before, FrameFlood flood, Func<uint, byte[]> frame, int exchanges, string name)
    {
        long start = Stopwatch.GetTimestamp();
        int done = 0;
        using var end = new CancellationTokenSource();
        Task flooding = Task.Run(() => flood.Send(frame, PerSecond, end.Token));
        bool goesOn = true;
        for (int exchange = 0; goesOn && (exchange < exchanges || flood.Sent < FramesLeast); exchange++)
        {
            goesOn = GoesOn(expect, before, exchange) && host.Exchange(expect, StreamBytes, seed: exchange);
            done++;
        }

        run.Count($"bytes-per-second-beside-{name}", RateOf(done, start));
        end.Cancel();
        flooding.Wait();
        return flood.Sent;
    }

    private static bool GoesOn(Expectations expect, TcpClient before, int seed)
    {
        try
        {
            return EchoHost.Exchange(expect, before, StreamBytes, seed);
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return expect.That(false, $"a connection from before the flood ended: {error.Message}");
        }
    }
}
