using Atoll.Abi;
using Atoll.Arch;
using Atoll.Base;

namespace Atoll.Cap;

/// <summary>Capabilities that are derived from nothing: the kernel makes them for the first program. All others come from these.</summary>
public static class RootCapabilities
{
    /// <summary>Takes memory for a CNode that no untyped covers: the first program's.</summary>
    /// <param name="slot">A slot, maybe one of the new ones.</param>
    /// <param name="physical">Its memory, zeroed, aligned to its size.</param>
    /// <param name="radix">log2 of its slots.</param>
    public static void CNode(ObjectPointer<CapabilitySlot> slot, ulong physical, byte radix)
    {
        Check.That(Bits.IsAligned(physical, 1UL << (radix + ObjectSize.SlotBits)));
        Fill(slot, CapabilityType.CNode, radix, PhysicalWindow.Base + physical);
        slot.Value.Extra = CSpace.AddressBits - radix;
    }

    /// <summary>The first slot of memory that <see cref="CNode"/> makes a CNode of.</summary>
    public static ObjectPointer<CapabilitySlot> SlotsAt(ulong physical) => new(PhysicalWindow.Base + physical);

    /// <summary>Memory of the instance that nothing uses.</summary>
    /// <param name="slot">An empty slot.</param>
    /// <param name="physical">Aligned to its size.</param>
    /// <param name="sizeBits">log2 of the bytes.</param>
    public static void Untyped(ObjectPointer<CapabilitySlot> slot, ulong physical, byte sizeBits)
    {
        Check.That(Bits.IsAligned(physical, 1UL << sizeBits));
        Fill(slot, CapabilityType.Untyped, sizeBits, physical);
    }

    /// <summary>Registers of devices: frames of them can be mapped, nothing else.</summary>
    /// <param name="slot">An empty slot.</param>
    /// <param name="physical">Aligned to its size.</param>
    /// <param name="sizeBits">log2 of the bytes.</param>
    public static void DeviceUntyped(ObjectPointer<CapabilitySlot> slot, ulong physical, byte sizeBits)
    {
        Untyped(slot, physical, sizeBits);
        slot.Value.Flags |= SlotFlags.Outside | SlotFlags.Device;
    }

    /// <summary>A frame of the instance's memory that no untyped covers: the first program's own file.</summary>
    /// <param name="slot">An empty slot.</param>
    /// <param name="physical">Aligned to 4 KiB.</param>
    public static void Frame(ObjectPointer<CapabilitySlot> slot, ulong physical)
    {
        Check.That(Bits.IsAligned(physical, 1UL << ObjectSize.FrameBits));
        Fill(slot, CapabilityType.Frame, ObjectSize.FrameBits, physical);
    }

    /// <summary>A frame of memory that everybody may read: the bundle.</summary>
    /// <param name="slot">An empty slot.</param>
    /// <param name="physical">Aligned to 4 KiB.</param>
    public static void ReadOnlyFrame(ObjectPointer<CapabilitySlot> slot, ulong physical)
    {
        Check.That(Bits.IsAligned(physical, 1UL << ObjectSize.FrameBits));
        Fill(slot, CapabilityType.Frame, ObjectSize.FrameBits, physical);
        slot.Value.Rights = CapabilityRights.Read;
        slot.Value.Flags |= SlotFlags.Outside;
    }

    /// <summary>Leave to do something that is no object: SchedulingControl, IrqControl, IoPortControl, InstanceControl.</summary>
    /// <param name="slot">An empty slot.</param>
    /// <param name="type">Which.</param>
    public static void Control(ObjectPointer<CapabilitySlot> slot, CapabilityType type) => Fill(slot, type, sizeBits: 0, address: 0);

    /// <summary>Something that a control lets its holder have: an IrqHandler or IoPort, derived from the control.</summary>
    /// <param name="control">The control capability.</param>
    /// <param name="slot">An empty slot.</param>
    /// <param name="type">IrqHandler or IoPort.</param>
    /// <param name="first">Number of the handler; first port.</param>
    /// <param name="last">Last port.</param>
    public static void Derive(
        ObjectPointer<CapabilitySlot> control, ObjectPointer<CapabilitySlot> slot, CapabilityType type, ulong first, uint last = 0)
    {
        slot.Value.Fill(type, CapabilityRights.All, sizeBits: 0, first);
        slot.Value.Extra = last;
        Derivation.InsertChild(control, slot);
    }

    private static void Fill(ObjectPointer<CapabilitySlot> slot, CapabilityType type, byte sizeBits, ulong address)
    {
        Check.That(slot.Value.IsEmpty);
        slot.Value.Fill(type, CapabilityRights.All, sizeBits, address);
        Derivation.InsertRoot(slot);
    }
}
