using System.Diagnostics;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Scenarios;

/// <summary>
/// The driver spreads flows over a stack on each of three cores. A stack dies, a core dies, the driver dies: who was not on it goes on, who was is told by a reset, and whoever comes next is served.
/// </summary>
public sealed partial class NetSpreadScenario : SystemScenario
{
    private const int Flows = 48;
    private const int Connections = 18;
    private const int Bytes = 3000;
    private const int LooksMax = 400;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly GuestPort s_tcp = new(7);
    private static readonly GuestPort s_udp = new(7, IsUdp: true);

    private readonly VmNetwork _network = VmNetwork.Of(s_tcp, s_udp);

    /// <inheritdoc/>
    public override string Name => "net-spread";

    /// <inheritdoc/>
    public override string Description =>
        "flows are spread over a stack on each of three cores; a stack, a core and the driver die: the flows of others go on, and new ones are served";

    /// <inheritdoc/>
    public override string? SystemName => "spread";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(3) { MemoryMiB = 192 }];

    /// <inheritdoc/>
    protected override string Parameters => "end=never grant=32 console=program";

    /// <inheritdoc/>
    protected override VmSettings Equip(VmSettings settings) => settings with { Network = _network, TimeLimit = settings.TimeLimit * 4 };

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        if (!expect.That(terminal.WaitUntilHeard("echo-0: listening"), "the program of core 0 does not listen"))
        {
            return;
        }

        // The machine has an address when the first datagram comes back. From now on nobody who calls is reset, and who has begun goes on, whoever begins to listen meanwhile.
        new EchoHost(_network.HostPort(s_tcp), _network.HostPort(s_udp)).Datagrams(expect, 1);
        // One after the other, as QEMU takes them (GuestDoor).
        List<TcpClient> early = [];
        for (int connection = 0; connection < Connections; connection++)
        {
            early.Add(EchoHost.ConnectTo(_network.HostPort(s_tcp)));
            expect.That(Answers(early[^1]), $"caller {connection} while not every core's program listened");
        }

        Settle(expect, terminal);
        long delivered = SharedFlows(expect, terminal);
        Serves(expect, "at first");
        expect.Equal(Connections, early.Count(Answers), "connections that go on since every core's program listens");
        early.ForEach(client => client.Dispose());

        run.Count("kept-when-the-driver-died", Kept(expect, "the driver's death", () => Does(expect, terminal, "restart virtio-net", "virtio-net: started again"), none: true));
        run.Count("kept-when-a-stack-died", Kept(expect, "the first stack's death", () => Does(expect, terminal, "restart net-0", "net-0: started again")));
        run.Count("kept-when-a-core-died", Kept(expect, "a core's death", () => Kill(expect, terminal, core: 2)));
        run.Count("flows", Flows);
        run.Count("of-them-at-core-0", delivered);
        Settle(expect, terminal);
    }

    // Datagrams are sent until the first core's stack has not all of them any more: so long others begin to listen.
    private long SharedFlows(Expectations expect, GuestTerminal terminal)
    {
        long began = Stopwatch.GetTimestamp();
        long delivered = Flows;
        while (delivered is 0 or Flows && expect.Unmet.Count == 0)
        {
            long before = Delivered(expect, terminal);
            Flow(expect, "at first");
            delivered = Delivered(expect, terminal) - before;
            expect.That(Stopwatch.GetElapsedTime(began) < s_patience, $"of {Flows} flows the stack of core 0 had {delivered}");
        }

        return delivered;
    }

    private void Flow(Expectations expect, string when)
    {
        var host = new EchoHost(_network.HostPort(s_tcp), _network.HostPort(s_udp));
        for (int flow = 0; flow < Flows && expect.Unmet.Count == 0; flow++)
        {
            expect.That(host.Datagrams(expect, 1) == 1, $"flow {flow} {when}");
        }
    }

    // Datagrams are sent again until somebody answers.
    private void Serves(Expectations expect, string when)
    {
        var host = new EchoHost(_network.HostPort(s_tcp), _network.HostPort(s_udp));
        for (int flow = 0; flow < Flows && expect.Unmet.Count == 0; flow++)
        {
            expect.That(host.Datagrams(expect, 1) == 1, $"flow {flow} {when}");
        }

        for (int connection = 0; connection < Connections && expect.Unmet.Count == 0; connection++)
        {
            expect.That(host.Exchange(expect, Bytes, seed: connection), $"connection {connection} {when}");
        }
    }

    // How many of the connections that were open before have gone on behind something.
    private long Kept(Expectations expect, string what, Action happens, bool none = false)
    {
        List<TcpClient> clients = [];
        try
        {
            for (int connection = 0; connection < Connections; connection++)
            {
                clients.Add(EchoHost.ConnectTo(_network.HostPort(s_tcp)));
                expect.That(Answers(clients[^1]), $"connection {connection} before {what}");
            }

            happens();
            long kept = clients.LongCount(Answers);
            expect.That(none ? kept == Connections : kept is > 0 and < Connections, $"behind {what} {kept} of {Connections} connections went on");
            Serves(expect, $"behind {what}");
            return kept;
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private static bool Answers(TcpClient client)
    {
        try
        {
            byte[] back = new byte[Bytes];
            client.GetStream().Write(back);
            client.GetStream().ReadExactly(back);
            return true;
        }
        catch (Exception error) when (error is IOException or SocketException or InvalidOperationException)
        {
            return false;
        }
    }

    private static void Does(Expectations expect, GuestTerminal terminal, string command, string done)
    {
        string answer = Ask(expect, terminal, command);
        expect.That(answer.Contains(done, StringComparison.Ordinal), $"'{command}': {answer}");
        Settle(expect, terminal);
    }

    // Started again by the policy: the second life is whole again.
    private static void Kill(Expectations expect, GuestTerminal terminal, int core)
    {
        Does(expect, terminal, $"instances kill {core}", "told");
        string answer = "";
        for (int look = 0; look < LooksMax; look++)
        {
            answer = Ask(expect, terminal, "instances");
            if (Regex.IsMatch(answer, $@"(?m)^ *{core}  healthy +2 "))
            {
                return;
            }
        }

        expect.That(false, $"core {core} was not started again: {answer}");
    }

    private static long Delivered(Expectations expect, GuestTerminal terminal)
    {
        string counters = Ask(expect, terminal, "counters");
        expect.That(counters.Contains("frames sent", StringComparison.Ordinal), $"'counters': {counters}");

        // What was never counted is not told.
        Match match = Count().Match(counters);
        return match.Success ? long.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex(@"udp delivered +(\d+)\s")]
    private static partial Regex Count();
}
