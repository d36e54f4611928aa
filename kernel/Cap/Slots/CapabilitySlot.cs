using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Atoll.Abi;

namespace Atoll.Cap;

/// <summary>What a slot knows besides its capability.</summary>
[Flags]
public enum SlotFlags : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The slot lies in a Thread, which must hear when it becomes empty. Belongs to the place: a move leaves
    /// it.</summary>
    InThread = 1,

    /// <summary>The memory of an Untyped or Frame is not in the window: the kernel cannot reach it.</summary>
    Outside = 2,

    /// <summary>It is a device's: mapped uncached, and never executed.</summary>
    Device = 4,

    /// <summary>A record of a death that stands behind what else was derived from the same capability.</summary>
    Parked = 8,

    /// <summary>The slot stands for a capability that another instance holds. It lies in the kernel's records.</summary>
    Exported = 16,

    /// <summary>The object is another instance's.</summary>
    Imported = 32,

    /// <summary>What programs hold of an imported object is derived from this one, which lies in the kernel's records.</summary>
    ImportRoot = 64,
}

/// <summary>A place for one capability: 64 bytes, one cache line.</summary>
/// <remarks>
/// All but <see cref="SlotFlags.InThread"/> belongs to the capability and moves with it. What <see cref="Extra"/>,
/// <see cref="Badge"/> and <see cref="Other"/> mean depends on the type (docs/capabilities.md, "Slots"). The last four
/// words are its place in the
/// derivation tree (<see cref="Derivation"/>). Zeroed memory is an empty slot. Layout version 1.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
[NonCopyable]
public struct CapabilitySlot
{
    /// <summary>Bytes of a slot.</summary>
    public const int SizeBytes = 1 << ObjectSize.SlotBits;

    // The flags that a move leaves, in the first eight bytes.
    private const ulong PlaceBits = (ulong)SlotFlags.InThread << 24;

    /// <summary>Kind of object.</summary>
    [FieldOffset(0)] public CapabilityType Type;

    /// <summary>What may be done with it.</summary>
    [FieldOffset(1)] public CapabilityRights Rights;

    /// <summary>Untyped, Frame: log2 of the bytes. CNode: log2 of the slots (its radix). Remote: <see cref="CapabilityType"/> of the object at home.</summary>
    [FieldOffset(2)] public byte SizeBits;

    /// <summary>See <see cref="SlotFlags"/>.</summary>
    [FieldOffset(3)] public SlotFlags Flags;

    /// <summary>CNode: bits of the guard. PageTable: its level where it is mapped. IoPort: last port. Dying: slots that are left
    /// to look at. Of an imported object: number of its record.</summary>
    [FieldOffset(4)] public uint Extra;

    /// <summary>Window address of the object; 0 for what is no object. Untyped, Frame: physical address. IrqHandler: its number.
    /// IoPort: first port.</summary>
    [FieldOffset(8)] public ulong Object;

    /// <summary>Endpoint, Notification: the badge. CNode: the guard. Frame, PageTable: virtual address where it is
    /// mapped. Untyped: offset up to which free memory is known to be zero. Dying: the slot before in the list of the
    /// dying.</summary>
    [FieldOffset(16)] public ulong Badge;

    /// <summary>Untyped: the watermark, offset of the first free byte. Frame, PageTable: number of the VSpace it is
    /// mapped in, or 0.
    /// VSpace: its own number. Dying: the slot behind in the list.</summary>
    [FieldOffset(24)] public ulong Other;

    /// <summary>The first capability derived from this one.</summary>
    [FieldOffset(32)] public ObjectPointer<CapabilitySlot> FirstChild;

    /// <summary>The last one.</summary>
    [FieldOffset(40)] public ObjectPointer<CapabilitySlot> LastChild;

    /// <summary>The next capability derived from the same parent; at the last the parent.</summary>
    [FieldOffset(48)] public DerivationLink Next;

    /// <summary>The previous one; at the first the parent.</summary>
    [FieldOffset(56)] public DerivationLink Previous;

