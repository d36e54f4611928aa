using Atoll.TestVm.Serial;

namespace Atoll.TestVm.Machine;

/// <summary>What a guest did, from its first instruction to its end.</summary>
public sealed record VmOutcome(
    VmSettings Settings, VmExit Exit, int ExitCode, IReadOnlyList<string> Lines, string EmulatorErrors, TimeSpan Elapsed)
{
    /// <summary>All records, in order.</summary>
    public IReadOnlyList<SerialRecord> Records { get; } =
        [.. Lines.Select(line => SerialRecord.TryParse(line, out SerialRecord? record) ? record : null).OfType<SerialRecord>()];

    /// <summary>The guest's own verdict, when it gave exactly one.</summary>
    public SerialRecord? Verdict => Records.Count(record => record.Name == "verdict") == 1
        ? Records.Single(record => record.Name == "verdict")
        : null;

    /// <summary>Whether the guest said that it passed and ended as one that passed does. Either alone is a failure.</summary>
    public bool Passed => Exit == VmExit.Passed && Verdict?["result"] == "pass";

    /// <summary>Whether the guest said that it failed for this reason, and ended as one that failed does.</summary>
    public bool FailedFor(string reason) =>
        Exit == VmExit.Failed && Verdict is { } verdict && verdict["result"] == "fail" && verdict["reason"] == reason;

    /// <summary>All records of one name.</summary>
    public IReadOnlyList<SerialRecord> RecordsOf(string name) => [.. Records.Where(record => record.Name == name)];

    /// <summary>One line that says how the guest ended.</summary>
    public string Ending => Exit switch
    {
        VmExit.Passed => "the guest ended with 0x21, passed",
        VmExit.Failed => "the guest ended with 0x23, failed",
        VmExit.Reset => "the machine was reset or shut down (exit code 0): a triple fault, or a reset by the firmware",
        VmExit.TimedOut => $"the guest did not end within {Settings.TimeLimit.TotalSeconds:0.#} s and was killed",
        VmExit.Stopped => "the harness stopped the guest",
        VmExit.Signalled => $"a signal from outside ended QEMU{(EmulatorErrors.Length > 0 ? $" ({EmulatorErrors})" : $" (exit code {ExitCode})")}",
        _ => $"QEMU ended with {ExitCode}",
    };
}
