using Atoll.Cli.Running;
using Atoll.TestVm.Serial;

namespace Atoll.Cli.Tests.Running;

/// <summary>A table that is too short for all cores adds up those that are well.</summary>
public sealed class LiveTableTests
{
    [Fact]
    public void WhereAllFit_EachHasALine() =>
        Assert.Equal(["0", "1", "2", "3"], Cores(LiveTable.Lines(Rows(4), linesMax: 4)));

    [Fact]
    public void WhereNotAllFit_TheLastLineAddsUpTheRest()
    {
        IReadOnlyList<LiveLine> lines = LiveTable.Lines(Rows(64), linesMax: 4);

        Assert.Equal(["0", "1", "2", "61 more"], Cores(lines));
        Assert.Equal("6,100", lines[3].Sent);
        Assert.Equal("healthy", lines[3].State);
        Assert.True(lines[3].IsFine);
    }

    [Theory]
    [InlineData("panicked", "0")]
    [InlineData("healthy", "2")]
    public void WhoIsNotWell_IsAlwaysShown(string state, string errors)
    {
        IReadOnlyList<LiveLine> lines = LiveTable.Lines(Rows(64, sick: 50, state, errors), linesMax: 4);

        Assert.Equal(["0", "1", "50", "61 more"], Cores(lines));
        Assert.False(lines[2].IsFine);
        Assert.True(lines[3].IsFine);
    }

    [Fact]
    public void SumOfTheSick_SaysSo()
    {
        LiveLine sum = LiveTable.Lines([.. Rows(9, sick: 2, "panicked"), .. Rows(9, sick: 3, "panicked")], linesMax: 1)[^1];

        Assert.Equal("16 healthy", sum.State);
        Assert.False(sum.IsFine);
    }

    private static string[] Cores(IEnumerable<LiveLine> lines) => [.. lines.Select(line => line.Core)];

    private static LiveRow[] Rows(int count, int sick = -1, string state = "healthy", string errors = "0") =>
        [.. Enumerable.Range(0, count).Select(core => core == sick ? Row(core, state, errors) : Row(core, "healthy", "0"))];

    private static LiveRow Row(int core, string state, string errors)
    {
        string line = $"@live core={core} state={state} heartbeat=1 sent=100 received=50 errors={errors}";
        Assert.True(SerialRecord.TryParse(line, out SerialRecord? record));
        return new LiveRow(record, 50, 0, 10);
    }
}
