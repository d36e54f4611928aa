using System.Globalization;
using Atoll.TestVm.Serial;

namespace Atoll.Bench.Tests;

/// <summary>What the measuring program says becomes the table, whole or not at all.</summary>
public sealed class KernelFiguresTests
{
    // Names of the table in docs/benchmarks.md, "Kernel".
    private static readonly string[] s_operations =
    [
        "syscall.null", "ipc.call-reply.same-space", "ipc.call-reply.other-space", "ipc.call-reply.10-words", "ipc.call-reply.grant",
        "signal.no-waiter", "signal.switch", "fault.page", "cap.copy", "cap.mint", "cap.move", "cap.delete", "cap.revoke.64",
        "retype.endpoint", "retype.frame", "retype.256-endpoints", "page.map", "page.unmap", "program.start", "interrupts-off.longest",
    ];

    private static readonly string[] s_objects =
        ["endpoint", "notification", "reply", "scheduling-context", "thread", "page-table", "vspace"];

    private static IEnumerable<string> Everything =>
    [
        .. s_operations.Select((name, index) => Operation(name, index + 1)), .. s_objects.Select(name => $"@figure name=object.{name} bytes=64"),
    ];

    [Fact]
    public void MeanAndMost_StandBesideSeL4AndAim()
    {
        IReadOnlyList<Figure> figures = KernelFigures.From(Records(Everything));

        Assert.Equal(s_operations.Length + s_objects.Length, figures.Count);
        Figure lightest = figures.Single(figure => figure.Name == "syscall.null");
        Assert.Equal((1.5, 9.0, 100.0, 40.0), (lightest.Value, lightest.Most, lightest.Peer, lightest.Aim));
        Assert.True(lightest.MeetsAim);

        // 600 + 280 n and 200 + 100 n of 64 copies.
        Figure revoke = figures.Single(figure => figure.Name == "cap.revoke.64");
        Assert.Equal((18_520.0, 6600.0), (revoke.Peer, revoke.Aim));
        Assert.Equal(64, figures.Single(figure => figure.Name == "object.thread").Value);
    }

    [Fact]
    public void TheLongestStay_IsTheMost_NotTheMean()
    {
        Figure longest = KernelFigures.From(Records(Everything)).Single(figure => figure.Name == "interrupts-off.longest");

        // The last of the operations above.
        Assert.Equal((s_operations.Length + 8.0, 20_000.0), (longest.Value, longest.Aim));
    }

    [Fact]
    public void FigureThatIsMissing_IsNamed()
    {
        BenchmarkException error = Assert.Throws<BenchmarkException>(
            () => KernelFigures.From(Records(Everything.Where(line => !line.Contains("fault.page", StringComparison.Ordinal)))));

        Assert.Contains("'fault.page'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cap.copy", "'cap.copy' twice")]
    [InlineData("cap.clone", "cap.clone")]
    public void FigureTooMany_IsNamed(string name, string said)
    {
        BenchmarkException error = Assert.Throws<BenchmarkException>(
            () => KernelFigures.From(Records([.. Everything, Operation(name, 1)])));

        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    private static string Operation(string name, int value) =>
        string.Create(CultureInfo.InvariantCulture, $"@figure name={name} hundredths={(value * 100) + 50} most={value + 8} count=1000");

    private static IReadOnlyList<SerialRecord> Records(IEnumerable<string> lines) =>
        [.. lines.Select(line => SerialRecord.TryParse(line, out SerialRecord? record) ? record : throw new FormatException(line))];
}
