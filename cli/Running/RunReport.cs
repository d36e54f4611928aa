using System.Globalization;
using Atoll.TestVm.Machine;

namespace Atoll.Cli.Running;

/// <summary>The sentence that a run ends with.</summary>
public static class RunReport
{
    /// <summary>Says how a run of a system ended that went well.</summary>
    public static string SystemSentence(VmOutcome outcome) => string.Create(
        CultureInfo.InvariantCulture, $"ended after {outcome.Elapsed.TotalSeconds:0.0} s: {(outcome.Passed ? "pass" : "as asked")}");

    /// <summary>Says how a run ended.</summary>
    /// <param name="outcome">What came of it.</param>
    /// <param name="isAsked">Whether the user asked for the end.</param>
    public static string Sentence(VmOutcome outcome, bool isAsked)
    {
        string time = string.Create(CultureInfo.InvariantCulture, $"after {outcome.Elapsed.TotalSeconds:0.0} s");
        if (outcome.Passed)
        {
            return $"ended {time}: pass";
        }

        return outcome.Exit switch
        {
            VmExit.Stopped => $"stopped {time} without a verdict: the guest had not answered 'q'",
            VmExit.Signalled when isAsked => $"stopped {time} without a verdict: the signal reached QEMU too",
            VmExit.Signalled => $"stopped {time} without a verdict: {outcome.Ending}",
            _ when outcome.Verdict is { } verdict && verdict["result"] == "fail" => $"failed {time}: {verdict["reason"]}",
            _ => $"failed {time} without a verdict: {outcome.Ending}",
        };
    }
}
