using Atoll.TestVm.Isolation;

namespace Atoll.Vm.Tests.Isolation;

/// <summary>The checker is silent about sound tables and finds each kind of defect.</summary>
public sealed class IsolationCheckerTests
{
    private static readonly IReadOnlyList<SeededDefect> s_defects = [.. SeededDefects.All, .. ProgramDefects.All, .. ChannelDefects.All];

    /// <summary>Names of all defects, so that each is a test of its own.</summary>
    public static TheoryData<string> Defects => [.. s_defects.Select(defect => defect.Name)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void SoundMachine_HasNoViolation(int cores) =>
        Assert.Empty(IsolationChecker.Check(HandMadeMachine.Build(cores)));

    [Theory]
    [MemberData(nameof(Defects))]
    public void EachSeededDefect_IsFound(string name)
    {
        SeededDefect defect = s_defects.Single(defect => defect.Name == name);

        IReadOnlyList<Violation> found = IsolationChecker.Check(defect.Plant(HandMadeMachine.Build(4)));

        Assert.Contains(found, violation => violation.Rule == defect.Rule);
    }

    [Fact]
    public void EveryRule_HasASeededDefect() =>
        Assert.Equal(
            Enum.GetValues<IsolationRule>().Order(),
            s_defects.Select(defect => defect.Rule).Distinct().Order());

    [Fact]
    public void Violation_SaysWhatIsWrong()
    {
        MachineView machine = HandMadeMachine.Build(2);
        MachineView broken = new PageTableEditor(machine).Change(1, 0xFFFF_FFFF_8020_0000, set: 0x8000_0000_0000_0000).Result;

        Violation violation = Assert.Single(IsolationChecker.Check(broken));

        Assert.Equal("core 1: 0xffffffff80200000 → 0x200000 R--: Text must be R-X (Rights)", violation.ToString());
    }

    [Fact]
    public void CoordinatorPage_OnAnotherCore_IsUnexpected()
    {
        MachineView machine = HandMadeMachine.Build(2);
        var editor = new PageTableEditor(machine);
        editor.Map(1, 0xFFFF_FFFF_8035_0000, editor.Mapping(1, 0xFFFF_FFFF_8030_A000).Physical, 0x8000_0000_0000_0002);

        Assert.Contains(IsolationChecker.Check(editor.Result), violation => violation.Rule == IsolationRule.Unexpected);
    }
}
