namespace Atoll.Net.Tests.Defects;

/// <summary>A check that finds nothing proves nothing: each defect of <see cref="TcpDefects"/> is found by its finder.</summary>
public sealed class TcpDefectTests(DefectiveStack stack) : IClassFixture<DefectiveStack>
{
    public static TheoryData<string> Names => [.. TcpDefects.All.Select(defect => defect.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Edit_StillApplies(string name)
    {
        TcpDefect defect = Find(name);

        Assert.Null(stack.Fault(defect));
        Assert.True(defect.Finder == DefectProbe.Streams || DefectiveStack.ScriptOf(defect.Finder).Length > 0);
    }

    // One for each kind of finder; all of them take minutes.
    [Theory]
    [InlineData("data ahead of a gap lands in the gap")]
    [InlineData("SACK outlives a timeout")]
    [InlineData("acknowledgments of the future count")]
    public void Defect_OfTheShortRun_IsFound(string name) => Defect_IsFound(name);

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Names))]
    public void Defect_IsFound(string name) => Assert.True(stack.Find(Find(name)) is not null,
        $"{Find(name).Finder} is green with this defect: {name}");

    [Fact]
    [Trait("Category", "Long")]
    public void SoundStack_HasNone() =>
        Assert.All(TcpDefects.All.Select(defect => defect.Finder).Distinct(), finder => Assert.Null(stack.FindNothing(finder)));

    private static TcpDefect Find(string name) => TcpDefects.All.Single(defect => defect.Name == name);
}
