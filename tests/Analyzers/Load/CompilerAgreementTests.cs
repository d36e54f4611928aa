using Atoll.Analyzers.Tests.Documentation;
using Xunit;

namespace Atoll.Analyzers.Tests.Load;

/// <summary>
/// The rules are built for the oldest compiler that may load them, and the other tests run them in it. Here the pages'
/// examples go through the SDK's own, which is newer: a rule must not change its mind with the compiler's version.
/// </summary>
public sealed class CompilerAgreementTests
{
    [Theory]
    [MemberData(nameof(RulePageTests.Ids), MemberType = typeof(RulePageTests))]
    public void Examples_AreReportedBySdk(string id)
    {
        RulePage page = RulePage.Read(id);
        foreach (RuleExample example in page.Examples)
        {
            Assert.Equal(SdkReports.Expected(example.Code), SdkReports.Of(example.Code, example.Platform, example.Room, page.Files));
        }
    }
}
