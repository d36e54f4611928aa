using Atoll.Cli.Running;
using Atoll.TestVm.Machine;

namespace Atoll.Cli.Tests.Running;

/// <summary>Each way that a run can end has a sentence of its own, and nobody who was stopped hears of triple faults.</summary>
public sealed class RunReportTests
{
    [Theory]
    [InlineData(VmExit.Passed, 33, "@verdict result=pass", false, "ended after 2.5 s: pass")]
    [InlineData(VmExit.Failed, 35, "@verdict result=fail reason=ring-errors", true, "failed after 2.5 s: ring-errors")]
    [InlineData(VmExit.Stopped, 137, "", true, "stopped after 2.5 s without a verdict: the guest had not answered 'q'")]
    [InlineData(VmExit.Signalled, 0, "", true, "stopped after 2.5 s without a verdict: the signal reached QEMU too")]
    [InlineData(
        VmExit.Signalled, 137, "", false, "stopped after 2.5 s without a verdict: a signal from outside ended QEMU (exit code 137)")]
    [InlineData(
        VmExit.Reset, 0, "", false,
        "failed after 2.5 s without a verdict: the machine was reset or shut down (exit code 0): a triple fault, or a reset by the firmware")]
    [InlineData(VmExit.Passed, 33, "", false, "failed after 2.5 s without a verdict: the guest ended with 0x21, passed")]
    public void Sentence(VmExit exit, int code, string line, bool isAsked, string expected)
    {
        var settings = new VmSettings { ImagePath = "x.elf" };
        var outcome = new VmOutcome(settings, exit, code, [line], "", TimeSpan.FromSeconds(2.5));

        Assert.Equal(expected, RunReport.Sentence(outcome, isAsked));
    }
}
