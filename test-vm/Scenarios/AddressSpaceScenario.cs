using Atoll.TestVm.Guest;
using Atoll.TestVm.Isolation;

namespace Atoll.TestVm.Scenarios;

/// <summary>A machine with a shell is stopped, and the page tables of its programs are looked at.</summary>
public abstract class AddressSpaceScenario : SystemScenario
{
    /// <inheritdoc/>
    protected override string Parameters => base.Parameters + " report=pages";

    /// <summary>Takes memory and registers of the machine while its cores stand still.</summary>
    protected MachineView Look(ScenarioRun run, GuestTerminal terminal)
    {
        terminal.Machine.Qmp.StopCores();
        MachineView machine = StoppedMachine.Capture(terminal.Machine, run.Settings(BootParameters(run.Shape)));
        terminal.Machine.Qmp.ContinueCores();
        return machine;
    }

    /// <summary>Holds the machine against every rule, and the checker against every defect.</summary>
    /// <param name="run">The run.</param>
    /// <param name="expect">What must hold.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="programs">Programs that run on a core.</param>
    /// <param name="defects">What the checker must find when it is planted.</param>
    protected static void Judge(
        ScenarioRun run, Expectations expect, MachineView machine, Func<int, int> programs, IEnumerable<SeededDefect> defects)
    {
        expect.Equal(run.Shape.Cores, machine.Instances.Count, "instances");
        foreach (InstanceSpace space in machine.Walk())
        {
            expect.Equal(programs(space.Core), space.Programs.Count, $"address spaces of programs on core {space.Core}");
            run.Count("spaces", space.Programs.Count);
            run.Count("mappings", space.Programs.Sum(program => program.Mappings.Count(page => page.IsUser)));
        }

        foreach (Violation violation in IsolationChecker.Check(machine))
        {
            expect.That(false, violation.ToString());
        }

        foreach (SeededDefect defect in defects.Where(defect => defect.CoresMin <= run.Shape.Cores))
        {
            expect.That(defect.IsFound(machine), $"the checker does not find '{defect.Name}'");
            run.Count("defects", 1);
        }
    }
}
