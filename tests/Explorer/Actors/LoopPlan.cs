using Atoll.Explorer.Tso;
using Atoll.Ipc;

namespace Atoll.Explorer.Actors;

/// <summary>One instance's end of a link, as it has it when the search begins.</summary>
public sealed class LinkPlan
{
    /// <summary>Whom its doorbells go to.</summary>
    public required ContextId Peer { get; init; }

    /// <summary>Number of the ring from the peer.</summary>
    public required int Incoming { get; init; }

    /// <summary>Number of the ring to the peer.</summary>
    public required int Outgoing { get; init; }

    /// <summary>Number that the link calls the peer by.</summary>
    public required uint PeerNumber { get; init; }

    /// <summary>What the link is made of.</summary>
    public required LinkEnds Ends { get; init; }

    /// <summary>Number of the link.</summary>
    public required ulong Epoch { get; init; }

    /// <summary>The link, open, or closed when the event loop opens it.</summary>
    public Link Start { get; set; }
}

/// <summary>One message that is to be sent.</summary>
/// <param name="Link">On which of the links.</param>
/// <param name="IsControl">Whether it may use the reserved slots.</param>
public readonly record struct PlannedSend(int Link = 0, bool IsControl = false);

/// <summary>What an event loop receives, sends, and how it sleeps.</summary>
public sealed unsafe class LoopPlan
{
    /// <summary>What a trace calls it.</summary>
    public required string Name { get; init; }

    /// <summary>Its links, two at most.</summary>
    public required LinkPlan[] Links { get; init; }

    /// <summary>Whether it looks for messages, and sleeps. Else it sends and is done.</summary>
    public bool Listens { get; init; } = true;

    /// <summary>Whether it opens its links itself, in the first turn.</summary>
    public bool OpensLinks { get; init; }

    /// <summary>Messages to send, turn by turn.</summary>
    public PlannedSend[][] Turns { get; init; } = [];

    /// <summary>Turns that need no message to have come first.</summary>
    public int FreeTurns { get; init; }

    /// <summary>Its own wake word, if it sleeps.</summary>
    public ulong* Wake { get; init; }

    /// <summary>Whether it is a program, which waits on its notification.</summary>
    public bool IsProgram { get; init; }

    /// <summary>Seeded defect: its workload says after each turn that there is more to do.</summary>
    public bool NeverDone { get; init; }

    /// <summary>Empty turns in a row before a sleep.</summary>
    public uint IdleTurns { get; init; } = 1;

    /// <summary>Messages to take from a link before the next has its turn.</summary>
    public int ReceiveBudget { get; init; } = 1;

    /// <summary>
    /// Seeded defect: a full ring does not end the turn, so nobody is rung while the workload tries again.
    /// </summary>
    public bool KeepsTurnOpenWhenFull { get; init; }

    /// <summary>Its own life word, if it may panic.</summary>
    public ulong* Life { get; init; }
}
