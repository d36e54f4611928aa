using System.Globalization;
using System.Text;
using Atoll.Explorer.Scenarios;
using Atoll.Explorer.Search;
using Xunit.Abstractions;

namespace Atoll.Explorer;

/// <summary>Each kind of lost wake-up that public reports tell of is found, and docs/results/lost-wakeups.md has the run.</summary>
public sealed class LostWakeUpKindTests(ITestOutputHelper output)
{
    private static readonly string s_file = Path.Combine("docs", "results", "lost-wakeups.md");

    /// <summary>Numbers of the kinds.</summary>
    public static TheoryData<int> Numbers => [.. LostWakeUpKind.All.Select(kind => kind.Number)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Kind_IsFound_AsWhatItIs(int number)
    {
        LostWakeUpKind kind = LostWakeUpKind.All.Single(kind => kind.Number == number);

        Finding.Of(output, kind.Found, kind.Scenario);
    }

    /// <summary>Ten kinds are told of; the two that the model cannot have are explained in docs/explorer.md.</summary>
    [Fact]
    public void Kinds_AreAllButTwoOfTen() =>
        Assert.Equal([4, 10], Enumerable.Range(1, 10).Except(LostWakeUpKind.All.Select(kind => kind.Number)));

    /// <summary>The search is exact and repeats, so the page does too. <c>ATOLL_ACCEPT=1</c> writes it.</summary>
    [Fact]
    public void Page_HasTheRuns()
    {
        string path = Path.Combine(ResultTable.RepositoryRoot(), s_file);
        string text = Page();
        if (Environment.GetEnvironmentVariable("ATOLL_ACCEPT") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.True(File.Exists(path) && File.ReadAllText(path) == text, $"{s_file} is not what the explorer finds: ATOLL_ACCEPT=1 writes it\n{text}");
    }

    private static string Page()
    {
        StringBuilder page = new();
        page.Append("# Lost wake-ups: how each kind is found\n\n");
        page.Append("Written by `LostWakeUpKindTests` of `tests/Explorer`. [explorer.md](../explorer.md) says how to read a run and what the kinds are.\n");
        foreach (LostWakeUpKind kind in LostWakeUpKind.All)
        {
            Exploration found = StateSearch.Run(kind.Scenario);
            page.Append(CultureInfo.InvariantCulture, $"\n## {kind.Number}: {kind.Name}\n\n{kind.Found}.\n\n```\n");
            page.Append(found.Violation is null ? "not found" : Replay.Of(kind.Scenario, found.Violation.Schedule).Text.TrimEnd());
            page.Append("\n```\n");
        }

        return page.ToString();
    }
}
