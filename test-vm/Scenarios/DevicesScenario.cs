using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Scenarios;

/// <summary>A program finds the devices of the bus, on machines whose buses are different, and is started again as often as one likes.</summary>
public sealed class DevicesScenario : SystemScenario
{
    /// <inheritdoc/>
    public override string Name => "devices";

    /// <inheritdoc/>
    public override string Description => "a program finds the devices of the bus, and still does after it was started again";

    /// <inheritdoc/>
    public override string? SystemName => "devices";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(1) { MemoryMiB = 128 }, new(1) { MemoryMiB = 128, Machine = "pc" }];

    /// <inheritdoc/>
    protected override VmSettings Equip(VmSettings settings) => settings with { Network = VmNetwork.Of() };

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        // Class codes: PCI Code and ID Assignment Specification, "Class Codes": bridge 06, host 00, network 02.
        Look(expect, terminal, "before");
        for (int life = 0; life < 3; life++)
        {
            expect.That(Ask(expect, terminal, "restart pci").Contains("started again", StringComparison.Ordinal), "'pci' was not started again");
            Look(expect, terminal, $"after {life + 1} restarts");
        }

        run.Count("restarts", 3);
    }

    private static void Look(Expectations expect, GuestTerminal terminal, string when)
    {
        string list = Ask(expect, terminal, "devices");
        expect.That(Regex.IsMatch(list, "00:00\\.0 8086:[0-9a-f]{4}  0600"), $"{when}: no host bridge: {list}");
        expect.That(Regex.IsMatch(list, "00:[0-9a-f]{2}\\.0 1af4:1041  0200"), $"{when}: no network card: {list}");
    }
}
