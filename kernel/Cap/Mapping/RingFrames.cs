using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Base;

namespace Atoll.Cap;

/// <summary>The two pages of a channel as one end sees them, and where in an address space they belong.</summary>
/// <remarks>
/// The frames are not this instance's memory, and no capability names them: the kernel maps them itself when the channel opens, and takes them out when this end is
/// given up. So nobody can keep a page of a channel that is over. Zeroed memory is an end without pages. Layout version 1.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
[NonCopyable]
public struct RingFrames
{
    private CapabilitySlot _receive;
    private CapabilitySlot _send;
    private CapabilitySlot _space;
    private ulong _address;

    /// <summary>Whether there are pages.</summary>
    public readonly bool Exist => !_receive.IsEmpty;

    /// <summary>Whether a page is one of them.</summary>
    /// <param name="physical">Physical address.</param>
    public readonly bool Has(ulong physical) => Exist && (_receive.Object == physical || _send.Object == physical);

    /// <summary>Whether these are the pages of the other end: what one sends to, the other receives from.</summary>
    public readonly bool IsOtherEndOf(ref readonly RingFrames other) =>
        Exist && _receive.Object == other._send.Object && _send.Object == other._receive.Object;

    /// <summary>Checks where the pages are to be mapped. Changes nothing.</summary>
    /// <param name="space">A VSpace capability.</param>
    /// <param name="address">Of two pages: argument 1.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Outcome CheckPlace(ref readonly CapabilitySlot space, ulong address)
    {
        const ulong bytes = ChannelPage.PagesOfAnEnd * ImageLayout.PageSizeBytes;
        if (!Bits.IsAligned(address, ImageLayout.PageSizeBytes))
        {
            return new Outcome(SystemResult.Unaligned, 1);
        }

        if (address < UserSpace.Start || address > UserSpace.End - bytes)
        {
            return new Outcome(SystemResult.ArgumentInvalid, 1);
        }

        Outcome first = CheckEntry(in space, address);
        return first.IsOk ? CheckEntry(in space, address + ImageLayout.PageSizeBytes) : first;
    }

    /// <summary>Remembers a place that <see cref="CheckPlace"/> found right, and leaves the old one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Place(
        ref readonly CapabilityState state, ObjectPointer<RingFrames> frames, ref readonly CapabilitySlot space, ulong address)
    {
        ref RingFrames placed = ref frames.Value;
        TakeOut(in state, frames);
        placed._space.Fill(CapabilityType.VSpace, CapabilityRights.All, sizeBits: 0, space.Object);
        placed._space.SpaceNumber = space.SpaceNumber;
        placed._address = address;
    }

    /// <summary>Takes the pages of a channel that opens.</summary>
    /// <param name="frames">Without pages.</param>
    /// <param name="receive">Physical address of the ring to receive from.</param>
    /// <param name="send">Physical address of the ring to send to.</param>
    public static void Take(ObjectPointer<RingFrames> frames, ulong receive, ulong send)
    {
        Check.That(!frames.Value.Exist);
        Fill(ref frames.Value._receive, receive);
        Fill(ref frames.Value._send, send);
    }

    /// <summary>Maps the pages where they belong, if that place is still there.</summary>
    /// <returns>Whether both are mapped.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool TryMap(ref readonly CapabilityState state, ObjectPointer<RingFrames> frames)
    {
        ref RingFrames mapped = ref frames.Value;
        bool isPlaced = mapped.Exist && !state.Spaces.Find(mapped._space.SpaceNumber).IsNull;
        return isPlaced
            && FrameMapping.Map(in state, Receive(frames), in mapped._space, mapped._address, (ulong)MapRights.ReadWrite).IsOk
            && FrameMapping.Map(
                in state, Send(frames), in mapped._space, mapped._address + ImageLayout.PageSizeBytes, (ulong)MapRights.ReadWrite).IsOk;
    }

    /// <summary>Whether both pages are mapped.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly bool AreMapped(ref readonly CapabilityState state) =>
        Exist && !FrameMapping.Locate(in state, in _receive).IsNull && !FrameMapping.Locate(in state, in _send).IsNull;

    /// <summary>Takes the pages out of the address space, and forgets them. The place stays.</summary>
    public static void Drop(ref readonly CapabilityState state, ObjectPointer<RingFrames> frames)
    {
        TakeOut(in state, frames);
        frames.Value._receive.Empty();
        frames.Value._send.Empty();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void TakeOut(ref readonly CapabilityState state, ObjectPointer<RingFrames> frames)
    {
        if (frames.Value.Exist)
        {
            _ = FrameMapping.TakeOut(in state, ref frames.Value._receive);
            _ = FrameMapping.TakeOut(in state, ref frames.Value._send);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Outcome CheckEntry(ref readonly CapabilitySlot space, ulong address)
    {
        Outcome found = TableWalk.Find(space.Table, address, Mm.PageTableEntry.SmallPageLevel, out ObjectPointer<ulong> entry);
        bool isTaken = found.IsOk && Mm.PageTableEntry.IsPresent(entry.Value);
        return isTaken ? new Outcome(SystemResult.AddressTaken) : found;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fill(ref CapabilitySlot slot, ulong physical)
    {
        slot.Fill(CapabilityType.Frame, CapabilityRights.Read | CapabilityRights.Write, ObjectSize.FrameBits, physical);
        slot.Flags = SlotFlags.Outside;
    }

    // The slots lie at the beginning, one behind the other.
    private static ObjectPointer<CapabilitySlot> Receive(ObjectPointer<RingFrames> frames) => new(frames.Address);

    private static ObjectPointer<CapabilitySlot> Send(ObjectPointer<RingFrames> frames) => new(frames.Address + CapabilitySlot.SizeBytes);
}
