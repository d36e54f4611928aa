using System.Globalization;
using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Scenarios;

/// <summary>The host talks with a program of the machine by TCP and UDP: card, driver, stack and program, each in an address space of its own.</summary>
public sealed class NetScenario : SystemScenario
{
    private const int Connections = 20;
    private const int Datagrams = 50;
    private const int StreamBytes = 200_000;

    private static readonly GuestPort s_tcp = new(7);
    private static readonly GuestPort s_udp = new(7, IsUdp: true);

    private readonly VmNetwork _network = VmNetwork.Of(s_tcp, s_udp);

    /// <inheritdoc/>
    public override string Name => "net";

    /// <inheritdoc/>
    public override string Description => "what the host sends by TCP and UDP comes back as it was, through card, driver, stack and program";

    /// <inheritdoc/>
    public override string? SystemName => "net";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(1) { MemoryMiB = 128 }, new(1) { MemoryMiB = 128, Machine = "pc" }];

    /// <inheritdoc/>
    protected override string Parameters => "end=never grant=16 console=program";

    /// <inheritdoc/>
    protected override VmSettings Equip(VmSettings settings) => settings with { Network = _network };

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        if (!expect.That(terminal.WaitUntilHeard("echo: listening"), "the program does not listen"))
        {
            return;
        }

        var host = new EchoHost(_network.HostPort(s_tcp), _network.HostPort(s_udp));
        int datagrams = host.Datagrams(expect, Datagrams);
        for (int connection = 0; connection < Connections; connection++)
        {
            host.Exchange(expect, bytes: 1 + (connection * 997), seed: connection);
        }

        host.Exchange(expect, StreamBytes, seed: Connections);
        Settle(expect, terminal);
        string devices = Ask(expect, terminal, "devices");
        expect.That(Regex.IsMatch(devices, "1af4:1041  0200    virtio-net"), $"the card is not driven: {devices}");
        Look(expect, terminal, host.SentDatagrams);
        run.Count("connections", Connections + 1);
        run.Count("datagrams", datagrams);
    }

    // What the shell tells of it. QEMU's router answers, its name server only if the host has one; nobody has the address 10.0.2.99.
    private static void Look(Expectations expect, GuestTerminal terminal, int sentDatagrams)
    {
        string net = Ask(expect, terminal, "net");
        expect.That(Regex.IsMatch(net, @"address   10\.0\.2\.15/24\s+gateway   10\.0\.2\.2\s+names     10\.0\.2\.3"), $"'net': {net}");
        expect.That(Regex.IsMatch(net, @"station   52:54:00:12:34:56"), $"'net': {net}");
        string sockets = Ask(expect, terminal, "sockets");
        expect.That(Regex.IsMatch(sockets, @"tcp +7 +listens") && Regex.IsMatch(sockets, @"udp +7 +open"), $"'sockets': {sockets}");
        string counters = Ask(expect, terminal, "counters");
        Match delivered = Regex.Match(counters, @"udp delivered +([0-9]+)\s");

        // One whose answer is late on a busy host is sent again.
        expect.That(
            delivered.Success && int.Parse(delivered.Groups[1].Value, CultureInfo.InvariantCulture) is var count && count >= Datagrams && count <= sentDatagrams,
            $"'counters' does not tell of {Datagrams} to {sentDatagrams} datagrams: {counters}");
        string there = Ask(expect, terminal, "ping 10.0.2.2");
        expect.That(Regex.Count(there, @"10\.0\.2\.2 answers after [0-9]+ us") == 3, $"'ping' of the router: {there}");
        string nowhere = Ask(expect, terminal, "ping 10.0.2.99");
        expect.That(nowhere.Contains("10.0.2.99 does not answer", StringComparison.Ordinal), $"'ping' of nobody: {nowhere}");
        expect.That(Ask(expect, terminal, "ping").Contains("ping HOST", StringComparison.Ordinal), "'ping' of nothing is not explained");
    }
}
