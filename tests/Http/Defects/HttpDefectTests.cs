namespace Atoll.Http.Tests.Defects;

/// <summary>A check that finds nothing proves nothing: each defect of <see cref="HttpDefects"/> is found by its finder.</summary>
public sealed class HttpDefectTests(DefectiveServer server) : IClassFixture<DefectiveServer>
{
    public static TheoryData<string> Names => [.. HttpDefects.All.Select(defect => defect.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Edit_StillApplies(string name)
    {
        Assert.Null(server.Fault(Find(name)));
    }

    // One for each finder; all of them take longer.
    [Theory]
    [InlineData("the last of two lengths counts")]
    [InlineData("a carriage return at the end of a piece is forgotten")]
    [InlineData("a full buffer loses what is pending")]
    [InlineData("a fault is counted twice")]
    [InlineData("each byte gives a head more time")]
    public void Defect_OfTheShortRun_IsFound(string name) => Defect_IsFound(name);

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Names))]
    public void Defect_IsFound(string name) =>
        Assert.True(server.Find(Find(name)) is not null, $"{Find(name).Finder} is green with this defect: {name}");

    [Fact]
    [Trait("Category", "Long")]
    public void SoundEngine_HasNone() => Assert.All(Enum.GetValues<DefectFinder>(), finder => Assert.Null(server.FindNothing(finder)));

    private static HttpDefect Find(string name) => HttpDefects.All.Single(defect => defect.Name == name);
}
