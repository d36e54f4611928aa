using System.Globalization;
using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Scenarios;

/// <summary>nmap scans the machine: it is answered, knows what answers, and each frame that went through the card is in exactly one counter of the stack.</summary>
public sealed partial class NetScanScenario : SystemScenario
{
    private const string FirstEvent = "frames sent";
    private const int StreamBytes = 20_000;

    private static readonly GuestPort s_echo = new(7);
    private static readonly GuestPort s_closed = new(9);
    private static readonly GuestPort s_udp = new(7, IsUdp: true);

    private readonly VmNetwork _network = VmNetwork.Of(s_echo, s_closed, s_udp) with { DumpPath = Path.Combine(Path.GetTempPath(), $"atoll-frames-{Environment.ProcessId}") };

    /// <inheritdoc/>
    public override string Name => "net-scan";

    /// <inheritdoc/>
    public override string Description => "nmap scans the machine and is answered; each frame that comes is in exactly one counter, as QEMU's own count of them says";

    /// <inheritdoc/>
    public override string? SystemName => "net";

    /// <inheritdoc/>
    public override IReadOnlyList<DebianPackage> Packages => [NmapClient.Package];

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(1) { MemoryMiB = 128 }];

    /// <inheritdoc/>
    protected override string Parameters => "end=never grant=16 console=program";

    /// <inheritdoc/>
    protected override VmSettings Equip(VmSettings settings) => settings with { Network = _network, TimeLimit = settings.TimeLimit * 4 };

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        if (!expect.That(NmapClient.Package.IsInstalled, "nmap is not installed")
            || !expect.That(terminal.WaitUntilHeard("echo: listening"), "the program does not listen"))
        {
            return;
        }

        try
        {
            // The machine has its address from here on.
            var host = new EchoHost(_network.HostPort(s_echo), _network.HostPort(s_udp));
            host.Datagrams(expect, 1);
            string told = NmapClient.Scan(asks: true, _network.HostPort(s_echo));
            expect.That(Regex.IsMatch(told, $@"(?m)^{_network.HostPort(s_echo)}/tcp\s+open\s+echo"), $"nmap does not know who answers: {told}");
            string scanned = NmapClient.Scan(asks: false, _network.HostPort(s_echo), _network.HostPort(s_closed));
            expect.That(Regex.IsMatch(scanned, @"1 IP address \(1 host up\) scanned"), $"nmap does not end: {scanned}");
            host.Exchange(expect, StreamBytes, seed: 1);
            Settle(expect, terminal);
            Account(run, expect, Ask(expect, terminal, "counters"));
        }
        finally
        {
            File.Delete(_network.DumpPath!);
        }
    }

    // How frames ended comes before what else was counted.
    private void Account(ScenarioRun run, Expectations expect, string counters)
    {
        long ended = Lines().Matches(counters)
            .TakeWhile(line => line.Groups[1].Value.TrimEnd() != FirstEvent)
            .Sum(line => long.Parse(line.Groups[2].Value, CultureInfo.InvariantCulture));
        long came = FrameDump.ReadAll(_network.DumpPath!).Count(frame => !FrameDump.IsFromGuest(frame));
        expect.That(ended == came && came > 0, $"{came} frames came through the card, and {ended} are counted: {counters}");
        run.Count("frames", (int)came);
    }

    [GeneratedRegex("(?m)^([a-z][a-z0-9 ]+?) +([0-9]+)$")]
    private static partial Regex Lines();
}
