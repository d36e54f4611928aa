using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Tests.Documentation;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>The pages promise a fix for the rules that have one, and for no other.</summary>
public sealed class CodeFixCatalogTests
{
    [Theory]
    [MemberData(nameof(RulePageTests.Ids), MemberType = typeof(RulePageTests))]
    public void Page_SaysWhetherThereIsAFix(string id)
    {
        bool hasFix = typeof(SolutionCodeFix).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(SolutionCodeFix)) && !type.IsAbstract)
            .Select(type => (SolutionCodeFix)Activator.CreateInstance(type)!)
            .Any(fix => fix.FixableDiagnosticIds.Contains(id));

        Assert.Equal(hasFix, RulePage.Read(id).Facts[3] != "–");
    }
}
