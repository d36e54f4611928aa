namespace Atoll.Services.Pci;

/// <summary>Where things are in the registers of a DMA remapping unit, and what they mean. Registers of eight bytes are read and written as two of four.</summary>
/// <remarks>Source: Intel Virtualization Technology for Directed I/O, "Register Descriptions".</remarks>
internal static class RemappingRegisters
{
    internal const uint Bytes = 4096;
    internal const uint UpperHalf = 4;

    internal const uint Capability = 0x08;
    internal const uint ExtendedCapability = 0x10;
    internal const uint GlobalCommand = 0x18;
    internal const uint GlobalStatus = 0x1C;
    internal const uint RootTable = 0x20;
    internal const uint ContextCommand = 0x28;
    internal const uint FaultStatus = 0x34;
    internal const uint FaultControl = 0x38;
    internal const uint FaultData = 0x3C;
    internal const uint FaultAddress = 0x40;
    internal const uint FaultUpperAddress = 0x44;

    // Capability, by its bits of 64.
    internal const ulong NeedsFlush = 1UL << 4;
    internal const ulong ThreeLevels = 1UL << 9;
    internal const ulong FourLevels = 1UL << 10;
    internal const ulong HasLargePages = 1UL << 34;
    internal const int FaultOffsetShift = 24;
    internal const int FaultCountShift = 40;
    internal const ulong FaultOffsetMask = 0x3FF;
    internal const ulong FaultCountMask = 0xFF;

    // Extended capability.
    internal const int InvalidationOffsetShift = 8;
    internal const ulong InvalidationOffsetMask = 0x3FF;

    /// <summary>Offsets in the two capabilities count so many bytes.</summary>
    internal const uint OffsetUnit = 16;

    // Global command and status have the same bits.
    internal const uint Translates = 1u << 31;
    internal const uint TakesRootTable = 1u << 30;
    internal const uint Flushes = 1u << 27;
    internal const uint Queues = 1u << 26;

    // Upper halves: "begin", and "everything".
    internal const uint ContextInvalidate = (1u << 31) | (1u << 29);
    internal const uint ContextBusy = 1u << 31;
    internal const uint TranslationInvalidate = (1u << 31) | (1u << 28) | (1u << 17) | (1u << 16);
    internal const uint TranslationBusy = 1u << 31;

    /// <summary>The register that invalidates translations lies behind the one for an address.</summary>
    internal const uint TranslationCommand = 8;

    // Fault status: written as a one, it is cleared.
    internal const uint FaultsLost = 1;
    internal const uint FaultPending = 1u << 1;

    // A record of a fault: address, then source, reason and what was tried.
    internal const uint RecordBytes = 16;
    internal const uint RecordSource = 8;
    internal const uint RecordState = 12;
    internal const uint IsRecorded = 1u << 31;
    internal const uint WasRead = 1u << 30;
    internal const uint ReasonMask = 0xFF;
    internal const uint AddressMask = 0xFFFF_F000;
}
