using Atoll.Mutants;

namespace Atoll.Cli.Tests.Mutants;

/// <summary>A process that a mutant ends leaves behind what became of those before.</summary>
public sealed class JournalTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    [Fact]
    public void WhatIsSpoiled_IsForgotten_AndWhatIsKeptIsNot()
    {
        var journal = new Journal(_path);
        Array.ForEach(
            ["begin 0", "noticed 0 by A: no", "kept", "begin 1", "noticed 1 by B", "begin 2", "survived 2", "spoiled", "begin 3", "survived 3 A.cs: a < b: a < b -> a <= b"], journal.Write);

        Assert.Equal(new Dictionary<int, string?> { [0] = "by A: no", [3] = null }, journal.Read());
        Assert.Null(journal.Unfinished());
    }

    [Fact]
    public void Mutant_ThatWasBegunLast_IsUnfinished()
    {
        var journal = new Journal(_path);
        Assert.Null(journal.Unfinished());
        journal.Write("noticed 6 by A");
        journal.Write("begin 7");

        Assert.Equal(7, journal.Unfinished());
    }

    /// <inheritdoc/>
    public void Dispose() => File.Delete(_path);
}
