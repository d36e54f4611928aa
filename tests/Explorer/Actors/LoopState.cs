using System.Runtime.CompilerServices;
using Atoll.Ipc;

namespace Atoll.Explorer.Actors;

/// <summary>Two of something, one for each link that an event loop can have.</summary>
[InlineArray(2)]
public struct Pair<T>
{
    private T _first;
}

/// <summary>Where an event loop is.</summary>
public enum LoopPhase : uint
{
    /// <summary>Opens its links, if they are not.</summary>
    Open,

    /// <summary>Takes what the links have.</summary>
    Receive,

    /// <summary>Sends what the turn has.</summary>
    Work,

    /// <summary>Rings those who sleep.</summary>
    EndTurn,

    /// <summary>Rests: at most a sleep.</summary>
    Rest,

    /// <summary>Announces its own death.</summary>
    Panic,

    /// <summary>Nothing more to do.</summary>
    Finished,
}

/// <summary>The private side of an event loop: the product's structs, and where the loop is.</summary>
public struct LoopState
{
    /// <summary>The links.</summary>
    public Pair<Link> Links;

    /// <summary>Number of the next message on each link.</summary>
    public Pair<uint> Numbers;

    /// <summary>The own wake word.</summary>
    public WakeWord Wake;

    /// <summary>Where the loop is.</summary>
    public LoopPhase Phase;

    /// <summary>Link that the phase is at.</summary>
    public uint Position;

    /// <summary>1 when something came in in this turn.</summary>
    public uint Found;

    /// <summary>Empty turns in a row, as far as they count.</summary>
    public uint EmptyTurns;

    /// <summary>Turns that were sent whole.</summary>
    public uint Turn;

    /// <summary>Messages of the current turn that were sent.</summary>
    public uint Message;

    /// <summary>Turns that may be begun.</summary>
    public uint TurnsAllowed;

    /// <summary>Links whose peer is known to be dead.</summary>
    public uint Dead;

    /// <summary>1 when a message waits for room in a ring.</summary>
    public uint Blocked;

    /// <summary>Keeps the size a multiple of 8.</summary>
    public uint Reserved;
}
