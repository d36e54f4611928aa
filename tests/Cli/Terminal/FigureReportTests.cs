using Atoll.Bench;
using Atoll.Cli.Terminal;

namespace Atoll.Cli.Tests.Terminal;

/// <summary>A figure's line of JSON has the keys that programs rely on (docs/testing.md).</summary>
public sealed class FigureReportTests
{
    [Fact]
    public void PlainFigure_HasFourKeys() =>
        Assert.Equal(
            """{"name":"image.size","unit":"bytes","value":36864,"aim":null}""",
            FigureReport.Json(new Figure("image.size", "bytes", 36864)));

    [Fact]
    public void FurtherKeys_AppearWhereTheyApply() =>
        Assert.Equal(
            """{"name":"ring.send","unit":"ns","value":5,"aim":6,"peer":10,"ratio":0.5,"cores":2}""",
            FigureReport.Json(new Figure("ring.send", "ns", 5) { Aim = 6, Peer = 10, Cores = 2 }));

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public void Aim_IsAnUpperBound(double value, bool met) => Assert.Equal(met, new Figure("x", "y", value) { Aim = 5 }.MeetsAim);
}
