using System.Runtime.CompilerServices;

namespace Atoll.Cap;

/// <summary>The tree of which capability was derived from which. Every operation is a fixed number of stores, at any
/// depth and width.</summary>
/// <remarks>
/// The children of a slot are a list with two ends; the ends lead back to the parent. What is taken out leaves its children
/// in its place. So the copies of one object always stand together: below one another, or side by side.
/// Invariant: a slot that is not empty is in the tree exactly once, an empty one not at all.
/// </remarks>
public static class Derivation
{
    /// <summary>Puts a slot in as the last child.</summary>
    /// <param name="parent">What it was derived from.</param>
    /// <param name="child">A slot that is in no list and has no children.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InsertChild(ObjectPointer<CapabilitySlot> parent, ObjectPointer<CapabilitySlot> child)
    {
        ref CapabilitySlot above = ref parent.Value;
        ref CapabilitySlot slot = ref child.Value;
        ObjectPointer<CapabilitySlot> last = above.LastChild;
        slot.Next = DerivationLink.Parent(parent);
        above.LastChild = child;
        if (last.IsNull)
        {
            slot.Previous = DerivationLink.Parent(parent);
            above.FirstChild = child;
            return;
        }

        slot.Previous = DerivationLink.Sibling(last);
        last.Value.Next = DerivationLink.Sibling(child);
    }

    /// <summary>Puts a slot in that was derived from nothing.</summary>
    public static void InsertRoot(ObjectPointer<CapabilitySlot> slot)
    {
        slot.Value.Next = DerivationLink.Parent(default);
        slot.Value.Previous = DerivationLink.Parent(default);
    }

    /// <summary>Takes a slot out; its children take its place.</summary>
    public static void Remove(ObjectPointer<CapabilitySlot> removed)
    {
        ref CapabilitySlot slot = ref removed.Value;
        DerivationLink previous = slot.Previous;
        DerivationLink next = slot.Next;
        if (slot.FirstChild.IsNull)
        {
            SetAfter(previous, next);
            SetBefore(next, previous);
            return;
        }

        slot.FirstChild.Value.Previous = previous;
        slot.LastChild.Value.Next = next;
        SetAfter(previous, DerivationLink.Sibling(slot.FirstChild));
        SetBefore(next, DerivationLink.Sibling(slot.LastChild));
    }

    /// <summary>Puts an unlinked slot into the place of another, with its siblings and children; that one is unlinked
    /// then.</summary>
    public static void Replace(ObjectPointer<CapabilitySlot> from, ObjectPointer<CapabilitySlot> to)
    {
        ref CapabilitySlot old = ref from.Value;
        ref CapabilitySlot slot = ref to.Value;
        slot.FirstChild = old.FirstChild;
        slot.LastChild = old.LastChild;
        slot.Next = old.Next;
        slot.Previous = old.Previous;
        TellNeighbours(to);
    }

    /// <summary>Exchanges the places of two linked slots, also when one hangs below or beside the other.</summary>
    public static void Swap(ObjectPointer<CapabilitySlot> first, ObjectPointer<CapabilitySlot> second)
    {
        ref CapabilitySlot one = ref first.Value;
        ref CapabilitySlot other = ref second.Value;
        ObjectPointer<CapabilitySlot> firstChild = one.FirstChild;
        ObjectPointer<CapabilitySlot> lastChild = one.LastChild;
        DerivationLink next = one.Next;
        DerivationLink previous = one.Previous;

        // Where one is the other's neighbour, it gets itself as neighbour this way: the other stands there from now on.
        one.FirstChild = Renamed(other.FirstChild, first, second);
        one.LastChild = Renamed(other.LastChild, first, second);
        one.Next = Renamed(other.Next, first, second);
        one.Previous = Renamed(other.Previous, first, second);
        other.FirstChild = Renamed(firstChild, second, first);
        other.LastChild = Renamed(lastChild, second, first);
        other.Next = Renamed(next, second, first);
        other.Previous = Renamed(previous, second, first);
        TellNeighbours(first);
        TellNeighbours(second);
    }

    // What followed 'slot' in another's place follows 'partner', which is in that place now.
    private static ObjectPointer<CapabilitySlot> Renamed(
        ObjectPointer<CapabilitySlot> link, ObjectPointer<CapabilitySlot> slot, ObjectPointer<CapabilitySlot> partner) =>
        link.Is(slot) ? partner : link;

    private static DerivationLink Renamed(
        DerivationLink link, ObjectPointer<CapabilitySlot> slot, ObjectPointer<CapabilitySlot> partner)
    {
        if (!link.Slot.Is(slot))
        {
            return link;
        }

        return link.IsParent ? DerivationLink.Parent(partner) : DerivationLink.Sibling(partner);
    }

    private static void TellNeighbours(ObjectPointer<CapabilitySlot> moved)
    {
        ref CapabilitySlot slot = ref moved.Value;
        SetAfter(slot.Previous, DerivationLink.Sibling(moved));
        SetBefore(slot.Next, DerivationLink.Sibling(moved));
        if (!slot.FirstChild.IsNull)
        {
            slot.FirstChild.Value.Previous = DerivationLink.Parent(moved);
            slot.LastChild.Value.Next = DerivationLink.Parent(moved);
        }
    }

    /// <summary>Makes <paramref name="next"/> follow what a slot's Previous leads to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SetAfter(DerivationLink previous, DerivationLink next)
    {
        if (!previous.IsParent)
        {
            previous.Slot.Value.Next = next;
        }
        else if (!previous.Slot.IsNull)
        {
            previous.Slot.Value.FirstChild = next.IsParent ? default : next.Slot;
        }
    }

    /// <summary>Makes <paramref name="previous"/> precede what a slot's Next leads to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SetBefore(DerivationLink next, DerivationLink previous)
    {
        if (!next.IsParent)
        {
            next.Slot.Value.Previous = previous;
        }
        else if (!next.Slot.IsNull)
        {
            next.Slot.Value.LastChild = previous.IsParent ? default : previous.Slot;
        }
    }
}
