using Atoll.Contracts.Library;
using Atoll.Contracts.Tests.Harness;

namespace Atoll.Contracts.Tests.Library;

/// <summary>The lists: how a line is read, what the shipped one has, what a user's one does.</summary>
public sealed class ContractListTests
{
    [Theory]
    [InlineData("M:A.B.C GLtRB", "M:A.B.C", "NoGC, NoLock, NoRecursion, NoBlock", "NoThrow", 0, "None")]
    [InlineData("M:A.B.C(System.Int32) g", "M:A.B.C(System.Int32)", "None", "NoGC", 0, "None")]
    [InlineData("M:A.B`2.C(`0) G if 0 c", "M:A.B`2.C(`0)", "NoGC", "None", 1, "Comparer")]
    [InlineData("M:A.B.C``1(``0) G if 0 2", "M:A.B.C``1(``0)", "NoGC", "None", 5, "None")]
    [InlineData("M:A.B.C GL if f m", "M:A.B.C", "NoGC, NoLock", "None", 0, "Format, Memory")]
    public void Line_IsRead(string text, string member, string keeps, string breaks, int tame, string assumed)
    {
        Assert.True(ContractLine.TryParse(text, out string found, out ContractLine line, out _));
        Assert.Equal((member, keeps, breaks, tame, assumed), (found, line.Keeps.ToString(), line.Breaks.ToString(), line.TameParameters, line.Assumed.ToString()));
    }

    [Theory]
    [InlineData("A.B.C G", "'A.B.C G' is not a documentation id and letters")]
    [InlineData("M:A.B.C", "'M:A.B.C' is not a documentation id and letters")]
    [InlineData("M:A.B.C GX", "'X' in 'M:A.B.C GX' is none of GLTRB")]
    [InlineData("M:A.B.C G when 0", "'when' in 'M:A.B.C G when 0' is no condition")]
    public void BadLine_SaysWhy(string text, string why)
    {
        Assert.False(ContractLine.TryParse(text, out _, out _, out string error));
        Assert.Equal(why, error);
    }

    [Fact]
    public void Framework_HasMoreThanTwoThousandMembersThatAllocateNothing()
    {
        int clean = Resource.Read("net10.contracts.txt").Split('\n')
            .Count(line => ContractLine.TryParse(line, out _, out ContractLine contract, out _) && (contract.Keeps & Guarantees.NoGC) != 0);

        Assert.True(clean >= 2000, $"{clean} members");
    }

    [Fact]
    public void Framework_EveryLineIsUnderstood() => Assert.Empty(ContractList.Parse(Resource.Read("net10.contracts.txt")).Errors);

    /// <summary>What a line assumes holds until somebody writes the type that breaks it.</summary>
    [Theory]
    [InlineData("bool M(System.Collections.Generic.Dictionary<int, int> d) => d.TryGetValue(3, out _);", "class O : System.Collections.Generic.IEqualityComparer<int> { public bool Equals(int a, int b) => a == b; public int GetHashCode(int a) => a; }")]
    [InlineData("bool M(System.Span<char> s) => 3.TryFormat(s, out _);", "class O : System.IFormatProvider { public object GetFormat(System.Type type) => new(); }")]
    [InlineData("int M(System.Memory<int> m) => m.Span.Length;", "abstract class O : System.Buffers.MemoryManager<int> { }")]
    public async Task Assumption_HoldsUntilATypeBreaksIt(string method, string type)
    {
        string source = $"using Atoll;\nclass C {{\n [NoGC] {method} }}\n";

        Assert.Empty(await RuleRun.Of(source));
        Assert.Equal("ATL2901@3", RuleRun.Summary(await RuleRun.Of(source + type)));
    }

    [Fact]
    public async Task UsersList_IsBelieved()
    {
        const string Source = "using Atoll;\nclass C {\n [NoGC] int M() => System.Random.Shared.Next(); }";
        string name = "M:System.Random.Next";

        Assert.Equal("ATL2901@3", RuleRun.Summary(await RuleRun.Of(Source)));
        Assert.Empty(await RuleRun.Of(Source, files: ("own.contracts.txt", $"{name} G\nM:System.Random.get_Shared G\n")));
    }

    [Fact]
    public async Task UsersList_CanSayThatAMemberAllocates()
    {
        const string Source = "using Atoll;\nclass C {\n [NoGC] int M() => System.Math.Abs(3); }";

        Assert.Equal("ATL2007@3", RuleRun.Summary(await RuleRun.Of(Source, files: ("own.contracts.txt", "M:System.Math.Abs(System.Int32) g\n"))));
    }

    [Fact]
    public async Task UsersList_BadLineIsReportedWhereItStands()
    {
        var only = Assert.Single(await RuleRun.Of("using Atoll;\nclass C { [NoGC] void M() { } }", files: ("own.contracts.txt", "# mine\nnonsense\n")));

        Assert.Equal(("ATL2904", 1), (only.Id, only.Location.GetLineSpan().StartLinePosition.Line));
    }
}
