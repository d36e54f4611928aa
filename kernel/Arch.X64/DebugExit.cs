using Atoll.Abi;

namespace Atoll.Arch;

/// <summary>QEMU's isa-debug-exit device. Elsewhere the write goes nowhere and the machine goes on.</summary>
[InterruptSafe, NoPanic, NoBlock]
public static class DebugExit
{
    /// <summary>Ends the emulator with exit code (value × 2) + 1.</summary>
    public static void Write(byte value) => Port.Write8(ImageLayout.DebugExitPort, value);
}
