using Atoll.Contracts.Tests.Harness;

namespace Atoll.Contracts.Tests;

/// <summary>Each snippet: the rules report what its mark says, and a run agrees with the mark.</summary>
public sealed class SnippetTests
{
    /// <summary>Names of all snippets.</summary>
    public static TheoryData<string> Names => [.. SnippetSet.All.Snippets.Select(one => one.Name)];

    /// <summary>The rules agree with the mark.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Rules_ReportWhatTheMarkSays(string name)
    {
        Snippet snippet = Find(name);

        Assert.True(Agrees(snippet), $"{snippet.Label} [{string.Join(", ", snippet.Expected)}], but the rules report [{string.Join(", ", snippet.Reported)}]:\n{snippet.Text}");
    }

    /// <summary>The run agrees with the mark: this is what makes a label true.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Run_AgreesWithTheMark(string name)
    {
        Snippet snippet = Find(name);
        if (snippet.Label is Label.Reports or Label.NotKnown)
        {
            return;
        }

        long bytes = Allocation.Measure(SnippetSet.All.Method(snippet));

        Assert.True(bytes > 0 == (snippet.Label == Label.Allocates), $"{snippet.Label}, but a warm call allocates {bytes} bytes:\n{snippet.Text}");
    }

    private static Snippet Find(string name) => SnippetSet.All.Snippets.Single(one => one.Name == name);

    private static bool Agrees(Snippet snippet) =>
        snippet.Label switch
        {
            Label.Clean => snippet.IsSilent,
            Label.NotKnown => snippet.Reported is [Snippet.UnknownId],
            _ => snippet.Reported.SequenceEqual(snippet.Expected),
        };
}
