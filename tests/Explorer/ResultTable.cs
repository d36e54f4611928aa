using System.Globalization;
using System.Text;
using Atoll.Explorer.Search;

namespace Atoll.Explorer;

/// <summary>Collects what a run searched and, in a long run, writes it down.</summary>
public sealed class ResultTable : IDisposable
{
    private readonly List<string> _rows = [];

    /// <summary>Whether the larger configurations are searched too.</summary>
    public static bool IsLongRun { get; } = Environment.GetEnvironmentVariable("ATOLL_LONG") == "1";

    /// <summary>Adds a configuration that holds.</summary>
    public void Add(string name, Exploration found) =>
        _rows.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {found.States} | {found.Transitions} | {found.Ends} | {found.Elapsed.TotalSeconds:f1} |"));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!IsLongRun)
        {
            return;
        }

        string folder = Path.Combine(RepositoryRoot(), "docs", "results");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "explorer.md"), Text());
    }

    private string Text()
    {
        _rows.Sort(StringComparer.Ordinal);
        StringBuilder text = new();
        text.Append("# Explorer: what was searched\n\n");
        text.Append("Written by the long run of `tests/Explorer`; `docs/explorer.md` says what is checked.\n");
        text.Append("No property was broken in any row. States and transitions are exact and repeat;\n");
        text.Append("seconds are processor time on the machine that ran it.\n\n");
        text.Append("| configuration | states | transitions | ends | seconds |\n| --- | ---: | ---: | ---: | ---: |\n");
        _rows.ForEach(row => text.Append(row).Append('\n'));
        return text.ToString();
    }

    /// <summary>Where the repository is that the tests were built in.</summary>
    public static string RepositoryRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "global.json")))
        {
            folder = Path.GetDirectoryName(folder) 
                ?? throw new DirectoryNotFoundException("no global.json above the tests");
        }

        return folder;
    }
}
