using Atoll.Abi;
using Atoll.Base;

namespace Atoll.Root;

/// <summary>Physical addresses that registers of devices have: the coordinator's first program gets them, to give them to drivers.</summary>
/// <remarks>
/// On a PC devices on the PCI bus answer between the memory below 4 GiB and the I/O APIC. Nothing of it is memory, and nothing of it is the kernel's.
/// Both ends 0: there is none.
/// </remarks>
public struct DeviceMemory
{
    /// <summary>First address, a multiple of 256 MiB.</summary>
    public ulong Base;

    /// <summary>One past the last.</summary>
    public ulong End;

    /// <summary>Registers of the unit that holds devices to the memory that they are given: a page above <see cref="End"/>; 0: there is none.</summary>
    public ulong Remapping;

    // Where memory ends, firmware keeps some of it for itself; what it keeps is less than this.
    private const ulong Alignment = 256UL << 20;

    // Chipsets decode nothing of the PCI bus below 2 GiB, and from here on the I/O APIC, the timer and the local APIC.
    private const ulong Lowest = 2UL << 30;
    private const ulong Highest = 0xFEC0_0000;

    /// <summary>What is above memory.</summary>
    /// <param name="memoryEnd">End of the memory below 4 GiB.</param>
    /// <param name="ioApic">Registers that the kernel uses itself; 0: none. Where they are among the devices', no program may get any.</param>
    public static DeviceMemory Above(ulong memoryEnd, ulong ioApic)
    {
        DeviceMemory devices = default;
        ulong first = Bits.AlignUp(memoryEnd < Lowest ? Lowest : memoryEnd, Alignment);
        bool isKernels = ioApic >= first && ioApic < Highest;
        if (first < Highest && !isKernels)
        {
            devices.Base = first;
            devices.End = Highest;
        }

        return devices;
    }
}
