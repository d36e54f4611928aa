using Atoll.Contracts.Tests.Harness;

namespace Atoll.Contracts.Tests;

/// <summary>The two figures that matter, over all snippets with a [NoGC] label.</summary>
public sealed class PrecisionTests
{
    [Fact]
    public void Snippets_AreAtLeastSixHundred() => Assert.True(SnippetSet.All.Snippets.Length >= 600, $"{SnippetSet.All.Snippets.Length} snippets");

    [Fact]
    public void FalseClean_None()
    {
        string[] missed = [.. Measured().Where(one => one.Snippet.IsSilent && one.Bytes > 0).Select(one => one.Snippet.Name)];

        Assert.Empty(missed);
    }

    [Fact]
    public void FalseAlarms_AreAtMostTwoPercent()
    {
        var all = Measured().ToList();
        string[] alarms = [.. all.Where(one => one.Snippet.IsReported && one.Bytes == 0).Select(one => one.Snippet.Name)];

        Assert.True(alarms.Length * 50 <= all.Count, $"{alarms.Length} of {all.Count}: {string.Join(", ", alarms)}");
    }

    private static IEnumerable<(Snippet Snippet, long Bytes)> Measured() =>
        SnippetSet.All.Snippets.Where(one => one.Label is Label.Clean or Label.Allocates or Label.FalseAlarm)
            .Select(one => (one, Allocation.Measure(SnippetSet.All.Method(one))));
}
