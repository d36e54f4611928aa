using Atoll.TestVm.Isolation;

namespace Atoll.Vm.Tests.Isolation;

/// <summary>The checker is silent about sound tables and finds each kind of defect.</summary>
public sealed class IsolationCheckerTests
{
    private static readonly IReadOnlyList<SeededDefect> s_defects = [.. SeededDefects.All, .. ProgramDefects.All, .. ChannelDefects.All, .. LentFrameDefects.All];

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

    /// <summary>Tables that no record names are those of a program that has ended, unless a processor runs on them.</summary>
    [Fact]
    public void TablesOfAnEndedProgram_AreNoPrograms()
    {
        MachineView machine = HandMadeMachine.Build(2);
        InstanceSpace space = machine.Walk()[1];
        ulong root = space.Programs[1].Root;
        var editor = new PageTableEditor(machine);
        editor.Write(space.Records.Spaces + 16 + 8, 0);
        MachineView ended = editor.Result;
        MachineView running = ended with { Cpus = [.. ended.Cpus.Select(cpu => cpu.Index == 1 ? cpu with { Cr3 = root } : cpu)] };

        Assert.Equal([space.Programs[0].Root], ended.Walk()[1].Programs.Select(program => program.Root));
        Assert.Equal(2, running.Walk()[1].Programs.Count);
    }

    /// <summary>Each core but the last lends the next one a frame that both have, and one as a whole.</summary>
    [Fact]
    public void LentFrames_AreThoseThatBothKernelsKnow()
    {
        MachineView machine = HandMadeMachine.Build(3);

        IReadOnlyList<LentFrame> lent = new LentFrames(machine, machine.Walk()).All;

        Assert.Equal(
            [(0, 1, false), (0, 1, true), (1, 2, false), (1, 2, true)],
            lent.Select(frame => (frame.Home, frame.Holder, frame.IsWhole)).Order());
        Assert.All(lent, frame => Assert.True(frame.MayWrite && frame.Bytes == 4096));
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
