using Atoll.Services.Lib;

namespace Atoll.Services.Protocols;

/// <summary>Devices of the PCI bus. Which one a caller gets is in its badge (<see cref="Atoll.Abi.DeviceBadge"/>): it names none.</summary>
[Protocol("pci", version: 2)]
public interface IPci
{
    /// <summary>A driver begins with its device: the device stops reaching memory, and what an earlier life of the driver had of it is taken back.</summary>
    /// <param name="identifier">Vendor in bits 0–15, device in 16–31.</param>
    /// <param name="vectors">Interrupts by message that the device can send.</param>
    PciAnswer Begin(out uint identifier, out uint vectors);

    /// <summary>Reads from the device's configuration space.</summary>
    /// <param name="offset">A multiple of 4, below 256.</param>
    /// <param name="value">What is there.</param>
    PciAnswer ReadConfiguration(uint offset, out uint value);

    /// <summary>Gives the registers behind a base address register.</summary>
    /// <param name="bar">0 to 5.</param>
    /// <param name="memory">Memory of the device: only frames can be made of it.</param>
    /// <param name="sizeBits">log2 of its bytes.</param>
    PciAnswer Registers(uint bar, out UntypedMemory memory, out uint sizeBits);

    /// <summary>Gives an interrupt that the device sends as a message (MSI-X).</summary>
    /// <param name="vector">Entry of the device's table.</param>
    /// <param name="line">The interrupt.</param>
    PciAnswer Interrupt(uint vector, out InterruptLine line);

    /// <summary>The device may reach memory by itself, and send messages; or not.</summary>
    PciAnswer SetMastering(bool isOn);

    /// <summary>Tells what is on the bus.</summary>
    /// <param name="index">From 0 on.</param>
    /// <param name="place">Bus in bits 8–15, device in 3–7, function in 0–2.</param>
    /// <param name="identifier">Vendor and device.</param>
    /// <param name="kind">Class code and revision, as the register has them.</param>
    /// <param name="driver">Badge of the driver that has begun with it: its position in the system and one; 0: nobody has.</param>
    PciAnswer Describe(uint index, out uint place, out uint identifier, out uint kind, out uint driver);

    /// <summary>The device may reach a frame. On a machine that holds devices to their memory it reaches no other; on another this says only where the frame is for the device.</summary>
    /// <param name="frame">The frame. The driver needs each right that its device gets. It is memory that outlives the driver: a region's.</param>
    /// <param name="access">For what.</param>
    /// <param name="address">Where the device finds it.</param>
    PciAnswer Map(MemoryFrame frame, DeviceAccess access, out ulong address);

    /// <summary>Tells whether devices are held to their memory, and how often one reached for something else: it was stopped, and its driver has lost its registers.</summary>
    /// <param name="isHeld">Whether the machine has a unit that holds them, and it is on.</param>
    /// <param name="count">How often, since this program began.</param>
    /// <param name="place">Who the last was, as in <see cref="Describe"/>.</param>
    /// <param name="address">The page that it reached for.</param>
    /// <param name="wasRead">Whether it wanted to read there; else it wanted to write.</param>
    PciAnswer Faults(out bool isHeld, out ulong count, out uint place, out ulong address, out bool wasRead);
}

/// <summary>What a device may do with memory: bits.</summary>
public enum DeviceAccess
{
    /// <summary>It reads there.</summary>
    Read = 1,

    /// <summary>It writes there.</summary>
    Write = 2,

    /// <summary>Both.</summary>
    ReadAndWrite = 3,
}

/// <summary>What the program that hands devices out answers.</summary>
public enum PciAnswer
{
    /// <summary>Done.</summary>
    Done,

    /// <summary>The system gives the caller no device.</summary>
    NoDevice,

    /// <summary>The device that the system gives is not on the bus; or there is none of this number.</summary>
    NotThere,

    /// <summary>The driver has not begun.</summary>
    NotBegun,

    /// <summary>An offset or number is out of range.</summary>
    ArgumentInvalid,

    /// <summary>There are no registers there, or they cannot be given: they are ports, lie above 4 GiB or outside of device memory, or are smaller than a page.</summary>
    NoRegisters,

    /// <summary>The device's table of interrupts lies there, which no driver writes.</summary>
    HoldsInterrupts,

    /// <summary>The device sends no messages of this kind, or its table cannot be reached.</summary>
    NoInterrupts,

    /// <summary>No interrupt vector or slot is left.</summary>
    Exhausted,

    /// <summary>The driver lacks a right to the frame that the device would get.</summary>
    RightMissing,

    /// <summary>The device cannot be given this frame: it is neither of 4 KiB nor of 2 MiB, lies too high, or the tables of this driver are full.</summary>
    CannotBeReached,
}
