using Atoll.TestVm.Guest;
using Atoll.TestVm.Isolation;

namespace Atoll.TestVm.Scenarios;

/// <summary>Every program's page tables map what is its own, what nobody can write, and the kernel out of its reach.</summary>
public sealed class ProgramsScenario : AddressSpaceScenario
{
    // Init, agent, console, supervisor, coordinator and shell on the first core; Init and agent on each other.
    private const int OnFirstCore = 6;
    private const int OnOthers = 2;

    /// <inheritdoc/>
    public override string Name => "programs";

    /// <inheritdoc/>
    public override string Description => "page tables of programs map their own pages and what nobody can write; every seeded defect in them is found";

    /// <inheritdoc/>
    public override string? SystemName => "shell";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(1) { MemoryMiB = 128 }, new(4) { MemoryMiB = 128 }];

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        // A program that was taken away and made again: what it had before must not be mapped any more.
        Ask(expect, terminal, "restart supervisor");
        // Each core's Init has a channel to the supervisor, and asks for it anew.
        Judge(run, expect, LookWhenOpen(run, expect, terminal, run.Shape.Cores), core => core == 0 ? OnFirstCore : OnOthers, ProgramDefects.All);
    }
}
