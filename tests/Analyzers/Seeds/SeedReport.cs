using System.Text;
using Atoll.Analyzers.Tests.Harness;

namespace Atoll.Analyzers.Tests.Seeds;

/// <summary>What the tool chain does with each seed, as a page of docs/results.</summary>
internal static class SeedReport
{
    private const int WordsMax = 150;

    /// <summary>Writes the page when the run covers every rule and its results are to be accepted.</summary>
    public static void WriteIfAccepted(IReadOnlyDictionary<string, Verdict> alone)
    {
        if (Environment.GetEnvironmentVariable("ATOLL_ACCEPT") != "1" || alone.Count != SeedCatalog.All.Length)
        {
            return;
        }

        var page = new StringBuilder();
        page.AppendLine("# Seeded rules: what the tool chain alone would have done");
        page.AppendLine();
        page.AppendLine("Written by `./build.sh test Seed --long --accept`. A trigger of each rule is put into the kernel's sources, where the boot processor runs it");
        page.AppendLine("(`tests/Analyzers/Seeds`). With the rules the build fails with the rule's id at the trigger. This table is of the image built without them.");
        page.AppendLine();
        page.AppendLine(string.Join(", ", alone.Values.GroupBy(one => one.By).OrderBy(by => by.Key).Select(by => $"{Name(by.Key)}: {by.Count()}")) + ".");
        page.AppendLine();
        page.AppendLine("| rule | title | rejected by | in these words |");
        page.AppendLine("| --- | --- | --- | --- |");
        foreach (Seed seed in SeedCatalog.All)
        {
            (ToolChain by, string words) = alone[seed.Id];
            string title = RuleVerifier.AllRules.Single(rule => rule.SupportedDiagnostics[0].Id == seed.Id)
                .SupportedDiagnostics[0].Title.ToString(null);
            page.AppendLine($"| [{seed.Id}](../rules/{seed.Id}.md) | {title} | {Name(by)} | {Cut(words)} |");
        }

        File.WriteAllText(Repository.PathOf("docs", "results", "seeded-rules.md"), page.ToString());
    }

    private static string Name(ToolChain by) =>
        by switch
        {
            ToolChain.Csc => "csc",
            ToolChain.Ilc => "ILC",
            ToolChain.Linker => "linker",
            ToolChain.Nobody => "**nobody**",
            _ => throw new ArgumentOutOfRangeException(nameof(by)),
        };

    private static string Cut(string words)
    {
        string plain = words.Replace("|", "\\|", StringComparison.Ordinal);
        return plain.Length > WordsMax ? plain[..WordsMax] + "…" : plain;
    }
}
