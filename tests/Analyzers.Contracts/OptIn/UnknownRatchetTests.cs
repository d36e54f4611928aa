using Atoll.Contracts.Tests.Harness;

namespace Atoll.Contracts.Tests.OptIn;

/// <summary><c>Atoll.unknowns.txt</c>: what was accepted is silent, more is not, and less is to be written down.</summary>
public sealed class UnknownRatchetTests
{
    private const string Source = "using Atoll;\nclass C { System.Action A, B;\n [NoGC] void M() { A(); B(); } }";

    [Fact]
    public async Task NoFile_EachUnknownIsReported() => Assert.Equal("ATL2901@3 ATL2901@3", RuleRun.Summary(await RuleRun.Of(Source)));

    [Fact]
    public async Task NumberFound_Silent() => Assert.Empty(await RuleRun.Of(Source, files: ("Atoll.unknowns.txt", "M:C.M 2\n")));

    [Fact]
    public async Task NumberTooLow_AllAreReported_AndTheNumber()
    {
        var found = await RuleRun.Of(Source, files: ("Atoll.unknowns.txt", "# accepted\nM:C.M 1\n"));

        Assert.Equal(["ATL2901", "ATL2901", "ATL2902"], found.Select(one => one.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task NumberTooHigh_IsReportedInTheFile()
    {
        var found = await RuleRun.Of(Source, files: ("Atoll.unknowns.txt", "M:C.M 3\n"));

        var only = Assert.Single(found);
        Assert.Equal("ATL2902", only.Id);
        Assert.Equal("Atoll.unknowns.txt", only.Location.GetLineSpan().Path);
        Assert.Equal("'M:C.M': the list says 3 unknown, and there are 2", only.GetMessage(null));
    }

    [Fact]
    public async Task MemberThatIsGone_IsReported() =>
        Assert.Contains(await RuleRun.Of(Source, files: ("Atoll.unknowns.txt", "M:C.M 2\nM:C.Gone 1\n")), one => one.Id == "ATL2902");

    [Theory]
    [InlineData("M:C.M two", "Line not understood: 'M:C.M two' is not a documentation id and a number")]
    [InlineData("M:C.M -1", "Line not understood: 'M:C.M -1' is not a documentation id and a number")]
    [InlineData("M:C.M", "Line not understood: 'M:C.M' is not a documentation id and a number")]
    [InlineData("M:C.M 2", "Line not understood: 'M:C.M' has a line already")]
    public async Task BadLine_IsReportedWhereItStands(string line, string message)
    {
        var only = Assert.Single(await RuleRun.Of(Source, files: ("Atoll.unknowns.txt", $"M:C.M 2\n{line}\n")));

        Assert.Equal(("ATL2904", message), (only.Id, only.GetMessage(null)));
        Assert.Equal(1, only.Location.GetLineSpan().StartLinePosition.Line);
    }
}
