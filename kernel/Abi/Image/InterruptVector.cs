namespace Atoll.Abi;

/// <summary>Interrupt vectors that the linker's entries and the kernel agree on. 0 to 31 are the CPU's.</summary>
/// <remarks>
/// A wake-only vector exists twice. In xAPIC mode its entry ends the interrupt by one store and returns: two
/// instructions.
/// In x2APIC mode the end is a WRMSR, so the second vector goes the way of every other.
/// </remarks>
public static class InterruptVector
{
    /// <summary>Vectors that are the CPU's own.</summary>
    public const byte ExceptionCount = 32;

    /// <summary>A failed check: stub <c>x64_check_failed</c>.</summary>
    public const byte CheckFailed = 0x20;

    /// <summary>One-shot timer, xAPIC mode.</summary>
    public const byte Timer = 0x30;

    /// <summary>One-shot timer, x2APIC mode.</summary>
    public const byte X2ApicTimer = 0x31;

    /// <summary>First of the vectors of devices.</summary>
    public const byte FirstDevice = 0x40;

    /// <summary>Vectors of devices on each core.</summary>
    public const uint DeviceCount = 32;

    /// <summary>Doorbell, xAPIC mode.</summary>
    public const byte Doorbell = 0xF0;

    /// <summary>Doorbell, x2APIC mode.</summary>
    public const byte X2ApicDoorbell = 0xF1;

    /// <summary>Interrupts that vanished before they were taken. Low four bits must be ones on old APICs.</summary>
    public const byte Spurious = 0xFF;
}
