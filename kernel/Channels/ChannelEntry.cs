using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Cap;

namespace Atoll.Channels;

/// <summary>One end of a channel, in the kernel of the program that has it. Layout version 1.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
[NonCopyable]
public struct ChannelEntry
{
    /// <summary>Bytes of an entry: five cache lines, the slots of its frames aligned.</summary>
    public const int SizeBytes = 320;

    /// <summary>Its pages. First: they lie at the address of the entry.</summary>
    public RingFrames Frames;

    /// <summary>What both ends call the channel.</summary>
    public ulong Name;

    /// <summary>Which channel it is: no two have the same number, ever.</summary>
    public ulong Epoch;

    /// <summary>What is signalled; null: nothing.</summary>
    public ObjectPointer<Notification> Notification;

    /// <summary>The bits.</summary>
    public ulong Badge;

    /// <summary>One more than the number of the first capability that waits here to be taken (the room <c>Remote</c>); 0: none.</summary>
    public uint FirstArrived;

    /// <summary>Core of the other end.</summary>
    public ushort Peer;

    /// <summary>Number of the other end on its core. Its kernel has said so.</summary>
    public ushort PeerNumber;

    /// <summary>One more than the number of the next entry that owes something, behind the last without a meaning; of one that is free: of the next free one, 0: none.</summary>
    public ushort NextOwing;

    /// <summary>By which number its program knows it, among those that are listed at the notification; 0: it is not listed.</summary>
    public ushort Listed;

    /// <summary>One more than the number of the next end that is ready at the notification; 0: none.</summary>
    public ushort NextReady;

    /// <summary>One more than the number of the one before; 0: none.</summary>
    public ushort PreviousReady;

    /// <summary>How many wait.</summary>
    public byte Arrived;

    /// <summary>Capabilities that this end has given, and that the other end's program has not taken as far as is known here.</summary>
    public byte Given;

    /// <summary>How many this end's program has taken since the other end was told.</summary>
    public byte Untold;

    /// <summary>Where it is in its life.</summary>
    public ChannelState State;

    /// <summary>What others are to be told.</summary>
    public ChannelDebts Owes;

    /// <summary>Why it is ready (<see cref="ChannelNews"/>); 0: it is not, and stands in no list of a notification.</summary>
    public byte News;

    /// <summary>Whether it is in the list of those that owe something.</summary>
    public bool IsListed;

    /// <summary>Whether whoever makes channels has been asked and has not answered.</summary>
    public bool AwaitsMaker;

    /// <summary>One more than the number of the export that must leave, or be taken, before this end gives anything else (the room <c>Remote</c>), so that all arrives in order: one
    /// whose offer has found no room in a ring yet; or one of another instance's object, which goes by way of its home. 0: none.</summary>
    public uint Passing;

    /// <summary>Which one it is, among all that the instance has given on.</summary>
    public uint PassSerial;

    /// <summary>What the other end gave of another instance's object for the last time, or will not give any more.</summary>
    public uint LastPass;

    /// <summary>What the other end is to be told that it will not come; 0: nothing.</summary>
    public uint Voids;
}

/// <summary>A channel that was made, as its maker tells one end. Untrusted until <see cref="ChannelTable.Open"/> has compared it.</summary>
public struct ChannelOffer
{
    /// <summary>Number of the end here.</summary>
    public uint Number;

    /// <summary>Core of the other end.</summary>
    public uint Peer;

    /// <summary>Number of the other end there.</summary>
    public uint PeerNumber;

    /// <summary>What both ends called it.</summary>
    public ulong Name;

    /// <summary>Which channel it is.</summary>
    public ulong Epoch;

    /// <summary>Physical address of the ring to receive from.</summary>
    public ulong Receive;

    /// <summary>Physical address of the ring to send to.</summary>
    public ulong Send;
}
