using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Scenarios;

/// <summary>
/// Bytes flow both ways over one connection of the host while the driver below it dies: by the shell again and again, and once by a fault
/// of its own, after which the supervisor starts it again by the system's policy.
/// </summary>
public sealed class DriverDiesScenario : SystemScenario
{
    private const int RestartsUsual = 6;
    private const int RestartsLong = 60;
    private const long BytesBetween = 200_000;

    private static readonly GuestPort s_port = new(7);

    private readonly VmNetwork _network = VmNetwork.Of(s_port);

    /// <inheritdoc/>
    public override string Name => "driver-dies";

    /// <inheritdoc/>
    public override string Description =>
        $"bytes flow both ways while the driver is started again {RestartsUsual} times (--rounds) and faults once: "
        + "each comes back once and in order, without a reset";

    /// <inheritdoc/>
    public override string? SystemName => "net";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes =>
        [new(1) { MemoryMiB = 128 }, new(1) { MemoryMiB = 128, Rounds = RestartsLong, IsLong = true }];

    /// <inheritdoc/>
    protected override string Parameters => "end=never grant=16 console=program";

    /// <inheritdoc/>
    protected override VmSettings Equip(VmSettings settings) =>
        settings with { Network = _network, TimeLimit = settings.TimeLimit * 5 };

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        if (!expect.That(terminal.WaitUntilHeard("echo: listening"), "the program does not listen"))
        {
            return;
        }

        Settle(expect, terminal);
        int restarts = run.Shape.Rounds ?? RestartsUsual;
        using var stream = new EchoStream(EchoHost.ConnectTo(_network.HostPort(s_port)), seed: 1);
        if (!stream.Advances(expect, BytesBetween, "before any death"))
        {
            return;
        }

        long underWay = Restart(expect, terminal, stream, restarts);
        underWay = Math.Min(underWay, Fault(expect, terminal, stream));
        expect.That(underWay > 0, "at a death of the driver nothing was under way: there was no load");
        stream.Ends(expect);
        Settle(expect, terminal);
        run.Count("bytes", stream.Received);
        run.Count("restarts", restarts);
        run.Count("faults", 1);
        run.Count("least-under-way", underWay);
    }

    private static long Restart(Expectations expect, GuestTerminal terminal, EchoStream stream, int restarts)
    {
        long least = long.MaxValue;
        for (int death = 0; death < restarts; death++)
        {
            least = Math.Min(least, stream.UnderWay);
            string answer = Ask(expect, terminal, "restart virtio-net");
            bool isAgain = expect.That(
                answer.Contains("virtio-net: started again", StringComparison.Ordinal),
                $"death {death}: not started again: {answer}");
            if (!isAgain || !stream.Advances(expect, BytesBetween, $"after death {death}"))
            {
                break;
            }
        }

        return least;
    }

    // What 'pci' has handed out goes with it: the driver's next access to a register of its device is a page fault.
    private static long Fault(Expectations expect, GuestTerminal terminal, EchoStream stream)
    {
        long underWay = stream.UnderWay;
        terminal.Type("restart pci\r");
        Says(expect, terminal, "@fault program=virtio-net image=virtio-net kind=page-fault", "the fault of the driver");
        Says(expect, terminal, "outcome=restarted", "that the supervisor started it again");
        stream.Advances(expect, BytesBetween, "after the driver's fault");
        Settle(expect, terminal);
        string log = Ask(expect, terminal, "log");
        expect.That(
            Regex.Count(log, "virtio-net .*page-fault .*: restarted") == 1,
            $"the log does not tell of one fault of the driver: {log}");
        return underWay;
    }
}
