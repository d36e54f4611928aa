using Atoll.Bench.Net;
using Atoll.TestVm.Machine;

namespace Atoll.Bench;

/// <summary>What packets cost in the guest: instructions and kernel entries from the card's interrupt to the card, through driver, stack and application.</summary>
/// <remarks>
/// Always under an emulator that counts instructions. What is counted is what was executed, by QEMU's log of it, so sleep counts nothing; a machine that idles
/// takes as long as the host does, or its clock would run ahead from timer to timer.
/// </remarks>
public sealed class NetBenchmark : Benchmark
{
    private const string Instructions = "instructions";
    private const string Entries = "kernel entries";

    // A packet of the network's classic small size: 64 bytes of data.
    private const int Bytes = 64;
    private const int Trips = 100;
    private const int Window = 32;
    private const int Requests = 40;

    // Twelve flows are dealt out to three stacks about evenly; together they have as much under way as a window.
    private const int SpreadCores = 3;
    private const int SpreadFlows = 12;
    private const int SpreadTrips = 8;
    private const int SpreadWindow = 3;
    private const int SpreadLow = SpreadFlows * SpreadTrips;
    private const int SpreadLoaded = SpreadLow * SpreadWindow;

    // Linux 6.1 in the same emulator: TCP over its loopback, both ends.
    private const double LinuxTcpLoopback = 34_148;

    /// <inheritdoc/>
    public override string Name => "net";

    /// <inheritdoc/>
    public override string Description => "instructions and kernel entries of a packet's round trip through driver, stack and application; goodput under overload";

    /// <inheritdoc/>
    public override bool NeedsTrialImage => false;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Systems => ["net", "web", "spread"];

    /// <inheritdoc/>
    public override IEnumerable<Figure> Measure(BenchmarkSetup setup)
    {
        using (var echo = new NetMachine(setup, "net", "echo", [new GuestPort(7, IsUdp: true), new GuestPort(7)]))
        {
            foreach (Figure figure in Echo(echo))
            {
                yield return figure;
            }
        }

        using (var web = new NetMachine(setup, "web", "http", [new GuestPort(80)]))
        {
            yield return Request(web);
        }

        foreach (Figure figure in Spread(setup))
        {
            yield return figure;
        }
    }

    private static IEnumerable<Figure> Echo(NetMachine machine)
    {
        using var datagrams = new DatagramClient(machine.HostPort(0), Bytes);
        datagrams.Begin();
        ExecutedWork low = machine.Count(() => datagrams.Exchange(Trips, window: 1));
        yield return new Figure("net.udp-echo.instructions", Instructions, Each(low.Total, Trips)) { Aim = 2500 };
        foreach (string part in (string[])["kernel", .. machine.Programs])
        {
            yield return new Figure($"net.udp-echo.{part}", Instructions, Each(low.Of(part), Trips));
        }

        yield return new Figure("net.kernel-entries.low", Entries, Each(low.KernelEntries, Trips)) { Aim = 2 };
        ExecutedWork polling = machine.Count(() => datagrams.Exchange(Trips * 4, Window));
        yield return new Figure("net.kernel-entries.polling", Entries, Each(polling.KernelEntries, Trips * 4)) { Aim = 0 };
        yield return new Figure("net.udp-echo.polling", Instructions, Each(polling.Total, Trips * 4));
        yield return new Figure("net.overload", "goodput at twice the load over the peak", Overload.Measure(datagrams)) { AimsHigh = true, Aim = 0.95 };
        yield return new Figure("net.overload.work", "work for a datagram at the peak over that at twice the load", Overload.MeasureWork(machine, datagrams))
        {
            AimsHigh = true,
            Aim = 0.95,
        };

        yield return new Figure("memory.connection", "bytes", machine.ConnectionBytes());

        using var stream = new StreamClient(machine.HostPort(1), Bytes);
        stream.Exchange(1);
        ExecutedWork trips = machine.Count(() => stream.Exchange(Trips));
        yield return new Figure("net.tcp-echo", Instructions, Each(trips.Total, Trips)) { Peer = LinuxTcpLoopback };
    }

    // The same flows to a stack of one core, and to three stacks of three.
    private static IEnumerable<Figure> Spread(BenchmarkSetup setup)
    {
        (ExecutedWork Low, ExecutedWork Loaded) one = Flows(setup, "net", cores: 1);
        (ExecutedWork Low, ExecutedWork Loaded) three = Flows(setup, "spread", SpreadCores);
        yield return new Figure("net.spread", "instructions over those of one core, many under way", Ratio(three.Loaded, one.Loaded)) { Aim = 1.10, Cores = SpreadCores };
        yield return new Figure("net.spread.low", "the same, one at a time", Ratio(three.Low, one.Low)) { Cores = SpreadCores };
        foreach (string part in (string[])["all", "kernel", "virtio-net", "net", "echo", "others"])
        {
            yield return Part("net.spread", part, three.Loaded, SpreadLoaded, SpreadCores);
            yield return Part("net.spread", part, one.Loaded, SpreadLoaded, cores: 1);
            yield return Part("net.spread.low", part, three.Low, SpreadLow, SpreadCores);
            yield return Part("net.spread.low", part, one.Low, SpreadLow, cores: 1);
        }
    }

    private static double Ratio(ExecutedWork work, ExecutedWork other) => Math.Round((double)work.Total / other.Total, 2);

    private static Figure Part(string name, string part, ExecutedWork work, int count, int cores) =>
        new($"{name}.{part}", Instructions, Each(part == "all" ? work.Total : work.Of(part), count)) { Cores = cores };

    private static (ExecutedWork Low, ExecutedWork Loaded) Flows(BenchmarkSetup setup, string system, int cores)
    {
        using var machine = new NetMachine(setup, system, "echo", [new GuestPort(7, IsUdp: true), new GuestPort(7)], cores);
        using var clients = new FlowClients(SpreadFlows, machine.HostPort(0), Bytes);
        clients.Begin();
        ExecutedWork low = machine.Count(() => clients.ExchangeInTurns(SpreadTrips));
        ExecutedWork loaded = machine.Count(() => clients.Exchange(SpreadTrips * SpreadWindow, SpreadWindow));
        return (low, loaded);
    }

    private static Figure Request(NetMachine machine)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{machine.HostPort(0)}") };
        void Ask(int requests)
        {
            for (int request = 0; request < requests; request++)
            {
                _ = client.GetByteArrayAsync(new Uri("/icon.svg", UriKind.Relative)).Result;
            }
        }

        Ask(1);
        ExecutedWork work = machine.Count(() => Ask(Requests));
        return new Figure("net.http.request", Instructions, Each(work.Total, Requests));
    }

    private static double Each(long all, int count) => Math.Round((double)all / count, 1);
}
