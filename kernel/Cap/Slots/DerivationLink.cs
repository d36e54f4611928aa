namespace Atoll.Cap;

/// <summary>What stands beside a slot in the list of its parent's children: a sibling, or at either end the parent.</summary>
/// <remarks>Slots are 64-byte aligned; bit 0 marks a parent. A parent that is null ends a list of capabilities that were
/// derived from nothing.</remarks>
public readonly struct DerivationLink
{
    private const ulong ParentTag = 1;

    private readonly ulong _raw;

    private DerivationLink(ulong raw) => _raw = raw;

    /// <summary>Whether it leads up.</summary>
    public bool IsParent => (_raw & ParentTag) != 0;

    /// <summary>The sibling or parent; null: a parent that there is not.</summary>
    public ObjectPointer<CapabilitySlot> Slot => new(_raw & ~ParentTag);

    /// <summary>Leads to a sibling.</summary>
    public static DerivationLink Sibling(ObjectPointer<CapabilitySlot> slot) => new(slot.Address);

    /// <summary>Leads to the parent, or to nothing.</summary>
    public static DerivationLink Parent(ObjectPointer<CapabilitySlot> slot) => new(slot.Address | ParentTag);
}
