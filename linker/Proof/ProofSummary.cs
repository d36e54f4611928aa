using System.Globalization;
using Atoll.Linker.Proof.Properties;

namespace Atoll.Linker.Proof;

/// <summary>The report for people.</summary>
public static class ProofSummary
{
    /// <summary>One line: the verdict.</summary>
    public static string Verdict(ProofReport report)
    {
        string kind = report.IsProgram ? "program " : "";
        string verdict = report.Holds ? "proved" : "NOT PROVED";
        int holding = report.Properties.Count(property => property.Holds);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Image}: {kind}{verdict}, {holding} of {report.Properties.Count} properties, "
            + $"{report.Functions:N0} functions, {report.Instructions:N0} instructions, "
            + $"{report.Trusted.Count} claims trusted");
    }

    /// <summary>All of it.</summary>
    public static IEnumerable<string> Lines(ProofReport report)
    {
        yield return Verdict(report);
        yield return $"sha256 {report.Sha256}";
        yield return "";
        foreach (PropertyReport property in report.Properties)
        {
            string verdict = property.Holds ? "holds" : "FAILS";
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{verdict}  {property.Name,-10} {property.Statement} ({property.Examined:N0} {property.What})");
        }

        yield return "";
        yield return "stack            size  worst  traps  entry";
        foreach (StackBound bound in report.Stacks)
        {
            string chain = string.Join(" → ", bound.Chain.Prepend(bound.Entry));
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{bound.Stack,-15} {bound.SizeBytes,5:N0}  {bound.WorstBytes,5:N0}  {bound.TrapBytes,5:N0}  {chain}");
        }

        yield return "";
        yield return "trusted: what the image claims";
        foreach (string claim in report.Trusted)
        {
            yield return $"  {claim}";
        }

        yield return "trusted: what no look at the file can show";
        foreach (string assumption in report.Assumptions)
        {
            yield return $"  {assumption}";
        }
    }
}
