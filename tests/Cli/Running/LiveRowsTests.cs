using System.Diagnostics;
using Atoll.Cli.Running;
using Atoll.TestVm.Serial;

namespace Atoll.Cli.Tests.Running;

/// <summary>Live records become rows with a rate.</summary>
public sealed class LiveRowsTests
{
    private readonly LiveRows _rows = new();

    [Fact]
    public void Rate_IsPerSecondSinceTheRecordBefore()
    {
        Add(core: 1, received: 100, seconds: 10);

        Assert.Equal(250, Add(core: 1, received: 600, seconds: 12)!.PerSecond);
    }

    [Fact]
    public void CounterThatFalls_HasNoRate()
    {
        Add(core: 1, received: 100, seconds: 10);

        Assert.Equal(0, Add(core: 1, received: 5, seconds: 12)!.PerSecond);
    }

    [Fact]
    public void Rows_AreInOrderOfCores()
    {
        Add(core: 10, received: 1, seconds: 1);
        Add(core: 2, received: 2, seconds: 1);

        Assert.Equal([2UL, 1UL], _rows.Rows.Select(row => row.Received));
    }

    [Fact]
    public void OtherRecords_ArePassedOver()
    {
        Assert.True(SerialRecord.TryParse("@ring core=1 received=5", out SerialRecord? record));
        Assert.Null(_rows.Add(record, 0));
    }

    private LiveRow? Add(int core, int received, int seconds)
    {
        Assert.True(SerialRecord.TryParse($"@live core={core} state=healthy received={received}", out SerialRecord? record));
        return _rows.Add(record, seconds * Stopwatch.Frequency);
    }
}
