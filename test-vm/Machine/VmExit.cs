namespace Atoll.TestVm.Machine;

/// <summary>How a guest ended.</summary>
public enum VmExit
{
    /// <summary>The guest wrote 0x10 to the debug-exit port: QEMU ended with 0x21.</summary>
    Passed,

    /// <summary>The guest wrote 0x11 to the debug-exit port: QEMU ended with 0x23.</summary>
    Failed,

    /// <summary>QEMU ended with 0: the machine was reset or shut down, as after a triple fault.</summary>
    Reset,

    /// <summary>The guest did not end before its time limit and was killed.</summary>
    TimedOut,

    /// <summary>The harness ended the guest on purpose.</summary>
    Stopped,

    /// <summary>A signal ended QEMU: whoever sent it, the guest did not end by itself.</summary>
    Signalled,

    /// <summary>QEMU ended in some other way: it did not start, or crashed.</summary>
    Unknown,
}

/// <summary>Reads QEMU's exit code.</summary>
public static class VmExitCode
{
    // What QEMU says when SIGINT, SIGTERM or SIGHUP ends it; its exit code is then 0 (QEMU, softmmu/runstate.c).
    private const string SignalWords = "terminating on signal ";

    // A process that a signal killed outright has this much more than the signal's number, as shells and .NET count.
    private const int SignalBase = 128;
    private const int SignalMax = 64;

    /// <summary>Tells how a guest ended that the harness did not end.</summary>
    /// <remarks>isa-debug-exit ends QEMU with (value &lt;&lt; 1) | 1, so no guest can make it end with an even code.</remarks>
    public static VmExit Decode(int code, string emulatorErrors) => code switch
    {
        (0x10 << 1) | 1 => VmExit.Passed,
        (0x11 << 1) | 1 => VmExit.Failed,
        0 when emulatorErrors.Contains(SignalWords, StringComparison.Ordinal) => VmExit.Signalled,
        0 => VmExit.Reset,
        > SignalBase and <= SignalBase + SignalMax => VmExit.Signalled,
        _ => VmExit.Unknown,
    };
}
