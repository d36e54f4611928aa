using System.Text;
using Atoll.Image.Tests;
using Atoll.TestVm.Scenarios;

namespace Atoll.Defects.Tests;

/// <summary>What each defect led to, as a page of docs/results.</summary>
internal sealed class DefectReport
{
    private const int WordsMax = 160;

    private readonly Dictionary<string, string> _rows = [];

    /// <summary>Notes what a scenario said about a defect: its first complaint.</summary>
    public void Add(Defect defect, DefectOutcome result)
    {
        string words = result.Passed ? "**not found**" : result.Explanation.Split('\n')[0].Trim().Replace("|", "\\|");
        string shape = defect.Shape is null ? defect.Finder : $"{defect.Finder}, {defect.Shape}";
        _rows[defect.Name] = $"| {defect.Name} | `{defect.File}` | {shape} | {(words.Length > WordsMax ? words[..WordsMax] + "…" : words)} |";
    }

    /// <summary>Writes the page when the run covers every defect and its results are to be accepted.</summary>
    public void WriteIfAccepted()
    {
        if (Environment.GetEnvironmentVariable("ATOLL_ACCEPT") != "1" || _rows.Count != DefectCatalog.All.Count)
        {
            return;
        }

        var page = new StringBuilder();
        page.AppendLine("# Seeded defects of the kernel");
        page.AppendLine();
        page.AppendLine("Written by `./build.sh test defects --long --accept`. Each row is an edit of the product's source (`tests/Defects/DefectCatalog.cs`), built");
        page.AppendLine("into an image of its own; the scenario passes without the edit and must fail with it. Addresses and counts differ from run to run.");
        page.AppendLine();
        page.AppendLine("| defect | file | caught by | its first complaint |");
        page.AppendLine("| --- | --- | --- | --- |");
        foreach (Defect defect in DefectCatalog.All)
        {
            page.AppendLine(_rows[defect.Name]);
        }

        string folder = Path.Combine(SourceCopy.FindRepository(), "docs", "results");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "defects.md"), page.ToString());
    }
}
