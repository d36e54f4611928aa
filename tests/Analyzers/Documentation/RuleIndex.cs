using System.Text;
using Atoll.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Tests.Documentation;

/// <summary>The table of docs/rules/README.md, as the descriptors and pages have it.</summary>
public static class RuleIndex
{
    private const string Head = "| Rule | Title | Category | Shown | Code fix |\n| --- | --- | --- | --- | --- |\n";

    /// <summary>The page with its table as it should be.</summary>
    public static string Renew(string page)
    {
        int start = page.IndexOf(Head, StringComparison.Ordinal);
        int end = page.IndexOf("\n\n", start, StringComparison.Ordinal) + 1;
        return page[..start] + Table() + page[end..];
    }

    /// <summary>The table, one row for each rule.</summary>
    public static string Table()
    {
        var table = new StringBuilder(Head);
        foreach (DiagnosticAnalyzer analyzer in RuleVerifier.AllRules)
        {
            DiagnosticDescriptor rule = analyzer.SupportedDiagnostics[0];
            RulePage page = RulePage.Read(rule.Id);
            table.Append(
                $"| [{rule.Id}]({rule.Id}.md) | {rule.Title} | {rule.Category} | {page.Facts[2]} | {page.Facts[3]} |\n");
        }

        return table.ToString();
    }
}
