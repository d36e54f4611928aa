using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Scenarios;

/// <summary>Little memory is enough, and too little is said in one clear line.</summary>
public sealed class MemorySmallScenario : Scenario
{
    // The image needs up to 2.1 MiB and each instance about 64 KiB: 3 MiB hold some instances, but never so many.
    private const int TooLittleMiB = 3;
    private const int TooManyCores = 64;

    /// <inheritdoc/>
    public override string Name => "memory-small";

    /// <inheritdoc/>
    public override string Description => "64 MiB are enough for four cores; memory that runs out ends the boot with a clear line";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(4)];

    /// <inheritdoc/>
    protected override void Execute(ScenarioRun run)
    {
        VmOutcome enough = run.Boot("messages=100 end=pass");
        run.Check(enough, expect =>
        {
            expect.Passed(enough);
            BootExpectations.AllHealthy(expect, enough, run.Shape.Cores);
        });

        VmOutcome tooLittle = VmMachine.Run(run.Settings("messages=100 end=pass") with
        {
            MemoryMiB = TooLittleMiB,
            Cores = TooManyCores,
            Icount = true,
            TimeLimit = ScenarioRun.BootLimit(TooManyCores),
        });
        run.Check(tooLittle, expect =>
        {
            expect.That(tooLittle.FailedFor("memory"), $"expected reason=memory: {tooLittle.Ending}");
            expect.Equal(
                1,
                tooLittle.Lines.Count(line => line.StartsWith("atoll: not enough memory", StringComparison.Ordinal)),
                "lines that say so to people");
        });
    }
}
