using System.Globalization;
using System.Net.Sockets;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Scenarios;

/// <summary>iperf3's client against a server in the machine, by one stream and by four: what is sent is counted at the other end, to the byte. What it does not serve it refuses, and goes on.</summary>
public sealed class IperfScenario : SystemScenario
{
    private const int SecondsUsual = 2;
    private const int SecondsLong = 30;
    private const int CookieBytes = 37;

    private static readonly GuestPort s_port = new(5201);

    private readonly VmNetwork _network = VmNetwork.Of(s_port);

    /// <inheritdoc/>
    public override string Name => "iperf";

    /// <inheritdoc/>
    public override string Description => "iperf3 sends to the machine, by one stream and by four; both ends count the same bytes";

    /// <inheritdoc/>
    public override string? SystemName => "iperf";

    /// <inheritdoc/>
    public override IReadOnlyList<DebianPackage> Packages => [IperfClient.Package];

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(1) { MemoryMiB = 128 }, new(1) { MemoryMiB = 128, Rounds = SecondsLong, IsLong = true }];

    /// <inheritdoc/>
    protected override string Parameters => "end=never grant=16 console=program";

    /// <inheritdoc/>
    protected override VmSettings Equip(VmSettings settings) => settings with { Network = _network, TimeLimit = settings.TimeLimit * 10 };

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        if (!expect.That(IperfClient.Package.IsInstalled, "iperf3 is not installed")
            || !expect.That(terminal.WaitUntilHeard("iperf: listening"), "the server does not listen"))
        {
            return;
        }

        string seconds = (run.Shape.Rounds ?? SecondsUsual).ToString(CultureInfo.InvariantCulture);
        IperfCount one = Counted(expect, "-t", seconds);
        expect.Equal(one.Sent, one.Received, "bytes that the server has counted, of one stream");
        AreRefused(expect);
        IperfCount four = Counted(expect, "-t", seconds, "-P", "4");
        expect.Equal(four.Sent, four.Received, "bytes that the server has counted, of four streams");
        Settle(expect, terminal);
        run.Count("bytes", one.Received);
        run.Count("bytes-of-four", four.Received);
        run.Count("bits-per-second", one.BitsPerSecond);
    }

    private IperfCount Counted(Expectations expect, params IEnumerable<string> arguments)
    {
        IperfCount count = IperfClient.Run(_network.HostPort(s_port), arguments);
        expect.That(count.Error is null && count.Received > 0, $"iperf3 {string.Join(' ', arguments)}: {count}");
        return count;
    }

    // Tests that are not served, and clients that are none: each ends, and the next is served.
    private void AreRefused(Expectations expect)
    {
        foreach (string[] unserved in new string[][] { ["-u", "-t", "1"], ["--bidir", "-t", "1"], ["-R", "-t", "1"], ["-P", "9", "-t", "1"], ["-O", "1", "-t", "1"] })
        {
            IperfCount refused = IperfClient.Run(_network.HostPort(s_port), unserved);
            expect.That(refused.Error?.Contains("not implemented", StringComparison.Ordinal) ?? false, $"iperf3 {string.Join(' ', unserved)} was not refused: {refused}");
        }

        byte[] cookie = new byte[CookieBytes];
        foreach (byte[] nonsense in new byte[][] { [], [1], [.. cookie, 0xFF, 0xFF, 0xFF, 0xFF], [.. cookie, 0, 0, 0, 0], [.. cookie, 0, 0, 0, 2, 1, 2], [.. cookie, 0, 0, 1, 0, 1] })
        {
            using TcpClient client = EchoHost.ConnectTo(_network.HostPort(s_port));
            client.GetStream().Write(nonsense);
            AwaitEnd(client.Client);
        }
    }

    // The server has given the test up when it ends the connection, in whatever way.
    private static void AwaitEnd(Socket client)
    {
        try
        {
            client.Shutdown(SocketShutdown.Send);
            while (client.Receive(new byte[1]) > 0)
            {
            }
        }
        catch (SocketException)
        {
        }
    }
}
