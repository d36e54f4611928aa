using System.Runtime.CompilerServices;
using Atoll.Abi;

namespace Atoll.Cap;

/// <summary>Copies and mints capabilities: makes a child of a capability for the same object, with at most its rights.</summary>
public static class Copying
{
    // By type: those that cannot be copied, or not always.
    private const uint Special = (1U << (int)CapabilityType.Null) | (1U << (int)CapabilityType.Dying)
        | (1U << (int)CapabilityType.PageTable) | (1U << (int)CapabilityType.Untyped) | (1U << (int)CapabilityType.Lent);

    /// <summary>Copies a capability. Everything is checked before the target changes.</summary>
    /// <param name="source">Any slot.</param>
    /// <param name="target">An empty slot, which may be in no thread.</param>
    /// <param name="rights">The most that the copy may do.</param>
    /// <returns>Ok; <see cref="SystemResult.NotCopyable"/>, <see cref="SystemResult.HasChildren"/> (an untyped that is
    /// not all free),
    /// <see cref="SystemResult.SlotEmpty"/>.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Outcome Derive(ObjectPointer<CapabilitySlot> source, ObjectPointer<CapabilitySlot> target, CapabilityRights rights)
    {
        Outcome allowed = CheckSource(in source.Value);
        if (allowed.IsOk)
        {
            Add(source, target, rights);
        }

        return allowed;
    }

    /// <summary>Copies a capability and gives the copy a badge, or for a CNode a guard.</summary>
    /// <param name="source">Any slot.</param>
    /// <param name="target">An empty slot.</param>
    /// <param name="rights">The most that the copy may do.</param>
    /// <param name="word">Argument 3: the badge, or <see cref="CNodeGuard"/>.</param>
    /// <returns>As <see cref="Derive"/>; <see cref="SystemResult.ArgumentInvalid"/> when the word is not one for such
    /// a capability: a second badge, say.</returns>
    public static Outcome Mint(
        ObjectPointer<CapabilitySlot> source, ObjectPointer<CapabilitySlot> target, CapabilityRights rights, ulong word)
    {
        ref readonly CapabilitySlot from = ref source.Value;
        Outcome allowed = CheckSource(in from);
        if (!allowed.IsOk)
        {
            return allowed;
        }

        if (!IsWordFor(in from, word))
        {
            return new Outcome(SystemResult.ArgumentInvalid, 3);
        }

        Link(source, target, rights);
        ref CapabilitySlot minted = ref target.Value;
        if (minted.Type == CapabilityType.CNode)
        {
            var guard = new CNodeGuard(word);
            minted.Extra = guard.Bits;
            minted.Badge = guard.Value;
        }
        else if (minted.Type is CapabilityType.Endpoint or CapabilityType.Notification)
        {
            minted.Badge = word;
        }

        return Outcome.Ok;
    }

    /// <summary>Makes a child of a capability that may be copied, in an empty slot.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Link(ObjectPointer<CapabilitySlot> source, ObjectPointer<CapabilitySlot> target, CapabilityRights rights) =>
        Add(source, target, rights);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ObjectPointer<CapabilitySlot> source, ObjectPointer<CapabilitySlot> target, CapabilityRights rights)
    {
        ref CapabilitySlot from = ref source.Value;
        ref CapabilitySlot copy = ref target.Value;
        copy.Take(in from);
        copy.Rights = from.Rights & rights;
        switch (from.Type)
        {
            case CapabilityType.Untyped:
                // The copy has all of the memory, as if it had been made of it.
                from.Watermark = 1UL << from.SizeBits;
                break;
            case CapabilityType.Frame:
                copy.SpaceNumber = 0;
                copy.MappedAt = 0;
                break;
        }

        Derivation.InsertChild(source, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Outcome CheckSource(ref readonly CapabilitySlot source) =>
        ((Special >> (int)source.Type) & 1) == 0 ? Outcome.Ok : CheckSpecial(in source);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Outcome CheckSpecial(ref readonly CapabilitySlot source) => source.Type switch
    {
        CapabilityType.Null => new Outcome(SystemResult.SlotEmpty, CSpace.AddressBits),
        CapabilityType.Dying => new Outcome(SystemResult.WrongType, (ulong)CapabilityType.Dying),
        CapabilityType.PageTable => new Outcome(SystemResult.NotCopyable),
        CapabilityType.Lent => new Outcome(SystemResult.NotCopyable),
        CapabilityType.Untyped when source.HasChildren || source.Watermark != 0 => new Outcome(SystemResult.HasChildren),
        _ => Outcome.Ok,
    };

    // A badge is given once; a guard leaves room for the radix and has no bits beyond its length.
    private static bool IsWordFor(ref readonly CapabilitySlot source, ulong word)
    {
        switch (source.Type)
        {
            case CapabilityType.Endpoint:
            case CapabilityType.Notification:
                return source.Badge == 0;
            case CapabilityType.CNode:
                var guard = new CNodeGuard(word);
                return guard.Bits + source.SizeBits <= CSpace.AddressBits && guard.Value >> guard.Bits == 0;
            default:
                return word == 0;
        }
    }
}
