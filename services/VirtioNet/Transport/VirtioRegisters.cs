namespace Atoll.Services.VirtioNet;

/// <summary>Registers and bits of a modern virtio device.</summary>
/// <remarks>Source: Virtual I/O Device (VIRTIO) Version 1.2, "Common configuration structure layout", "Device Status Field", "Reserved Feature Bits", "Network
/// Device: Feature bits".</remarks>
internal static class VirtioRegisters
{
    // Common configuration.
    internal const uint DeviceFeatureSelect = 0x00;
    internal const uint DeviceFeature = 0x04;
    internal const uint DriverFeatureSelect = 0x08;
    internal const uint DriverFeature = 0x0C;
    internal const uint ConfigurationVector = 0x10;
    internal const uint QueueCount = 0x12;
    internal const uint Status = 0x14;
    internal const uint QueueSelect = 0x16;
    internal const uint QueueSize = 0x18;
    internal const uint QueueVector = 0x1A;
    internal const uint QueueEnable = 0x1C;
    internal const uint QueueNotifyOffset = 0x1E;
    internal const uint QueueDescriptors = 0x20;
    internal const uint QueueAvailable = 0x28;
    internal const uint QueueUsed = 0x30;
    internal const uint CommonBytes = 0x38;

    // Status.
    internal const byte Acknowledge = 1;
    internal const byte Driver = 2;
    internal const byte DriverReady = 4;
    internal const byte FeaturesReady = 8;
    internal const byte NeedsReset = 64;
    internal const byte Failed = 128;

    // Features.
    internal const ulong HasStation = 1UL << 5;
    internal const ulong EventIndex = 1UL << 29;
    internal const ulong Version1 = 1UL << 32;

    /// <summary>The device's addresses are those that the machine's DMA remapping unit translates.</summary>
    internal const ulong AccessPlatform = 1UL << 33;

    internal const ushort NoVector = 0xFFFF;

    /// <summary>Queues of a network device: received, sent.</summary>
    internal const ushort ReceiveQueue = 0;
    internal const ushort SendQueue = 1;
}
