using System.Reflection;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Documentation;

/// <summary>
/// Every rule has a test class with enough shapes that it reports, and enough neighbours that it leaves alone.
/// </summary>
public sealed class RuleCoverageTests
{
    private const int RowsMin = 5;

    /// <summary>Every rule's type.</summary>
    public static TheoryData<Type> Rules => [.. RuleVerifier.AllRules.Select(rule => rule.GetType())];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule_HasPositiveAndNegativeRows(Type rule)
    {
        Type tests = typeof(RuleCoverageTests).Assembly.GetTypes()
            .Single(type => type.BaseType == typeof(RuleTests<>).MakeGenericType(rule));

        Assert.Equal(rule.Name.Replace("Analyzer", "Tests", StringComparison.Ordinal), tests.Name);
        Assert.True(CountRows(tests, "Reports") >= RowsMin, $"{tests.Name} has too few rows that are reported");
        Assert.True(CountRows(tests, "IsSilent") >= RowsMin, $"{tests.Name} has too few rows that are not");
    }

    private static int CountRows(Type tests, string prefix) =>
        tests.GetMethods()
            .Where(method => method.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Sum(method => method.GetCustomAttributes<InlineDataAttribute>().Count());
}
