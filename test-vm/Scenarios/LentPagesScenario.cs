using System.Globalization;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Isolation;

namespace Atoll.TestVm.Scenarios;

/// <summary>While frames are lent, programs of other cores have them, and nobody else: both kernels' records say so, and the page tables.</summary>
public sealed class LentPagesScenario : AddressSpaceScenario
{
    private const int Cores = 4;

    // Init, console, supervisor, shell and the lender on the first core; Init and a borrower on each other.
    private const int OnFirstCore = 5;
    private const int OnOthers = 2;

    /// <inheritdoc/>
    public override string Name => "lent-pages";

    /// <inheritdoc/>
    public override string Description =>
        "a frame that is lent is its home's and its holders', one that is lent as a whole its holder's alone; every seeded defect in tables and records is found";

    /// <inheritdoc/>
    public override string? SystemName => "lent";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(Cores) { MemoryMiB = 128 }];

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        if (!expect.That(terminal.WaitUntilHeard("loan: lines 2"), "the lender did not come to its end"))
        {
            return;
        }

        expect.That(
            terminal.Heard.Contains(string.Create(CultureInfo.InvariantCulture, $"loan: lent {Cores - 1}"), StringComparison.Ordinal), "not everybody has mapped what was lent");
        MachineView machine = Look(run, terminal);
        IReadOnlyList<LentFrame> lent = new LentFrames(machine, machine.Walk()).All;
        (int, int, bool)[] due = [(0, 1, false), (0, 2, false), (0, 3, true)];
        (int, int, bool)[] seen = [.. lent.Select(frame => (frame.Home, frame.Holder, frame.IsWhole)).Order()];
        expect.That(seen.SequenceEqual(due), $"lent from core, to core, as a whole: {string.Join(", ", seen)}, and not {string.Join(", ", due)}");
        run.Count("lent", lent.Count);
        Judge(run, expect, machine, core => core == 0 ? OnFirstCore : OnOthers, [.. ProgramDefects.All, .. ChannelDefects.All, .. LentFrameDefects.All]);
    }
}
