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

    /// <summary>A process that ends between two mutants was left in pieces by one of those since the tests last passed.</summary>
    [Theory]
    [InlineData("", null)]
    [InlineData("kept", null)]
    [InlineData("spoiled", null)]
    [InlineData("begin 3", null)]
    [InlineData("noticed 3 by A", 3)]
    [InlineData("survived 3 A.cs: a: b -> c", 3)]
    public void Mutant_ThatMayHaveSpoiledTheTests_IsTheLastOne(string last, int? mutant)
    {
        var journal = new Journal(_path);
        journal.Write("begin 2");
        journal.Write("noticed 2 by A");
        journal.Write(last);

        Assert.Equal(mutant, journal.LastOpen());
    }

    /// <inheritdoc/>
    public void Dispose() => File.Delete(_path);
}
