using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.VirtioNet;

/// <summary>Where a structure of registers lies.</summary>
public struct StructurePlace
{
    /// <summary>Whether the device says so at all.</summary>
    public bool IsKnown;

    /// <summary>The base address register.</summary>
    public byte Bar;

    /// <summary>Offset behind it.</summary>
    public uint Offset;

    /// <summary>Bytes.</summary>
    public uint Bytes;
}

/// <summary>Where the structures of a device are, as its configuration space says. An allegation, like all that a device says.</summary>
/// <remarks>Source: Virtual I/O Device (VIRTIO) Version 1.2, "Virtio Structure PCI Capabilities".</remarks>
public struct StructurePlaces
{
    private const uint CapabilityPointer = 0x34;
    private const uint FirstPossible = 0x40;
    private const uint ConfigurationBytes = 256;
    private const uint CapabilityBytes = 16;
    private const uint PointerMask = 0xFC;
    private const int CapabilitiesMax = 48;
    private const byte VendorSpecific = 9;
    private const byte CommonKind = 1;
    private const byte NotifyKind = 2;
    private const byte DeviceKind = 4;

    /// <summary>Common configuration.</summary>
    public StructurePlace Common;

    /// <summary>Notifications.</summary>
    public StructurePlace Notify;

    /// <summary>What only network devices have.</summary>
    public StructurePlace Device;

    /// <summary>Bytes between the places where two queues are notified, for each step of their offset.</summary>
    public uint NotifyMultiplier;

    /// <summary>Whether all are known, in one base address register.</summary>
    public readonly bool IsUsable =>
        Common.IsKnown && Notify.IsKnown && Device.IsKnown && Common.Bar == Notify.Bar && Common.Bar == Device.Bar
            && Common.Bytes >= VirtioRegisters.CommonBytes;

    /// <summary>Reads the list of capabilities, at most as many as there can be. The first of each kind counts.</summary>
    public static StructurePlaces Read(PciClient bus)
    {
        StructurePlaces places = default;
        uint at = Word(bus, CapabilityPointer) & PointerMask;
        for (int looked = 0; looked < CapabilitiesMax && at >= FirstPossible && at <= ConfigurationBytes - CapabilityBytes; looked++)
        {
            uint head = Word(bus, at);
            if ((byte)head == VendorSpecific)
            {
                places.Take(bus, at, (byte)(head >> 24));
            }

            at = (head >> 8) & PointerMask;
        }

        return places;
    }

    private void Take(PciClient bus, uint at, byte kind)
    {
        StructurePlace place = new() { IsKnown = true, Bar = (byte)Word(bus, at + 4), Offset = Word(bus, at + 8), Bytes = Word(bus, at + 12) };
        if (kind == CommonKind && !Common.IsKnown)
        {
            Common = place;
        }
        else if (kind == NotifyKind && !Notify.IsKnown)
        {
            Notify = place;
            NotifyMultiplier = Word(bus, at + CapabilityBytes);
        }
        else if (kind == DeviceKind && !Device.IsKnown)
        {
            Device = place;
        }
    }

    private static uint Word(PciClient bus, uint at) =>
        bus.ReadConfiguration(at, out uint value, out PciAnswer answer) == CallResult.Ok && answer == PciAnswer.Done ? value : 0;
}
