namespace Atoll.TestVm.Scenarios;

/// <summary>What the kernel promises its programs, tried by a program.</summary>
public sealed class SuiteScenario : ProgramTestScenario
{
    /// <inheritdoc/>
    public override string Name => "suite";

    /// <inheritdoc/>
    public override string Description => "each operation of the kernel does for a program what it says, and refuses what it should";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Groups =>
    [
        "untyped", "cnode", "revoke", "lookup", "endpoint", "refusal", "notification", "message", "thread", "budget", "deadline",
        "fault", "vspace", "port", "interrupt", "device",
    ];

    /// <inheritdoc/>
    protected override bool Judges(string group) => !group.StartsWith(Attack, StringComparison.Ordinal);
}
