namespace Atoll.Services.Pci;

/// <summary>Where things are in configuration space, and what they mean.</summary>
/// <remarks>Source: PCI Local Bus Specification 3.0, "Configuration Space Organization", "MSI-X Capability and Table Structures"; PCI-to-PCI Bridge
/// Architecture Specification 1.2, "Configuration Space Header Format".</remarks>
internal static class ConfigurationRegisters
{
    internal const uint Identifier = 0x00;
    internal const uint CommandAndStatus = 0x04;
    internal const uint ClassAndRevision = 0x08;
    internal const uint HeaderType = 0x0C;
    internal const uint FirstBar = 0x10;
    internal const uint BusNumbers = 0x18;
    internal const uint CapabilityPointer = 0x34;

    /// <summary>Bytes that every function has.</summary>
    internal const uint Bytes = 256;

    /// <summary>No vendor has this number: nothing is there.</summary>
    internal const ushort NoVendor = 0xFFFF;

    // Command.
    internal const uint MemoryEnable = 1u << 1;
    internal const uint MasterEnable = 1u << 2;

    /// <summary>The command's half of its register. The status half is cleared by writing ones, so zeros go there.</summary>
    internal const uint CommandMask = 0xFFFF;
    internal const uint HasCapabilities = 1u << 20;

    // Header type.
    internal const int HeaderShift = 16;
    internal const uint HeaderMask = 0x7F;
    internal const uint IsMultiFunction = 0x80;
    internal const uint HeaderOfDevice = 0;
    internal const uint HeaderOfBridge = 1;

    // Base address registers.
    internal const uint BarsOfDevice = 6;
    internal const uint IsPorts = 1;
    internal const uint WidthMask = 6;
    internal const uint WidthIs64 = 4;
    internal const uint AddressMask = 0xFFFF_FFF0;

    // MSI-X.
    internal const byte InterruptsByMessage = 0x11;
    internal const uint MessagesEnable = 1u << 31;
    internal const uint MessagesMasked = 1u << 30;
    internal const int TableSizeShift = 16;
    internal const uint TableSizeMask = 0x7FF;
    internal const uint TableBarMask = 7;
}
