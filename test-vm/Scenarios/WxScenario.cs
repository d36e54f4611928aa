using Atoll.TestVm.Image;
using Atoll.TestVm.Isolation;

namespace Atoll.TestVm.Scenarios;

/// <summary>No byte is both writable and executable: not in the file, not in any table, and the CPU enforces it.</summary>
public sealed class WxScenario : Scenario
{
    /// <inheritdoc/>
    public override string Name => "wx";

    /// <inheritdoc/>
    public override string Description => "nothing is writable and executable, in the file, in the tables and in the CPU";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(2)];

    /// <inheritdoc/>
    protected override void Execute(ScenarioRun run)
    {
        foreach (ElfSegment segment in ElfImage.ReadSegments(run.ImagePath).Where(s => s.IsWritable && s.IsExecutable))
        {
            run.Fail($"the segment at 0x{segment.Virtual:x} of {run.ImagePath} is writable and executable");
        }

        StoppedMachine.Inspect(run, "messages=100 end=hold report=pages", (machine, expect) =>
        {
            foreach (InstanceSpace space in machine.Walk())
            {
                foreach (Mapping mapping in space.Space.Mappings.Where(mapping => mapping.IsWritable && mapping.IsExecutable))
                {
                    expect.That(false, $"core {space.Core}: {mapping}");
                }
            }

            expect.That(machine.Cpus.All(cpu => cpu.EnforcesRights), "a CPU does not enforce page rights");
        });

        var boot = new FaultBoot(run);
        foreach (FaultCase fault in FaultCase.Of("write-text", "write-readonly", "execute-data", "execute-stack"))
        {
            boot.Run(fault, core: 0);
            boot.Run(fault, core: 1);
        }
    }
}
