using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>A function of a device on the first PCI bus, reached by ports (PCI Local Bus Specification 3.0, "Configuration Mechanism #1").</summary>
internal readonly struct PciFunction
{
    /// <summary>Ports of the mechanism: address, then data.</summary>
    internal const ushort AddressPort = 0xCF8;

    /// <summary>Last of them.</summary>
    internal const ushort LastPort = DataPort + 3;

    /// <summary>Command: memory can be reached, and the device may write memory and send messages.</summary>
    internal const uint MemoryAndMaster = 6;

    private const ushort DataPort = 0xCFC;
    private const uint Enable = 1u << 31;
    private const uint DevicesMax = 32;
    private const int DeviceShift = 11;

    // Registers of the header ("Type 00h Configuration Space Header").
    private const uint Command = 0x04;
    private const uint FirstBar = 0x10;
    private const uint Capabilities = 0x34;
    private const uint MessageCapability = 5;
    private const int CapabilitiesMax = 16;
    private const uint MessageEnable = 1u << 16;
    private const uint MessageIs64 = 1u << 23;

    private readonly uint _ports;
    private readonly uint _device;

    private PciFunction(uint ports, uint device)
    {
        _ports = ports;
        _device = device;
    }

    /// <summary>Whether it was found.</summary>
    internal bool IsThere => _ports != 0;

    /// <summary>Physical address of what its first base address register decodes, in 32 bits.</summary>
    internal ulong Registers => Read(FirstBar) & ~0xFUL;

    /// <summary>Finds a device by its identifiers.</summary>
    /// <param name="ports">A capability to the mechanism's ports.</param>
    /// <param name="identifier">Vendor in bits 0 to 15, device in 16 to 31.</param>
    internal static PciFunction Find(uint ports, uint identifier)
    {
        for (uint device = 0; device < DevicesMax; device++)
        {
            PciFunction function = new(ports, device);
            if (function.Read(0) == identifier)
            {
                return function;
            }
        }

        return default;
    }

    /// <summary>Sets the command register.</summary>
    internal void Allow(uint command) => Write(Command, command);

    /// <summary>Lets it send a message instead of an interrupt (the same specification, "MSI Capability Structure").</summary>
    /// <returns>Whether it can.</returns>
    internal bool SendMessages(ulong address, ulong data)
    {
        uint at = Read(Capabilities) & 0xFC;
        for (int looked = 0; looked < CapabilitiesMax && at != 0; looked++)
        {
            uint head = Read(at);
            if ((byte)head == MessageCapability)
            {
                Write(at + 4, (uint)address);
                Write(at + ((head & MessageIs64) != 0 ? 12u : 8u), (uint)data);
                Write(at, head | MessageEnable);
                return true;
            }

            at = (head >> 8) & 0xFC;
        }

        return false;
    }

    private uint Read(uint register)
    {
        _ = Ask.Do(_ports, (ulong)IoPortOperation.Write32, AddressPort, Enable | (_device << DeviceShift) | register);
        return (uint)Ask.Words(_ports, (ulong)IoPortOperation.Read32, DataPort).Word0;
    }

    private void Write(uint register, uint value)
    {
        _ = Ask.Do(_ports, (ulong)IoPortOperation.Write32, AddressPort, Enable | (_device << DeviceShift) | register);
        _ = Ask.Do(_ports, (ulong)IoPortOperation.Write32, DataPort, value);
    }
}
