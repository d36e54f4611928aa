using System.Text;
using Atoll.Planting;

namespace Atoll.Kernel.Tests.Defects;

/// <summary>How each planted defect was found, as a page of docs/results: written when a run has tried all and its results are to be accepted.</summary>
/// <param name="name">File of docs/results.</param>
/// <param name="title">Heading.</param>
/// <param name="command">What writes it.</param>
/// <param name="all">The defects, in the order of the page.</param>
internal sealed class DefectPage(string name, string title, string command, IReadOnlyList<PlantedDefect> all)
{
    private const int WordsMax = 140;

    private readonly Dictionary<string, string> _rows = [];

    /// <summary>Notes what the model test said with a defect.</summary>
    public void Add(PlantedDefect defect, string failure)
    {
        string words = failure.Split('\n')[0].Trim().Replace("|", "\\|", StringComparison.Ordinal);
        _rows[defect.Name] =
            $"| {defect.Name} | `{defect.File}` | {(words.Length > WordsMax ? words[..WordsMax] + "…" : words)} |";
        if (Environment.GetEnvironmentVariable("ATOLL_ACCEPT") == "1" && all.All(one => _rows.ContainsKey(one.Name)))
        {
            File.WriteAllText(Path.Combine(PlantedSources.Root, "docs", "results", name), Text());
        }
    }

    private string Text()
    {
        var page = new StringBuilder();
        page.Append($"# {title}\n\n");
        page.Append($"Written by `{command}`. Each row is an edit of the product's source; the model test passes without it and fails with it.\n");
        page.Append("Seeds are tried in order: the first that fails is named, with its step and what differed.\n\n");
        page.Append("| defect | file | found by |\n| --- | --- | --- |\n");
        foreach (PlantedDefect defect in all)
        {
            page.Append($"{_rows[defect.Name]}\n");
        }

        return page.ToString();
    }
}
