using System.Text;
using Atoll.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Tests.Documentation;

/// <summary>The table of docs/rules/README.md, as the descriptors and pages have it.</summary>
public static class RuleIndex
{
    /// <summary>The table, one row for each rule. A failing test prints it; paste it into the page.</summary>
    public static string Table()
    {
        var table = new StringBuilder(
            """
            | Rule | Title | Category | Shown | Code fix |
            | --- | --- | --- | --- | --- |

            """);
        foreach (DiagnosticAnalyzer analyzer in RuleVerifier.AllRules)
        {
            DiagnosticDescriptor rule = analyzer.SupportedDiagnostics.Single();
            RulePage page = RulePage.Read(rule.Id);
            table.Append(
                $"| [{rule.Id}]({rule.Id}.md) | {rule.Title} | {rule.Category} | {page.Facts[2]} | {page.Facts[3]} |\n");
        }

        return table.ToString();
    }
}
