using System.Globalization;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Scenarios;

/// <summary>wrk and ab press the web server in the machine with 64 connections, as many as it has places for, and curl fetches and sends much by parts: no error, and the same figures at both ends. Slow heads keep nobody out.</summary>
public sealed class WebLoadScenario : SystemScenario
{
    private const int Connections = 64;
    private const int Seconds = 5;
    private const int Requests = 2000;
    private const long PartBytes = 16 << 20;
    private const int PartsUsual = 4;

    // A gigabyte.
    private const int PartsLong = 64;
    private const int SlowClients = 40;
    private const int QuickClients = 16;

    private static readonly GuestPort s_port = new(80);

    private readonly VmNetwork _network = VmNetwork.Of(s_port);

    /// <inheritdoc/>
    public override string Name => "web-load";

    /// <inheritdoc/>
    public override string Description =>
        "the web server in the machine answers wrk and ab with 64 connections without an error, beside slow heads too, and curl's parts make the whole, both ways";

    /// <inheritdoc/>
    public override string? SystemName => "web";

    /// <inheritdoc/>
    public override IReadOnlyList<DebianPackage> Packages => [CurlClient.Package, .. LoadClient.Packages];

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(1) { MemoryMiB = 128 }, new(1) { MemoryMiB = 128, Rounds = PartsLong, IsLong = true }];

    /// <inheritdoc/>
    protected override string Parameters => "end=never grant=16 console=program";

    /// <inheritdoc/>
    protected override VmSettings Equip(VmSettings settings) => settings with { Network = _network, TimeLimit = settings.TimeLimit * 20 };

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        bool isReady = expect.That(Packages.All(package => package.IsInstalled), "wrk, ab or curl is not installed")
            && expect.That(terminal.WaitUntilHeard("http: listening"), "the server does not listen");
        if (!isReady)
        {
            return;
        }

        string address = $"http://127.0.0.1:{_network.HostPort(s_port)}";
        using var door = new GuestDoor(_network.HostPort(s_port));
        string crowded = $"http://127.0.0.1:{door.Port}/page.js";
        long answered = LoadClient.Wrk(expect, crowded, Connections, Seconds);
        long requests = LoadClient.Ab(expect, crowded, Connections, Requests);
        run.Count("wrk", answered);
        run.Count("ab", requests);
        int parts = run.Shape.Rounds ?? PartsUsual;
        run.Count("bytes", Fetch(expect, address, parts));

        // The server has counted each of them. Those that wrk gave up at its end were answered as well.
        long counted = Metric(expect, address, "atoll_http_requests_total ");
        long least = answered + requests + parts;
        expect.That(counted >= least && counted <= least + Connections + 1, $"the server counted {counted} requests, and {least} at least were made");
        expect.That(Metric(expect, address, "atoll_http_responses_total{class=\"5xx\"} ") == 0, "an answer of the class 5xx");
        run.Count("bytes-sent", Send(expect, address, parts));
        using (var slow = new SlowHeads(SlowClients, door.Port))
        {
            run.Count("beside-slow-heads", LoadClient.Ab(expect, crowded, QuickClients, Requests / 4));
            slow.AreRefused(expect);
        }

        Settle(expect, terminal);
    }

    private static long Send(Expectations expect, string address, int parts)
    {
        string file = Path.Combine(Path.GetTempPath(), $"atoll-sum-{Environment.ProcessId}");
        try
        {
            byte[] content = new byte[PartBytes];
            new Random(parts).NextBytes(content);
            File.WriteAllBytes(file, content);
            string sum = $"{{\"bytes\":{PartBytes},\"sum\":{content.Sum(value => (long)value)}}}\n";
            for (int part = 0; part < parts; part++)
            {
                string? told = CurlClient.Ask("--data-binary", $"@{file}", $"{address}/sum");
                expect.That(told == sum, $"part {part} that was sent: {told}");
            }

            return parts * PartBytes;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static long Fetch(Expectations expect, string address, int parts)
    {
        string file = Path.Combine(Path.GetTempPath(), $"atoll-web-{Environment.ProcessId}");
        try
        {
            long bytes = 0;
            for (int part = 0; part < parts; part++)
            {
                long first = part * PartBytes;
                string? told = CurlClient.Ask("-r", $"{first}-{first + PartBytes - 1}", "-o", file, $"{address}/data");
                byte[] got = File.ReadAllBytes(file);
                expect.That(told is "" && IsPattern(got, first), $"part {part}: {told}, {got.Length} bytes");
                bytes += got.Length;
            }

            return bytes;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static bool IsPattern(byte[] got, long first)
    {
        bool isSame = got.Length == PartBytes;
        for (int index = 0; isSame && index < got.Length; index++)
        {
            long place = first + index;
            isSame = got[index] == (byte)(place + (place >> 8));
        }

        return isSame;
    }

    private static long Metric(Expectations expect, string address, string sample)
    {
        string line = CurlClient.Ask($"{address}/metrics")?.Split('\n').FirstOrDefault(line =>
            line.StartsWith(sample, StringComparison.Ordinal)) ?? "";
        bool isThere = expect.That(line.Length != 0, $"the metrics do not tell {sample}");
        return isThere ? long.Parse(line[sample.Length..], CultureInfo.InvariantCulture) : -1;
    }
}
