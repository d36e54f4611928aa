using System.Globalization;
using Atoll.TestVm.Guest;

namespace Atoll.TestVm.Scenarios;

/// <summary>Programs of all cores talk to each other over channels: every number arrives once, in order and unchanged.</summary>
public sealed class ChannelMatrixScenario : SystemScenario
{
    private const int Few = 4;
    private const int Many = 16;

    // What systems/mesh.toml and systems/mesh-16.toml have each node send to each other.
    private const int NumbersOfFew = 2000;
    private const int NumbersOfMany = 200;

    /// <inheritdoc/>
    public override string Name => "channel-matrix";

    /// <inheritdoc/>
    public override string Description => "a program on each core sends numbers to all others over channels, and all arrive once and in order";

    /// <inheritdoc/>
    public override string? SystemName => "mesh";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes =>
        [new(Few) { MemoryMiB = 128 }, new(Few) { MemoryMiB = 128, Icount = true }, new(Many) { MemoryMiB = 256 }];

    /// <inheritdoc/>
    public override string? SystemOn(VmShape shape) => shape.Cores < Many ? SystemName : $"{SystemName}-{Many}";

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        bool isMany = run.Shape.Cores >= Many;
        int nodes = isMany ? Many : Few;
        int each = (nodes - 1) * (isMany ? NumbersOfMany : NumbersOfFew);
        for (int core = 0; core < nodes; core++)
        {
            string said = string.Create(CultureInfo.InvariantCulture, $"mesh: core {core} received {each}, wrong 0");
            expect.That(terminal.WaitUntilHeard(said), $"core {core} has not received its {each} numbers: '{said}' was not said");
        }

        run.Count("messages", nodes * each);
        run.Count("channels", nodes * (nodes - 1) / 2);
    }
}
