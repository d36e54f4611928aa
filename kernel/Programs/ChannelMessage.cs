using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Channels;
using Atoll.Ipc;
using Atoll.Links;

namespace Atoll.Programs;

/// <summary>How what kernels say of channels travels. The operation is the channel's epoch, 0 while it has none.</summary>
public static class ChannelMessage
{
    private const int HighShift = 32;
    private const ulong SecondBit = 1;

    /// <summary>A member to whoever makes channels.</summary>
    /// <param name="kind">What it wants.</param>
    /// <param name="number">Number of its end.</param>
    /// <param name="entry">The end.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static LinkMessage ToMaker(KernelMessage kind, uint number, ref readonly ChannelEntry entry)
    {
        LinkMessage message = default;
        message.Kind = (uint)kind;
        message.Operation = entry.Epoch;
        message.Argument0 = number | ((ulong)entry.Peer << HighShift);
        message.Argument1 = entry.Name;
        return message;
    }

    /// <summary>One end's kernel to the other's.</summary>
    /// <param name="kind">Ring or farewell.</param>
    /// <param name="entry">The end.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static LinkMessage ToPeer(KernelMessage kind, ref readonly ChannelEntry entry)
    {
        LinkMessage message = default;
        message.Kind = (uint)kind;
        message.Operation = entry.Epoch;
        message.Argument0 = entry.PeerNumber;
        message.Argument1 = entry.Untold;
        message.Argument2 = entry.Voids;
        return message;
    }

    /// <summary>That an end waits in vain.</summary>
    /// <param name="number">Its number.</param>
    public static LinkMessage Disown(uint number)
    {
        LinkMessage message = default;
        message.Kind = (uint)KernelMessage.ChannelDisowned;
        message.Argument0 = number;
        return message;
    }

    /// <summary>That a channel was made. Its two pages are consecutive.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static LinkMessage Offer(ref readonly ChannelOffer offer)
    {
        bool isSecond = offer.Receive < offer.Send;
        LinkMessage message = default;
        message.Kind = (uint)KernelMessage.TakeChannel;
        message.Operation = offer.Epoch;
        message.Argument0 = offer.Number | ((ulong)offer.PeerNumber << HighShift);
        message.Argument1 = (isSecond ? offer.Receive : offer.Send) | (isSecond ? SecondBit : 0);
        message.Argument2 = offer.Name;
        message.Argument3 = offer.Peer;
        return message;
    }

    /// <summary>That there will be none.</summary>
    /// <param name="number">Number of the end that asked.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static LinkMessage Unavailable(uint number)
    {
        LinkMessage message = default;
        message.Kind = (uint)KernelMessage.ChannelUnavailable;
        message.Argument0 = number;
        return message;
    }

    /// <summary>That the other end is gone.</summary>
    /// <param name="number">Number of the end that is told.</param>
    /// <param name="epoch">Which channel.</param>
    public static LinkMessage Farewell(uint number, ulong epoch)
    {
        LinkMessage message = default;
        message.Kind = (uint)KernelMessage.ChannelFarewell;
        message.Operation = epoch;
        message.Argument0 = number;
        return message;
    }

    /// <summary>From a message; nothing is checked yet.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ChannelOffer Decode(ref readonly LinkMessage message)
    {
        bool isSecond = (message.Argument1 & SecondBit) != 0;
        ulong low = message.Argument1 & ~SecondBit;
        ulong high = low + ImageLayout.PageSizeBytes;
        ChannelOffer offer = default;
        offer.Epoch = message.Operation;
        offer.Number = Low(message.Argument0);
        offer.PeerNumber = High(message.Argument0);
        offer.Receive = isSecond ? low : high;
        offer.Send = isSecond ? high : low;
        offer.Name = message.Argument2;
        offer.Peer = Low(message.Argument3);
        return offer;
    }

    /// <summary>The number of an end in a message to its kernel, or from it.</summary>
    public static uint Low(ulong argument) => (uint)argument;

    /// <summary>What a member asks for: the core of the other end.</summary>
    public static uint High(ulong argument) => (uint)(argument >> HighShift);
}
