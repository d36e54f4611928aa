using Atoll.Abi;

namespace Atoll.Cap;

/// <summary>What a program may know of a slot (<see cref="CNodeOperation.Describe"/>).</summary>
public readonly struct SlotDescription
{
    private const int RightsShift = 8;
    private const ulong ChildrenBit = 1UL << 8;

    /// <summary>Bits 0–7: <see cref="CapabilityType"/>; 8–15: <see cref="CapabilityRights"/>.</summary>
    public readonly ulong Kind;

    /// <summary>Bits 0–7: log2 of the bytes of an Untyped or Frame, of the slots of a CNode; of a Remote the <see cref="CapabilityType"/> at home; bit 8: something was
    /// derived from it.</summary>
    public readonly ulong Size;

    /// <summary>Endpoint, Notification: badge. CNode: <see cref="CNodeGuard"/>. Untyped: bytes that are free. Frame,
    /// PageTable: where it is
    /// mapped, or 0. IoPort: first port, and from bit 16 on the last. Else 0.</summary>
    public readonly ulong Detail;

    /// <summary>Describes a slot.</summary>
    public SlotDescription(ref readonly CapabilityState state, ref readonly CapabilitySlot slot)
    {
        Kind = (ulong)slot.Type | ((ulong)slot.Rights << RightsShift);
        Size = slot.SizeBits | (slot.HasChildren ? ChildrenBit : 0);
        Detail = slot.Type switch
        {
            CapabilityType.Endpoint or CapabilityType.Notification => slot.Badge,
            CapabilityType.CNode => CNodeGuard.Of((byte)slot.Extra, slot.Badge).Raw,
            CapabilityType.Untyped => (1UL << slot.SizeBits) - slot.Watermark,
            CapabilityType.Frame => FrameMapping.Locate(in state, in slot).IsNull ? 0 : slot.MappedAt,
            CapabilityType.PageTable => PageTableMapping.Locate(in state, in slot).IsNull ? 0 : slot.MappedAt,
            CapabilityType.IoPort => slot.Object | ((ulong)slot.Extra << 16),
            _ => 0,
        };
    }
}
