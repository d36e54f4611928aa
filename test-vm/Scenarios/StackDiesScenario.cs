using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Scenarios;

/// <summary>The stack dies: its client is told by name and serves again over the next one, and everybody else goes on.</summary>
public sealed class StackDiesScenario : SystemScenario
{
    private const int Lives = 3;
    private const int Bytes = 30_000;
    private const string ClientIsTold = "echo: StackDead";
    private const string ClientGivesUp = "echo: there is no stack";

    private static readonly GuestPort s_tcp = new(7);
    private static readonly GuestPort s_udp = new(7, IsUdp: true);

    private readonly VmNetwork _network = VmNetwork.Of(s_tcp, s_udp);

    /// <inheritdoc/>
    public override string Name => "stack-dies";

    /// <inheritdoc/>
    public override string Description =>
        $"the stack is started again {Lives} times and taken away once: its client is told by name, and the others go on";

    /// <inheritdoc/>
    public override string? SystemName => "net";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(1) { MemoryMiB = 128 }];

    /// <inheritdoc/>
    protected override string Parameters => "end=never grant=16 console=program";

    /// <inheritdoc/>
    protected override VmSettings Equip(VmSettings settings) => settings with { Network = _network, TimeLimit = settings.TimeLimit * 2 };

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        if (!expect.That(terminal.WaitUntilHeard("echo: listening"), "the program does not listen"))
        {
            return;
        }

        var host = new EchoHost(_network.HostPort(s_tcp), _network.HostPort(s_udp));
        Settle(expect, terminal);
        for (int life = 0; life < Lives; life++)
        {
            Serves(expect, host, life);
            IsTold(expect, terminal, "restart net", "started again");
        }

        Serves(expect, host, Lives);
        IsTakenAway(expect, terminal, host);
        run.Count("restarts", Lives);
        run.Count("kills", 1);
    }

    // While there is no stack, whoever needs none goes on. Its client has nothing to do any more, and ends by itself: no fault.
    private static void IsTakenAway(Expectations expect, GuestTerminal terminal, EchoHost host)
    {
        terminal.Type("kill net\r");
        Says(expect, terminal, ClientIsTold, "that the client was told of the stack's end");
        Says(expect, terminal, ClientGivesUp, "that the client has waited for another in vain");
        Settle(expect, terminal);
        string programs = Ask(expect, terminal, "ps");
        foreach (string other in new[] { "console", "supervisor", "shell", "pci", "virtio-net" })
        {
            expect.That(Regex.IsMatch(programs, $"{other} +running .* 1 "), $"'{other}' does not run in its first life: {programs}");
        }

        expect.That(!Regex.IsMatch(programs, "net +running +170"), $"the stack was not taken away: {programs}");
        expect.That(Regex.IsMatch(programs, "echo +ended.* code 2"), $"the client has not ended by itself, with its code: {programs}");
        expect.That(Ask(expect, terminal, "start net").Contains("net: started", StringComparison.Ordinal), "the stack was not started");
        terminal.Type("start echo\r");
        Says(expect, terminal, "echo: listening", "that the client listens again");
        Settle(expect, terminal);
        Serves(expect, host, Lives + 1);
    }

    // Client and shell speak in any order.
    private static void IsTold(Expectations expect, GuestTerminal terminal, string command, string done)
    {
        int told = Regex.Count(terminal.Heard, ClientIsTold);
        string answer = Ask(expect, terminal, command);
        Settle(expect, terminal);
        expect.That(answer.Contains($"net: {done}", StringComparison.Ordinal), $"'{command}' was not done: {answer}");
        expect.Equal(told + 1, Regex.Count(terminal.Heard, ClientIsTold), "how often the client was told");
    }

    // The machine has an address when the first datagram comes back.
    private static void Serves(Expectations expect, EchoHost host, int life)
    {
        host.Datagrams(expect, 1);
        host.Exchange(expect, Bytes, seed: life);
    }
}
