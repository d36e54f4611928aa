using Atoll.TestVm.Guest;
using Atoll.TestVm.Isolation;

namespace Atoll.TestVm.Scenarios;

/// <summary>Every program's page tables map what is its own, what nobody can write, and the kernel out of its reach.</summary>
public sealed class ProgramsScenario : SystemScenario
{
    // Init and console, supervisor, shell on the first core; Init alone on each other.
    private const int OnFirstCore = 4;

    /// <inheritdoc/>
    public override string Name => "programs";

    /// <inheritdoc/>
    public override string Description => "page tables of programs map their own pages and what nobody can write; every seeded defect in them is found";

    /// <inheritdoc/>
    public override string? SystemName => "shell";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(1) { MemoryMiB = 128 }, new(4) { MemoryMiB = 128 }];

    /// <inheritdoc/>
    protected override string Parameters => base.Parameters + " report=pages";

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        // A program that was taken away and made again: what it had before must not be mapped any more.
        Ask(expect, terminal, "restart supervisor");
        terminal.Machine.Qmp.StopCores();
        MachineView machine = StoppedMachine.Capture(terminal.Machine, run.Settings(Parameters));
        terminal.Machine.Qmp.ContinueCores();

        expect.Equal(run.Shape.Cores, machine.Instances.Count, "instances");
        foreach (InstanceSpace space in machine.Walk())
        {
            expect.Equal(space.Core == 0 ? OnFirstCore : 1, space.Programs.Count, $"address spaces of programs on core {space.Core}");
            run.Count("spaces", space.Programs.Count);
            run.Count("mappings", space.Programs.Sum(program => program.Mappings.Count(page => page.IsUser)));
        }

        foreach (Violation violation in IsolationChecker.Check(machine))
        {
            expect.That(false, violation.ToString());
        }

        foreach (SeededDefect defect in ProgramDefects.All.Where(defect => defect.CoresMin <= run.Shape.Cores))
        {
            expect.That(defect.IsFound(machine), $"the checker does not find '{defect.Name}'");
            run.Count("defects", 1);
        }
    }
}
