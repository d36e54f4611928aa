using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Scenarios;

/// <summary>A CPU that lacks what the kernel is compiled for is named before anything goes wrong.</summary>
public sealed class MissingCpuFeatureScenario : Scenario
{
    // What QEMU's models lack of x86-64-v2 and of what the kernel needs besides (QEMU documentation,
    // "CPU Models"; x86-64 psABI, "Micro-Architecture Levels").
    private static readonly (string Cpu, string[] Lacks)[] s_cpus =
    [
        ("max,-nx", ["nx"]),
        ("max,-sse4.2", ["sse4.2"]),
        ("qemu64,-sse4.2", ["ssse3", "sse4.1", "sse4.2", "popcnt"]),
        ("qemu32", ["long-mode"]),
    ];

    /// <inheritdoc/>
    public override string Name => "missing-cpu-feature";

    /// <inheritdoc/>
    public override string Description => "a CPU without a feature that the kernel is compiled for is told so by name";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(1)];

    /// <inheritdoc/>
    protected override void Execute(ScenarioRun run)
    {
        foreach ((string cpu, string[] lacks) in s_cpus)
        {
            VmOutcome outcome = VmMachine.Run(run.Settings("end=pass") with { Cpu = cpu });
            run.Check(outcome, expect =>
            {
                expect.That(
                    lacks.Any(name => outcome.FailedFor($"cpu-feature-{name}")),
                    $"'-cpu {cpu}' lacks {string.Join(", ", lacks)}: {outcome.Ending}; {outcome.Verdict?.Line}");
                expect.That(
                    lacks.Any(name => outcome.Lines.Any(line => line.StartsWith($"atoll: this CPU lacks {name},", StringComparison.Ordinal))),
                    "no line says so to people");
            });
        }
    }
}
