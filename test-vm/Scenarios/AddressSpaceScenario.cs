using System.Diagnostics;
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

    /// <summary>As <see cref="Look"/>, once so many channels are open and none is on its way: one that a program has mapped and the other not yet would count as a breach.</summary>
    /// <remarks>Between two looks the shell answers, so the guest moves on.</remarks>
    protected MachineView LookWhenOpen(ScenarioRun run, Expectations expect, GuestTerminal terminal, int channels)
    {
        long start = Stopwatch.GetTimestamp();
        MachineView machine = Look(run, terminal);
        while (!AreOpen(machine, channels) && Stopwatch.GetElapsedTime(start) < ScenarioRun.BootLimit(run.Shape.Cores))
        {
            Settle(expect, terminal);
            machine = Look(run, terminal);
        }

        return machine;
    }

    private static bool AreOpen(MachineView machine, int channels)
    {
        var map = new ChannelMap(machine, machine.Walk());
        return map.Whole.Count >= channels && map.Broken.Count == 0;
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
