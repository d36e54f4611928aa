using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.VirtioNet;

/// <summary>The driver's way to one stack: a channel, and memory that is given to whoever is at its other end.</summary>
/// <remarks>
/// A stack that dies is one channel, and the next life another. Rings are cleared when a channel is open, so nobody of an earlier life touches them any more: it has asked for the new
/// channel, or is gone.
/// </remarks>
[NonCopyable]
internal struct StackDoor
{
    /// <summary>The channel.</summary>
    internal RingChannel Channel;

    /// <summary>Rings, and what the stack sends.</summary>
    internal MemoryRegion Memory;

    /// <summary>Slot of the frame that this is in.</summary>
    internal uint Frame;

    /// <summary>Physical address of the first buffer of what the stack sends.</summary>
    internal ulong Packets;

    /// <summary>Whether the stack at the other end of this channel was welcomed, or could not be.</summary>
    internal bool IsMet;

    /// <summary>Whether it was welcomed.</summary>
    internal bool IsServed;

    /// <summary>Gives a stack what it needs, and says that it may begin.</summary>
    /// <param name="received">Slot of the frame with what comes: for reading.</param>
    /// <param name="station">The device's Ethernet address.</param>
    /// <param name="share">Which of the stacks it is.</param>
    /// <param name="shares">How many there are.</param>
    /// <returns>False: not now.</returns>
    internal bool TryWelcome(uint received, ulong station, uint share, uint shares)
    {
        RingMessage welcome = LinkMessage.Of(LinkMessage.Welcome, station, share, shares);
        return Channel.Grant(received, CapabilityRights.Read) == ChannelResult.Done
            && Channel.Grant(Frame, CapabilityRights.Read | CapabilityRights.Write) == ChannelResult.Done
            && TrySay(in welcome);
    }

    /// <summary>Tells the stack something. A stack that takes no messages has to do without.</summary>
    internal bool TrySay(in RingMessage message)
    {
        bool isSaid = Channel.TrySend(in message) == ChannelResult.Done;
        Channel.EndTurn();
        return isSaid;
    }
}
