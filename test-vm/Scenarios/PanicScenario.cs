using Atoll.TestVm.Machine;
using Atoll.TestVm.Serial;

namespace Atoll.TestVm.Scenarios;

/// <summary>A failed check kills one instance, says where in the source, and nothing else stops.</summary>
public sealed class PanicScenario : Scenario
{
    private const string FaultingMethod = "FaultOrder";

    /// <inheritdoc/>
    public override string Name => "panic";

    /// <inheritdoc/>
    public override string Description => "a failed check ends one instance, names its method, and the others go on";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(4), new(1)];

    /// <inheritdoc/>
    protected override void Execute(ScenarioRun run)
    {
        FaultCase check = FaultCase.Of("check")[0];
        var boot = new FaultBoot(run);
        foreach (int core in Enumerable.Range(0, run.Shape.Cores))
        {
            VmOutcome outcome = boot.Run(check, core);
            run.Check(outcome, expect => NamesItsMethod(expect, outcome, run));
        }
    }

    // The innermost frame may be the stub that raises the trap; the check itself is inlined into who states it.
    private static void NamesItsMethod(Expectations expect, VmOutcome outcome, ScenarioRun run)
    {
        List<string> names = [];
        foreach (SerialRecord frame in outcome.RecordsOf("frame"))
        {
            ulong address = frame.Number("address");
            names.Add(run.Symbols.NameOf(frame["index"] == "0" ? address : address - 1) ?? $"0x{address:x}");
        }

        expect.That(
            names.Take(2).Any(name => name.Contains(FaultingMethod, StringComparison.Ordinal)),
            $"no method of {FaultingMethod} in the two innermost of: {string.Join(", ", names)}");
        expect.That(names.Count >= 2, $"the backtrace has {names.Count} frames");
    }
}
