using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Scenarios;

/// <summary>The stack stops doing anything while it has work: the supervisor misses it and starts it again by its policy, its client is told by name and serves again, and whoever needs no network goes on all the time.</summary>
public sealed class StackHangsScenario : SystemScenario
{
    private const int Bytes = 30_000;
    private const string Missed = "@fault program=net image=net kind=hang rip=0x0 address=0x0 outcome=restarted";
    private const string ClientIsTold = "echo: StackDead";

    private static readonly GuestPort s_tcp = new(7);
    private static readonly GuestPort s_udp = new(7, IsUdp: true);

    private readonly VmNetwork _network = VmNetwork.Of(s_tcp, s_udp);

    /// <inheritdoc/>
    public override string Name => "stack-hangs";

    /// <inheritdoc/>
    public override string Description =>
        "the stack loops for ever: it is missed and started again by policy, its client is told by name and serves again, and the others go on meanwhile";

    /// <inheritdoc/>
    public override string? SystemName => "stack-hang";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(1) { MemoryMiB = 128 }];

    /// <inheritdoc/>
    protected override string Parameters => "end=never grant=16 console=program";

    /// <inheritdoc/>
    protected override VmSettings Equip(VmSettings settings) => settings with { Network = _network, TimeLimit = settings.TimeLimit * 5 };

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        if (!expect.That(terminal.WaitUntilHeard("echo: listening"), "the program does not listen"))
        {
            return;
        }

        var host = new EchoHost(_network.HostPort(s_tcp), _network.HostPort(s_udp));
        Serves(expect, host, seed: 1);
        Settle(expect, terminal);

        // The stack has a lower priority than the supervisor, and a budget: a program below it answers while it hangs.
        int asked = AskUntil(expect, terminal, Missed);
        expect.That(asked > 1, "the shell was not asked while the stack hung");
        AskUntil(expect, terminal, ClientIsTold);
        Settle(expect, terminal);
        Serves(expect, host, seed: 2);
        string log = Ask(expect, terminal, "log");
        expect.That(Regex.Count(log, "net .*hang .*: restarted") == 1, $"the log does not tell of one hang: {log}");
        string programs = Ask(expect, terminal, "ps");
        foreach (string other in new[] { "console", "supervisor", "shell", "pci", "virtio-net", "echo" })
        {
            expect.That(Regex.IsMatch(programs, $@"(?m)^{other} +running +\d+ +1 "), $"'{other}' does not run in its first life: {programs}");
        }

        run.Count("hangs", 1);
        run.Count("answers-meanwhile", asked);
    }

    // Supervisor, client and shell speak in any order.
    private static int AskUntil(Expectations expect, GuestTerminal terminal, string heard)
    {
        int asked = 0;
        while (!terminal.Heard.Contains(heard, StringComparison.Ordinal) && expect.Unmet.Count == 0)
        {
            // What is waited for brings a prompt of its own, and may stand where the answer is read.
            bool isAnswered = Ask(expect, terminal, "ps").Contains("virtio-net", StringComparison.Ordinal);
            expect.That(isAnswered || terminal.Heard.Contains(heard, StringComparison.Ordinal), $"the shell does not answer while '{heard}' is waited for");
            asked += isAnswered ? 1 : 0;
        }

        return asked;
    }

    // The machine has an address when the first datagram comes back.
    private static void Serves(Expectations expect, EchoHost host, int seed)
    {
        host.Datagrams(expect, 1);
        host.Exchange(expect, Bytes, seed);
    }
}
