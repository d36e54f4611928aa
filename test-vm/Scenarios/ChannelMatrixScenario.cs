using System.Globalization;
using Atoll.TestVm.Guest;

namespace Atoll.TestVm.Scenarios;

/// <summary>Programs of all cores talk to each other over channels: every number arrives once, in order and unchanged.</summary>
public sealed class ChannelMatrixScenario : SystemScenario
{
    private const int Nodes = 4;

    // What systems/mesh.toml has each node send to each other.
    private const int Numbers = 2000;

    /// <inheritdoc/>
    public override string Name => "channel-matrix";

    /// <inheritdoc/>
    public override string Description => "a program on each of four cores sends numbers to all others over channels, and all arrive once and in order";

    /// <inheritdoc/>
    public override string? SystemName => "mesh";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(Nodes) { MemoryMiB = 128 }, new(Nodes) { MemoryMiB = 128, Icount = true }];

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        const int each = (Nodes - 1) * Numbers;
        for (int core = 0; core < Nodes; core++)
        {
            string said = string.Create(CultureInfo.InvariantCulture, $"mesh: core {core} received {each}, wrong 0");
            expect.That(terminal.WaitUntilHeard(said), $"core {core} has not received its {each} numbers: '{said}' was not said");
        }

        run.Count("messages", Nodes * each);
        run.Count("channels", Nodes * (Nodes - 1) / 2);
    }
}
