using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Scenarios;

/// <summary>Bytes flow both ways over one connection while the driver below it stops doing anything: its stack misses it, the supervisor starts it again by its policy, and no byte is lost.</summary>
public sealed class DriverHangsScenario : SystemScenario
{
    private const long BytesBetween = 200_000;

    private static readonly GuestPort s_port = new(7);

    private readonly VmNetwork _network = VmNetwork.Of(s_port);

    /// <inheritdoc/>
    public override string Name => "driver-hangs";

    /// <inheritdoc/>
    public override string Description => "bytes flow both ways while the driver loops for ever: it is missed and started again by policy, and each byte comes back once and in order";

    /// <inheritdoc/>
    public override string? SystemName => "hang";

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

        using var stream = new EchoStream(EchoHost.ConnectTo(_network.HostPort(s_port)), seed: 1);
        if (!stream.Advances(expect, BytesBetween, "before the driver hangs"))
        {
            return;
        }

        Says(expect, terminal, "@fault program=virtio-net image=virtio-net kind=hang", "that the driver is missed");
        long underWay = stream.UnderWay;
        Says(expect, terminal, "outcome=restarted", "that the supervisor started it again");
        expect.That(underWay > 0, "nothing was under way: there was no load");
        stream.Advances(expect, BytesBetween, "after the hang");
        stream.Ends(expect);
        Settle(expect, terminal);
        string log = Ask(expect, terminal, "log");
        expect.That(Regex.Count(log, "virtio-net .*hang .*: restarted") == 1, $"the log does not tell of one hang: {log}");
        run.Count("bytes", stream.Received);
        run.Count("under-way", underWay);
    }
}
