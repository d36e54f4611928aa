using Atoll.Abi;
using Atoll.Cap;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>Whether the derivation tree of a simulated core is one, and nobody in it has more rights than who gave it.</summary>
internal static class CapabilityTree
{
    /// <summary>Whoever stands beside or below a capability in the tree knows it, and what is held by others has at most the rights of what it came from.</summary>
    public static void AssertIsSound(RemotePrograms programs)
    {
        uint core = programs.Member.Number;
        for (uint index = 0; index < RemotePrograms.Slots; index++)
        {
            AssertStands(programs.Slot(index), core, $"slot {index}");
        }

        for (uint number = 0; number < programs.Remote.Exports.Used; number++)
        {
            AssertStands(programs.Remote.Exports.Slot(number), core, $"export {number}");
            AssertRightsDoNotGrow(programs.Remote.Exports.Slot(number), core, number);
        }

        for (uint number = 0; number < programs.Remote.Imports.Used; number++)
        {
            AssertStands(programs.Remote.Imports.Slot(number), core, $"import {number}");
        }
    }

    private static void AssertStands(ObjectPointer<CapabilitySlot> slot, uint core, string what)
    {
        if (slot.Value.IsEmpty)
        {
            return;
        }

        DerivationLink next = slot.Value.Next;
        DerivationLink previous = slot.Value.Previous;
        bool isBefore = next.IsParent ? next.Slot.IsNull || next.Slot.Value.LastChild.Is(slot) : next.Slot.Value.Previous.Slot.Is(slot);
        bool isBehind = previous.IsParent ? previous.Slot.IsNull || previous.Slot.Value.FirstChild.Is(slot) : previous.Slot.Value.Next.Slot.Is(slot);
        bool hasChildren = slot.Value.FirstChild.IsNull
            || (slot.Value.FirstChild.Value.Previous.IsParent && slot.Value.FirstChild.Value.Previous.Slot.Is(slot)
                && slot.Value.LastChild.Value.Next.IsParent && slot.Value.LastChild.Value.Next.Slot.Is(slot));
        Assert.True(isBefore && isBehind && hasChildren, $"{what} of core {core} does not stand where its neighbours say: {isBefore}, {isBehind}, {hasChildren}");
    }

    private static void AssertRightsDoNotGrow(ObjectPointer<CapabilitySlot> slot, uint core, uint number)
    {
        if (slot.Value.IsEmpty)
        {
            return;
        }

        DerivationLink next = slot.Value.Next;
        while (!next.IsParent)
        {
            next = next.Slot.Value.Next;
        }

        bool grows = !next.Slot.IsNull && (slot.Value.Rights & ~next.Slot.Value.Rights) != CapabilityRights.None;
        Assert.False(grows, $"export {number} of core {core} has more rights than what it came from");
    }
}
