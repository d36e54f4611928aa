using Atoll.TestVm.Machine;
using Atoll.TestVm.Scenarios;
using Atoll.TestVm.Symbols;

namespace Atoll.Vm.Tests.Scenarios;

/// <summary>A failure says all that is needed to understand and repeat it.</summary>
public sealed class FailureReportTests
{
    private static readonly SymbolMap s_symbols = SymbolMap.Parse(
    [
        "ffffffff80201000 0000000000000020 text Ring_Send",
        "ffffffff80201008 Ring.cs:12",
    ]);

    [Fact]
    public void Report_HasCauseCommandLinePanicAndTail()
    {
        string report = Report(
            "@panic core=2 reason=page-fault vector=14 error=0x3 cr2=0x10",
            "@frame core=2 index=0 address=0xffffffff8020100c",
            "@frame core=2 index=1 address=0xffffffff80201020");

        Assert.Contains("two and two are five", report);
        Assert.Contains("command line: qemu-system-x86_64 -accel tcg,thread=multi", report);
        Assert.Contains("-append 'end=pass live=0'", report);
        Assert.Contains("panic on core 2: page-fault, vector 14, error 0x3, cr2 0x10", report);
        Assert.Contains("#0 0xffffffff8020100c Ring_Send+0xc (Ring.cs:12)", report);
        Assert.Contains("#1 0xffffffff8020101f Ring_Send+0x1f (Ring.cs:12)", report);
        Assert.Contains("  | @panic core=2", report);
    }

    [Fact]
    public void Tail_HasTheLastLinesOnly()
    {
        string report = Report([.. Enumerable.Range(0, 100).Select(i => $"line {i}.")]);

        Assert.DoesNotContain("line 69.", report);
        Assert.Contains("line 70.", report);
        Assert.Contains("line 99.", report);
    }

    [Fact]
    public void SilentGuest_IsCalledSo() => Assert.Contains("serial console: nothing", Report());

    private static string Report(params string[] lines)
    {
        var settings = new VmSettings { ImagePath = "artifacts/atoll.elf", BootParameters = "end=pass live=0" };
        var outcome = new VmOutcome(settings, VmExit.Reset, 0, lines, "", TimeSpan.Zero);
        return FailureReport.Write(outcome, ["two and two are five"], s_symbols);
    }
}
