namespace Atoll.TestVm.Isolation;

/// <summary>A defect to plant in a sound machine's tables, to see that the checker finds it.</summary>
/// <param name="Name">What is wrong then.</param>
/// <param name="Rule">The rule that must be reported, among others perhaps.</param>
/// <param name="CoresMin">Instances that the machine needs for it.</param>
/// <param name="Plant">Makes the defective machine.</param>
public sealed record SeededDefect(string Name, IsolationRule Rule, int CoresMin, Func<MachineView, MachineView> Plant)
{
    /// <summary>Plants the defect and says whether the checker reports the rule that it breaks.</summary>
    public bool IsFound(MachineView sound) =>
        IsolationChecker.Check(Plant(sound)).Any(violation => violation.Rule == Rule);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