    // The first eight bytes at once, for moving.
    [FieldOffset(0)] private ulong _head;

    /// <summary>Whether no capability is here.</summary>
    public readonly bool IsEmpty => Type == CapabilityType.Null;

    /// <summary>Whether anything was derived from it.</summary>
    public readonly bool HasChildren => !FirstChild.IsNull;

    /// <summary>Whether the memory is in the window.</summary>
    public readonly bool IsInside => (Flags & SlotFlags.Outside) == 0;

    /// <summary>Untyped: bytes that are used, from the beginning.</summary>
    public ulong Watermark
    {
        readonly get => Other;
        set => Other = value;
    }

    /// <summary>Untyped: memory between the watermark and this offset is zero.</summary>
    public ulong ZeroedEnd
    {
        readonly get => Badge;
        set => Badge = value;
    }

    /// <summary>Frame, PageTable: virtual address where it was mapped.</summary>
    public ulong MappedAt
    {
        readonly get => Badge;
        set => Badge = value;
    }

    /// <summary>Frame, PageTable: number of the VSpace where it was mapped, or 0. VSpace: its own.</summary>
    public ulong SpaceNumber
    {
        readonly get => Other;
        set => Other = value;
    }

    /// <summary>Whether both are capabilities to the same object.</summary>
    public readonly bool IsSameObjectAs(ref readonly CapabilitySlot other) => Type == other.Type && Object == other.Object;

    /// <summary>The slots of a CNode.</summary>
    public readonly ObjectPointer<CapabilitySlot> Slots => new(Object);

    /// <summary>The endpoint of an Endpoint.</summary>
    public readonly ObjectPointer<Endpoint> Endpoint => new(Object);

    /// <summary>The notification of a Notification.</summary>
    public readonly ObjectPointer<Notification> Notification => new(Object);

    /// <summary>The reply object of a Reply.</summary>
    public readonly ObjectPointer<Reply> Reply => new(Object);

    /// <summary>The thread of a Thread.</summary>
    public readonly ObjectPointer<Thread> Thread => new(Object);

    /// <summary>The scheduling context of a SchedulingContext.</summary>
    public readonly ObjectPointer<SchedulingContext> SchedulingContext => new(Object);

    /// <summary>The table of a PageTable or VSpace.</summary>
    public readonly ObjectPointer<PageTable> Table => new(Object);

    /// <summary>Puts a capability in, outside of the derivation tree. The caller links it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Fill(CapabilityType type, CapabilityRights rights, byte sizeBits, ulong address)
    {
        Type = type;
        Rights = rights;
        SizeBits = sizeBits;
        Extra = 0;
        Object = address;
        Badge = 0;
        Other = 0;
        FirstChild = default;
        LastChild = default;
    }

    /// <summary>Takes over another slot's capability, not its place in the tree.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Take(ref readonly CapabilitySlot from)
    {
        // Word by word: a copy of the whole would go through vector registers, which the way back to a program had to scrub.
        _head = (from._head & ~PlaceBits) | (_head & PlaceBits);
        Object = from.Object;
        Badge = from.Badge;
        Other = from.Other;
    }

    /// <summary>Exchanges capabilities with another slot, not the places in the tree.</summary>
    internal void Exchange(ref CapabilitySlot other)
    {
        ulong moved = (_head ^ other._head) & ~PlaceBits;
        _head ^= moved;
        other._head ^= moved;
        Exchange(ref Object, ref other.Object);
        Exchange(ref Badge, ref other.Badge);
        Exchange(ref Other, ref other.Other);
    }

    /// <summary>Makes the slot empty. It must be out of the tree.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Empty()
    {
        _head &= PlaceBits;
        Object = 0;
        Badge = 0;
        Other = 0;
        FirstChild = default;
        LastChild = default;
        Next = default;
        Previous = default;
    }

    private static void Exchange(ref ulong one, ref ulong other)
    {
        ulong kept = one;
        one = other;
        other = kept;
    }
}
