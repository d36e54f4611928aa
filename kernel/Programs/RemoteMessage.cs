using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Cap;
using Atoll.Ipc;
using Atoll.Links;
using Atoll.Remote;

namespace Atoll.Programs;

/// <summary>How what kernels say of capabilities that cross travels.</summary>
public static class RemoteMessage
{
    private const int HighShift = 32;
    private const int RightsShift = 8;
    private const int SizeShift = 16;
    private const int ByteMask = 0xFF;

    /// <summary>A home to a holder: yours from now on.</summary>
    /// <param name="number">Number of the export.</param>
    /// <param name="entry">The export.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static LinkMessage Offer(uint number, ref readonly CrossingEntry entry)
    {
        ref readonly CapabilitySlot slot = ref entry.Slot;
        bool isMemory = slot.Type is CapabilityType.Untyped or CapabilityType.Frame;
        LinkMessage message = default;
        message.Kind = (uint)KernelMessage.OfferCapability;
        message.Operation = number | ((ulong)entry.PeerChannel << HighShift);
        message.Argument0 = (ulong)(isMemory ? slot.Type : CapabilityType.Remote)
            | ((ulong)slot.Rights << RightsShift) | ((isMemory ? slot.SizeBits : (ulong)slot.Type) << SizeShift);
        message.Argument1 = isMemory ? slot.Object : 0;
        message.Argument2 = entry.Epoch;
        message.Argument3 = entry.Notice;
        return message;
    }

    /// <summary>From a message.</summary>
    /// <param name="message">Untrusted.</param>
    /// <param name="offer">What it offers; its address is not checked yet.</param>
    /// <returns>Whether it offers a frame, an untyped or a remote object, with rights that there are. Who gives it is not known yet.</returns>
    [MustUse]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool TryDecode(ref readonly LinkMessage message, out RemoteOffer offer)
    {
        offer = default;
        offer.HomeNumber = (uint)message.Operation;
        offer.Channel = (uint)(message.Operation >> HighShift);
        offer.Type = (CapabilityType)(byte)message.Argument0;
        offer.Rights = (CapabilityRights)((message.Argument0 >> RightsShift) & (ulong)CapabilityRights.All);
        offer.SizeBits = (byte)((message.Argument0 >> SizeShift) & ByteMask);
        offer.Address = message.Argument1;
        offer.Epoch = message.Argument2;
        bool isFrame = offer.Type == CapabilityType.Frame
            && offer.SizeBits is ObjectSize.FrameBits or ObjectSize.LargeFrameBits or ObjectSize.HugeFrameBits;
        bool isUntyped = offer.Type == CapabilityType.Untyped && offer.SizeBits is >= ObjectSize.FrameBits and <= ObjectSize.UntypedBitsMax;
        return isFrame || isUntyped || (offer.Type == CapabilityType.Remote && (CapabilityType)offer.SizeBits is CapabilityType.Endpoint or CapabilityType.Notification or CapabilityType.Thread);
    }

    /// <summary>A holder to a home: signal.</summary>
    /// <param name="homeNumber">Number of the export.</param>
    public static LinkMessage Signal(uint homeNumber)
    {
        LinkMessage message = default;
        message.Kind = (uint)KernelMessage.SignalNotification;
        message.Operation = homeNumber;
        return message;
    }
}
