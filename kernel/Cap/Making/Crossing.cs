using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Base;

namespace Atoll.Cap;

/// <summary>Capabilities that cross to another instance: what stands for the holder at home, and what stands for the object where it is held.</summary>
/// <remarks>
/// At home a slot of the kernel's records is a child of what was given, so revoke finds it like any other. Where it is held, another slot of the kernel's records is the root of
/// what the programs there have. The two are kept in step by messages (docs/remote-capabilities.md).
/// </remarks>
public static class Crossing
{
    private const SlotFlags OfPlace = SlotFlags.Exported | SlotFlags.ImportRoot | SlotFlags.Parked;

    /// <summary>Checks whether a capability can be given to another instance.</summary>
    /// <returns>
    /// Ok; <see cref="SystemResult.NotCopyable"/> when it is no frame of this or another instance's memory, no untyped of a frame or more of this one's, no endpoint, no notification and
    /// no thread; of an untyped as <see cref="UntypedReset.Clear"/>.
    /// </returns>
    public static Outcome CheckSource(ref CapabilitySlot source) => source.Type switch
    {
        CapabilityType.Untyped when source.IsInside && source.SizeBits >= ObjectSize.FrameBits => UntypedReset.Clear(ref source),
        CapabilityType.Frame when source.IsInside || IsImported(in source) => Outcome.Ok,
        CapabilityType.Endpoint or CapabilityType.Notification or CapabilityType.Thread or CapabilityType.Remote => Outcome.Ok,
        CapabilityType.Null => new Outcome(SystemResult.SlotEmpty, CSpace.AddressBits),
        _ => new Outcome(SystemResult.NotCopyable),
    };

    /// <summary>Whether the object is another instance's: that one is asked before it is given on.</summary>
    public static bool IsImported(ref readonly CapabilitySlot slot) => (slot.Flags & SlotFlags.Imported) != 0;

    /// <summary>Number of the record of an imported object that a capability names.</summary>
    public static uint ImportOf(ref readonly CapabilitySlot slot) => slot.Extra;

    /// <summary>Checks whether a frame can be lent as a whole: nobody else has it by this capability.</summary>
    /// <returns>Ok; <see cref="SystemResult.NotCopyable"/> when it is no frame of this instance's memory; <see cref="SystemResult.HasChildren"/>.</returns>
    public static Outcome CheckLoan(ref readonly CapabilitySlot source)
    {
        if (source.Type != CapabilityType.Frame || !source.IsInside)
        {
            return new Outcome(SystemResult.NotCopyable);
        }

        return source.HasChildren ? new Outcome(SystemResult.HasChildren) : Outcome.Ok;
    }

    /// <summary>A frame that was just given is lent: its owner has nothing of it until it takes it back.</summary>
    public static void Lend(ref readonly CapabilityState state, ref CapabilitySlot source)
    {
        _ = FrameMapping.TakeOut(in state, ref source);
        source.Type = CapabilityType.Lent;
    }

    /// <summary>All that was derived from a capability is gone: what was lent is its owner's again.</summary>
    public static void TakeBack(ref CapabilitySlot source)
    {
        if (source.Type == CapabilityType.Lent)
        {
            source.Type = CapabilityType.Frame;
        }
    }

    /// <summary>Makes a child that stands for a holder.</summary>
    /// <param name="source">What <see cref="CheckSource"/> found right.</param>
    /// <param name="record">An empty slot of the kernel's records.</param>
    /// <param name="rights">The most that the holder may do. With an untyped it does as it likes: what it makes of it has all rights.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Export(ObjectPointer<CapabilitySlot> source, ObjectPointer<CapabilitySlot> record, CapabilityRights rights)
    {
        Copying.Link(source, record, source.Value.Type == CapabilityType.Untyped ? CapabilityRights.All : rights);
        record.Value.Flags = (record.Value.Flags & ~OfPlace) | SlotFlags.Exported;
    }

    /// <summary>Makes the root of what programs hold of another instance's object.</summary>
    /// <param name="record">An empty slot of the kernel's records.</param>
    /// <param name="type">Frame, Untyped or Remote.</param>
    /// <param name="rights">What may be done.</param>
    /// <param name="sizeBits">Memory: log2 of the bytes. Remote: <see cref="CapabilityType"/> of the object at home.</param>
    /// <param name="address">Memory: physical address.</param>
    /// <param name="number">Number of the record.</param>
    public static void Import(
        ObjectPointer<CapabilitySlot> record, CapabilityType type, CapabilityRights rights, byte sizeBits, ulong address, uint number)
    {
        Check.That(record.Value.IsEmpty);
        record.Value.Fill(type, rights, sizeBits, type == CapabilityType.Remote ? number : address);
        record.Value.Extra = number;
        record.Value.Flags = SlotFlags.Imported | SlotFlags.ImportRoot | (type == CapabilityType.Remote ? SlotFlags.None : SlotFlags.Outside);
        Derivation.InsertRoot(record);
    }

    /// <summary>Gives a program its capability to an imported object.</summary>
    /// <param name="root">The root.</param>
    /// <param name="target">An empty slot of the program.</param>
    public static void Accept(ObjectPointer<CapabilitySlot> root, ObjectPointer<CapabilitySlot> target)
    {
        Copying.Link(root, target, CapabilityRights.All);
        target.Value.Flags &= ~OfPlace;
    }

    /// <summary>Hands on a capability of this instance that waited in the kernel's records.</summary>
    /// <param name="record">Where it waited.</param>
    /// <param name="target">An empty slot of the program.</param>
    public static void HandOver(ObjectPointer<CapabilitySlot> record, ObjectPointer<CapabilitySlot> target)
    {
        record.Value.Flags &= ~OfPlace;
        Moving.Relocate(record, target);
    }

    /// <summary>The root that a slot is the last child of; null when something else is left below it, or it is no import.</summary>
    internal static ObjectPointer<CapabilitySlot> LastBelow(ref readonly CapabilitySlot slot)
    {
        bool isOnly = slot.Next.IsParent && slot.Previous.IsParent && !slot.HasChildren;
        ObjectPointer<CapabilitySlot> parent = slot.Next.Slot;
        return isOnly && !parent.IsNull && (parent.Value.Flags & SlotFlags.ImportRoot) != 0 ? parent : default;
    }
}
