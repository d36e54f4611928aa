using Atoll.TestVm.Guest;
using Atoll.TestVm.Isolation;

namespace Atoll.TestVm.Scenarios;

/// <summary>Programs of different instances share the pages of their channels, each with one other program, and nothing else.</summary>
public sealed class ChannelPagesScenario : AddressSpaceScenario
{
    private const int Nodes = 4;

    // Init, console, supervisor, shell and a node on the first core; Init and a node on each other.
    private const int OnFirstCore = 5;
    private const int OnOthers = 2;

    /// <inheritdoc/>
    public override string Name => "channel-pages";

    /// <inheritdoc/>
    public override string Description =>
        "programs share the pages of open channels, each with the other end alone; every seeded defect in them is found";

    /// <inheritdoc/>
    public override string? SystemName => "mesh-open";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(Nodes) { MemoryMiB = 128 }];

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        MachineView machine = LookWhenOpen(run, expect, terminal, (Nodes * (Nodes - 1) / 2) + Nodes);
        var channels = new ChannelMap(machine, machine.Walk());
        (int, int)[] joined = [.. channels.Whole.Select(channel => CoresOf(channel)).Order()];
        (int, int)[] pairs =
        [
            .. from first in Enumerable.Range(0, Nodes)
               from second in Enumerable.Range(first + 1, Nodes - first - 1)
               select (first, second),
        ];

        // Besides, Init of each core has one to the supervisor.
        (int, int)[] expected = [.. pairs.Concat(Enumerable.Range(0, Nodes).Select(core => (0, core))).Order()];
        expect.That(joined.SequenceEqual(expected), $"channels join the cores {string.Join(", ", joined)}, and not each pair once, and each with the first");
        run.Count("channels", joined.Length);
        Judge(run, expect, machine, core => core == 0 ? OnFirstCore : OnOthers, [.. ProgramDefects.All, .. ChannelDefects.All]);
    }

    private static (int First, int Second) CoresOf(WholeChannel channel) =>
        (int.Min(channel.First.Core, channel.Second.Core), int.Max(channel.First.Core, channel.Second.Core));
}
