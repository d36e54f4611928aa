using Atoll.TestVm.Machine;
using Atoll.TestVm.Scenarios;

namespace Atoll.Vm.Tests.Scenarios;

/// <summary>Expectations of a run that broke off.</summary>
public sealed class ScenarioRunTests
{
    private static readonly VmSettings s_settings = new() { ImagePath = "artifacts/atoll-trials.elf" };

    /// <summary>A guest that its time limit ended has no @memory record: a failure with its end and how to repeat it, and no exception.</summary>
    [Fact]
    public void MissingRecord_IsAFailureOfTheRun()
    {
        var run = new ScenarioRun(new VmShape(4), "artifacts/atoll-trials.elf");
        var outcome = new VmOutcome(s_settings, VmExit.TimedOut, 137, ["@boot phase=entry tsc=1"], "", TimeSpan.FromSeconds(60));

        run.Check(outcome, expect => expect.Equal(1UL, outcome.RecordsOf("memory").Single().Number("free"), "free"));

        string failure = Assert.Single(run.Failures);
        Assert.Contains("a record that must be there is missing", failure, StringComparison.Ordinal);
        Assert.Contains("did not end within", failure, StringComparison.Ordinal);
    }

    /// <summary>What held before and after is still judged.</summary>
    [Fact]
    public void ExpectationsThatHold_AreNoFailure()
    {
        var run = new ScenarioRun(new VmShape(1), "artifacts/atoll-trials.elf");
        var outcome = new VmOutcome(s_settings, VmExit.Passed, 33, ["@memory free=4096"], "", TimeSpan.Zero);

        run.Check(outcome, expect => expect.Equal(4096UL, outcome.RecordsOf("memory").Single().Number("free"), "free"));

        Assert.Empty(run.Failures);
    }
}
