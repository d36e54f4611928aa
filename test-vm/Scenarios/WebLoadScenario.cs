using System.Globalization;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Scenarios;

/// <summary>wrk and ab press the web server in the machine with 64 connections, as many as it has places for, and curl fetches much by parts: no error, and the same figures at both ends.</summary>
public sealed class WebLoadScenario : SystemScenario
{
    private const int Connections = 64;
    private const int Seconds = 5;
    private const int Requests = 2000;
    private const long PartBytes = 16 << 20;
    private const int Parts = 4;

    private static readonly GuestPort s_port = new(80);

    private readonly VmNetwork _network = VmNetwork.Of(s_port);

    /// <inheritdoc/>
    public override string Name => "web-load";

    /// <inheritdoc/>
    public override string Description =>
        "the web server in the machine answers wrk and ab with 64 connections without an error, and curl's parts make the whole";

    /// <inheritdoc/>
    public override string? SystemName => "web";

    /// <inheritdoc/>
    public override IReadOnlyList<DebianPackage> Packages => [CurlClient.Package, .. LoadClient.Packages];

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(1) { MemoryMiB = 128 }];

    /// <inheritdoc/>
    protected override string Parameters => "end=never grant=16 console=program";

    /// <inheritdoc/>
    protected override VmSettings Equip(VmSettings settings) => settings with { Network = _network, TimeLimit = settings.TimeLimit * 4 };

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
        run.Count("bytes", Fetch(expect, address));

        // The server has counted each of them. Those that wrk gave up at its end were answered as well.
        long counted = Metric(expect, address, "atoll_http_requests_total ");
        long least = answered + requests + Parts;
        expect.That(counted >= least && counted <= least + Connections + 1, $"the server counted {counted} requests, and {least} at least were made");
        expect.That(Metric(expect, address, "atoll_http_responses_total{class=\"5xx\"} ") == 0, "an answer of the class 5xx");
        Settle(expect, terminal);
    }

    private static long Fetch(Expectations expect, string address)
    {
        string file = Path.Combine(Path.GetTempPath(), $"atoll-web-{Environment.ProcessId}");
        try
        {
            long bytes = 0;
            for (int part = 0; part < Parts; part++)
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
