namespace Atoll.TestVm.Scenarios;

/// <summary>What came of one scenario on one machine.</summary>
public sealed record ScenarioResult(
    string Scenario,
    VmShape Shape,
    IReadOnlyList<string> Failures,
    IReadOnlyDictionary<string, long> Counts,
    TimeSpan Elapsed)
{
    /// <summary>Whether every expectation held.</summary>
    public bool Passed => Failures.Count == 0;

    /// <summary>The command that runs exactly this again.</summary>
    public string RepeatCommand => $"./build.sh vm {Scenario} {Shape.Options}";

    /// <summary>All failures and how to repeat them.</summary>
    public string Explanation => string.Join('\n', [.. Failures, $"repeat: {RepeatCommand}"]);
}
