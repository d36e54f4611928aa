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

    /// <summary>QEMU ended in some other way: it did not start, or crashed.</summary>
    Unknown,
}

/// <summary>Reads QEMU's exit code.</summary>
public static class VmExitCode
{
    /// <summary>Tells how a guest ended that was not killed.</summary>
    /// <remarks>isa-debug-exit ends QEMU with (value &lt;&lt; 1) | 1, so no guest can make it end with an even code.</remarks>
    public static VmExit Decode(int code) => code switch
    {
        (0x10 << 1) | 1 => VmExit.Passed,
        (0x11 << 1) | 1 => VmExit.Failed,
        0 => VmExit.Reset,
        _ => VmExit.Unknown,
    };
}
