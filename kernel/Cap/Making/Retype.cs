using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Base;

namespace Atoll.Cap;

/// <summary>What <see cref="Retype.Decode"/> found right, for <see cref="Retype.Commit"/>.</summary>
public struct RetypePlan
{
    internal ObjectPointer<CapabilitySlot> Untyped;
    internal ObjectPointer<CapabilitySlot> FirstSlot;
    internal ulong Start;
    internal ulong End;
    internal CapabilityType Type;
    internal byte SizeBits;
    internal byte ObjectBits;
}

/// <summary>Makes objects of untyped memory.</summary>
/// <remarks>
/// Objects come one after the other from the watermark on, each aligned to its size; what lies between is lost until
/// the reset. So no two live objects
/// overlap. The memory is zeroed before it is handed out, <see cref="Limits.ClearedBytesMax"/> at a time.
/// </remarks>
public static class Retype
{
    /// <summary>Checks a request and does it, or a part of it.</summary>
    /// <param name="state">The instance's.</param>
    /// <param name="untyped">An Untyped capability.</param>
    /// <param name="request">Argument 0.</param>
    /// <param name="node">The CNode capability that argument 1 names.</param>
    /// <param name="firstIndex">Argument 2.</param>
    /// <returns>What is wrong; or as <see cref="Commit"/>.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Outcome Do(
        ref CapabilityState state,
        ObjectPointer<CapabilitySlot> untyped,
        RetypeRequest request,
        ref readonly CapabilitySlot node,
        ulong firstIndex)
    {
        Outcome decoded = Decode(in state, untyped, request, in node, firstIndex, out RetypePlan plan);
        return decoded.IsOk ? Commit(ref state, in plan) : decoded;
    }

    /// <summary>Checks a request. Changes nothing.</summary>
    /// <param name="state">The instance's.</param>
    /// <param name="untyped">An Untyped capability.</param>
    /// <param name="request">Argument 0.</param>
    /// <param name="node">The CNode capability that argument 1 names.</param>
    /// <param name="firstIndex">Argument 2.</param>
    /// <param name="plan">What to do, when the outcome is Ok.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Outcome Decode(
        ref readonly CapabilityState state,
        ObjectPointer<CapabilitySlot> untyped,
        RetypeRequest request,
        ref readonly CapabilitySlot node,
        ulong firstIndex,
        out RetypePlan plan)
    {
        plan = default;
        ref readonly CapabilitySlot source = ref untyped.Value;
        CapabilityType type = request.Type;
        int bits = ObjectKind.Bits(type, request.SizeBits);
        bool isMemory = type is CapabilityType.Untyped or CapabilityType.Frame;
        if (bits == ObjectKind.None || request.Count is 0 or > RetypeRequest.CountMax || (!isMemory && !source.IsInside))
        {
            return new Outcome(SystemResult.ArgumentInvalid, 0);
        }

        Outcome room = CheckSlots(in node, firstIndex, request.Count);
        if (!room.IsOk)
        {
            return room;
        }

        ulong size = 1UL << source.SizeBits;
        ulong start = Bits.AlignUp(source.Watermark, 1UL << bits);
        ulong end = start + ((ulong)request.Count << bits);
        if (end > size)
        {
            return new Outcome(SystemResult.NotEnoughMemory, size - source.Watermark);
        }

        if (type == CapabilityType.VSpace && request.Count > state.Spaces.Available)
        {
            return new Outcome(SystemResult.Unavailable);
        }

        plan.Untyped = untyped;
        plan.FirstSlot = CNode.Slot(node.Slots, firstIndex);
        plan.Start = start;
        plan.End = end;
        plan.Type = type;
        plan.SizeBits = request.SizeBits;
        plan.ObjectBits = (byte)bits;
        return Outcome.Ok;
    }

    /// <summary>Makes the objects, or zeroes some of their memory.</summary>
    /// <returns>Ok, or <see cref="SystemResult.Again"/>: the same request goes on where this one stopped.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Outcome Commit(ref CapabilityState state, ref readonly RetypePlan plan)
    {
        ref CapabilitySlot source = ref plan.Untyped.Value;
        if (plan.Type != CapabilityType.Untyped && source.IsInside && !Zero(ref source, in plan))
        {
            return new Outcome(SystemResult.Again);
        }

        source.Watermark = plan.End;
        ulong address = source.Object + (IsPhysical(plan.Type) ? 0 : PhysicalWindow.Base);
        ulong slot = plan.FirstSlot.Address;
        for (ulong offset = plan.Start; offset != plan.End; offset += 1UL << plan.ObjectBits)
        {
            Make(ref state, in plan, new(slot), address + offset);
            slot += CapabilitySlot.SizeBytes;
        }

        return Outcome.Ok;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Make(
        ref CapabilityState state, ref readonly RetypePlan plan, ObjectPointer<CapabilitySlot> made, ulong address)
    {
        ref CapabilitySlot slot = ref made.Value;
        slot.Fill(plan.Type, CapabilityRights.All, plan.SizeBits, address);
        Derivation.InsertChild(plan.Untyped, made);
        switch (plan.Type)
        {
            case CapabilityType.CNode:
                slot.Extra = CSpace.AddressBits - plan.SizeBits;
                break;
            case CapabilityType.VSpace:
                slot.SpaceNumber = state.Spaces.Add(slot.Table);
                PageTable.Entry(slot.Table, PageTable.KernelIndex).Value = state.KernelEntry;
                break;
            case CapabilityType.Thread:
                ThreadSlots.Prepare(slot.Thread);
                break;
            case CapabilityType.Untyped:
            case CapabilityType.Frame:
                // Of another instance's memory it ends with what was lent, whose record it names.
                slot.Flags = plan.Untyped.Value.Flags & (SlotFlags.Outside | SlotFlags.Device | SlotFlags.Imported);
                slot.Extra = plan.Untyped.Value.Extra;
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsPhysical(CapabilityType type) => type is CapabilityType.Untyped or CapabilityType.Frame;

    // All slots must be empty: the caller hears which is the first that is not.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Outcome CheckSlots(ref readonly CapabilitySlot node, ulong first, uint count)
    {
        ulong slots = CNode.Count(in node);
        if (first >= slots || count > slots - first)
        {
            return new Outcome(SystemResult.ArgumentInvalid, 2);
        }

        for (ulong index = first; index < first + count; index++)
        {
            if (!CNode.Slot(node.Slots, index).Value.IsEmpty)
            {
                return new Outcome(SystemResult.SlotOccupied, index);
            }
        }

        return Outcome.Ok;
    }

    /// <summary>Zeroes what is not known to be zero, a bounded part of it at once.</summary>
    /// <returns>Whether all of it is zero now.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Zero(ref CapabilitySlot source, ref readonly RetypePlan plan)
    {
        ulong from = source.ZeroedEnd;
        if (from < plan.Start)
        {
            // What lies before the first object is lost now already, so that all free memory up to a mark is zero.
            source.Watermark = plan.Start;
            from = plan.Start;
        }

        if (from >= plan.End)
        {
            return true;
        }

        ulong bytes = plan.End - from;
        bool isAll = bytes <= Limits.ClearedBytesMax;
        bytes = isAll ? bytes : Limits.ClearedBytesMax;
        ObjectMemory.Clear(PhysicalWindow.Base + source.Object + from, bytes);
        source.ZeroedEnd = from + bytes;
        return isAll;
    }
}
