using System;
using System.Runtime.InteropServices;
using Atoll.Cap;

namespace Atoll.Remote;

/// <summary>Where a capability that crosses is in its life.</summary>
public enum CrossingState : byte
{
    /// <summary>The record is free. Zeroed memory reads so.</summary>
    None,

    /// <summary>Import: it waits until the program at this end of the channel takes it.</summary>
    Arrived,

    /// <summary>The holder has it, or it is on its way there.</summary>
    Held,

    /// <summary>It is revoked, and the holder may still use it: it has not said otherwise.</summary>
    Revoking,

    /// <summary>Export: it is revoked. Whatever the holder asks is refused from now on; the record is used again when it has let go.</summary>
    Revoked,

    /// <summary>The holder has it no more. What is left of it here ends.</summary>
    Gone,
}

/// <summary>What is to be told of a capability that crosses.</summary>
[Flags]
public enum CrossingDebts : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>To the holder: take it.</summary>
    Offer = 1,

    /// <summary>To the holder: let go.</summary>
    Revoke = 2,

    /// <summary>To the home: a program signals. However often, one message is owed.</summary>
    Signal = 4,

    /// <summary>To the home: nobody has it here any more.</summary>
    Release = 8,

    /// <summary>To the home: a program calls, or several do (<see cref="AwaitedCall"/>).</summary>
    Call = 16,
}

/// <summary>How a record came to be.</summary>
public enum CrossingWay : byte
{
    /// <summary>Import; or export: a program of the object's home gave it.</summary>
    Direct,

    /// <summary>Export of a holder that gives on what is another's: its home is asked, and is the peer of the record.</summary>
    Giver,

    /// <summary>Export at home that a holder has given on.</summary>
    Passed,
}

/// <summary>One capability that is held by another instance than its object's: the record at home (export), or where it is held (import). Layout version 1.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
[NonCopyable]
public struct CrossingEntry
{
    /// <summary>Bytes of a record: two cache lines.</summary>
    public const int SizeBytes = 128;

    /// <summary>Export: child of what was given. Import: root of what programs have. First: it lies at the address of the record.</summary>
    public CapabilitySlot Slot;

    /// <summary>Which channel it crosses.</summary>
    public ulong Epoch;

    /// <summary>The other core: the holder of an export; the home of an import, and of what is given on. This core: it goes from program to program.</summary>
    public uint Peer;

    /// <summary>Import: number of the export at home. What a holder gives on: number of the export there that it holds. Passed: number of the giver's export.</summary>
    public uint HomeNumber;

    /// <summary>Number of this core's end of the channel.</summary>
    public uint Channel;

    /// <summary>Export: number of the holder's end of the channel.</summary>
    public uint PeerChannel;

    /// <summary>One more than the number of the next record in the list that this one is in; 0: it is the last.</summary>
    public uint Next;

    /// <summary>Import: the same for those that wait at the same end of a channel.</summary>
    public uint NextArrived;

    /// <summary>Import, passed: the same for those with the same hash.</summary>
    public uint NextOfHash;

    /// <summary>Where it is in its life.</summary>
    public CrossingState State;

    /// <summary>What is to be told.</summary>
    public CrossingDebts Owes;

    /// <summary>Whether it is in the list of those that need work.</summary>
    public bool IsListed;

    /// <summary>Whether it counts among those that programs have taken.</summary>
    public bool IsCounted;

    /// <summary>How it came to be.</summary>
    public CrossingWay Way;

    /// <summary>Passed: whether its giver wants it back, with all that was derived from it.</summary>
    public bool IsRecalled;

    /// <summary>Passed: core of the giver.</summary>
    public uint Giver;

    /// <summary>Passed: what the giver says of it on its status page (<c>PassNotice</c>).</summary>
    public ulong Notice;

    /// <summary>The core by whose number it is found.</summary>
    public readonly uint Namer => Way == CrossingWay.Passed ? Giver : Peer;
}
