using System.Text.RegularExpressions;

namespace Atoll.Package.Tests.Companion;

/// <summary>The companion in test projects of its users: broken promises fail the test that saw them, kept ones do not.</summary>
[Collection(LocalFeedCollection.Name)]
public sealed partial class CompanionTests(LocalFeed feed)
{
    private static readonly string[] s_kept = ["Cached", "Quiet", "Room", "ThroughAllowed", "Tried"];
    private static readonly string[] s_broken = ["Again", "Depth", "Hidden", "Locked", "Loud", "Outer", "Share", "Waits"];

    [Fact]
    public void XunitTwo_FailsWhatBreaksAPromise() => Verify("XunitTwo");

    [Theory]
    [InlineData("XunitThree")]
    [InlineData("NUnitTests")]
    public void OtherFrameworks_FailWhatBreaksAPromise(string project) => Verify(project);

    private void Verify(string project)
    {
        string folder = feed.CopySample("companion");

        (int code, string output) = DotNet.Run(folder, "test", Path.Combine(project, project + ".csproj"), "--logger", "console;verbosity=detailed", "--tl:off");

        Assert.True(code != 0 && Names(output, "Passed").Length != 0, output);
        Assert.Equal(s_kept, Names(output, "Passed"));
        Assert.Equal(s_broken, Names(output, "Failed"));
        Assert.Contains("Contract broken: Code.Loud() is [NoGC] and allocated 24 bytes (call 2).", output);
        Assert.Contains("The analyzer had said: ATL2001.", output);
        Assert.Contains("Contract broken: Code.Share(Int32, Int32) is [NoThrow] and was left by System.DivideByZeroException", output);
        Assert.Contains("Contract broken: Code.Depth(Func`1) is [NoRecursion] and was called while it was running", output);
        Assert.Contains("Contract broken: Code.Locked() is [NoLock] and waited for a lock", output);

        Assert.Contains("Contract broken: Code.Waits() is [NoBlock] and waited for a lock", output);
        Assert.Contains("Contract broken: Code.Again() is [AllowAlloc(Amortized = true)] and allocated in each of its last 8 calls", output);

        // The innermost method that breaks its promise is named, with the way to it.
        Assert.Contains("Contract broken: Code.Inner() is [NoGC]", output);
        Assert.Matches(@"at Code\.Inner\(\)[\s\S]*?at Code\.Outer\(\)[\s\S]*?at Tests\.Outer\(\)", output);

        // Silent rules and a run that disagrees: to be filed. So is an alarm that no call bears out.
        Assert.Matches(@"--- atoll disagreement\s+member:   Code\.Hidden\(\)\s+contract: NoGC\s+measured: allocated 24 bytes, call 2\s+analyzer: silent", output);
        string filed = File.ReadAllText(Directory.EnumerateFiles(Path.Combine(folder, project, "bin"), "atoll.disagreements.txt", SearchOption.AllDirectories).Single());
        Assert.Contains("member:   Code.Hidden()", filed);
        Assert.Matches(@"member:   Code\.Room\(Int32\)\s+contract: NoGC\s+measured: 0 bytes in 19 warm calls[^\n]*\s+analyzer: ATL2007", filed);
        Assert.DoesNotContain("Code.Loud()", filed);
    }

    private static string[] Names(string output, string outcome) =>
        [.. Outcome().Matches(output).Where(match => match.Groups["outcome"].Value == outcome).Select(match => match.Groups["name"].Value).Distinct().Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"^\s*(?<outcome>Passed|Failed) (Tests\.)?(?<name>\w+) \[", RegexOptions.Multiline)]
    private static partial Regex Outcome();
}
