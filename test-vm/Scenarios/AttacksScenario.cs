namespace Atoll.TestVm.Scenarios;

/// <summary>What a program must not be able to do, tried by a program (docs/trust.md).</summary>
public sealed class AttacksScenario : ProgramTestScenario
{
    /// <inheritdoc/>
    public override string Name => "attacks";

    /// <inheritdoc/>
    public override string Description => "a program that attacks reaches no memory, instruction, capability, time or register that is not its own";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [Shape(2, VmShape.QuickCalls), Shape(2, VmShape.LongCalls)];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Groups =>
        ["attack-memory", "attack-privilege", "attack-capability", "attack-resource", "attack-register"];

    /// <inheritdoc/>
    protected override bool Judges(string group) => group.StartsWith(Attack, StringComparison.Ordinal);
}
