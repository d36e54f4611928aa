using System.Runtime.CompilerServices;
using Atoll.Ipc;

namespace Atoll.Explorer.Actors;

/// <summary>Two of something, one for each ring that an event loop can have in one direction.</summary>
[InlineArray(2)]
public struct Pair<T>
{
    private T _first;
}

/// <summary>Where an event loop is.</summary>
public enum LoopPhase : uint
{
    /// <summary>Looks at the receiving ends.</summary>
    Poll,

    /// <summary>Sends what the turn has.</summary>
    Send,

    /// <summary>The one fence of the turn.</summary>
    Fence,

    /// <summary>Looks at the wake words of those written to.</summary>
    Doorbells,

    /// <summary>Goes through the sleep order.</summary>
    Sleep,

    /// <summary>Announces its own death.</summary>
    Panic,

    /// <summary>Nothing more to do.</summary>
    Finished,
}

/// <summary>The private side of an event loop: the product's structs and where the script is. No padding.</summary>
public struct LoopState
{
    /// <summary>Receiving ends.</summary>
    public Pair<RingReceiver> Receivers;

    /// <summary>Sending ends.</summary>
    public Pair<RingSender> Senders;

    /// <summary>What each receiver was rung for.</summary>
    public Pair<DoorbellMemory> Doorbells;

    /// <summary>The own wake word.</summary>
    public WakeWord Wake;

    /// <summary>Where the loop is.</summary>
    public LoopPhase Phase;

    /// <summary>Ring end or step that the phase is at.</summary>
    public uint End;

    /// <summary>Step of the sleep order.</summary>
    public uint SleepStep;

    /// <summary>1 when a look found something.</summary>
    public uint Found;

    /// <summary>Turns that were sent whole.</summary>
    public uint Turn;

    /// <summary>Messages of the current turn that were sent.</summary>
    public uint Message;

    /// <summary>Sending ends that were written to since the last fence, one bit each.</summary>
    public uint Written;

    /// <summary>Turns that may be begun.</summary>
    public uint TurnsAllowed;

    /// <summary>Receiving ends whose sender is known to be dead, one bit each.</summary>
    public uint Dead;

    /// <summary>Keeps the size a multiple of 8.</summary>
    public uint Reserved;
}
