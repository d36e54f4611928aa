using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Protocols;

namespace Atoll.Services.Supervisor;

/// <summary>Something that happened to a program.</summary>
public struct WatchEvent
{
    /// <summary>TSC.</summary>
    public ulong At;

    /// <summary>Its position in the system.</summary>
    public uint Program;

    /// <summary>What stopped it.</summary>
    public FaultKind Fault;

    /// <summary>Where.</summary>
    public ulong Rip;

    /// <summary>What the fault says besides.</summary>
    public ulong Address;

    /// <summary>What became of it.</summary>
    public WatchOutcome Outcome;
}

/// <summary>The last events.</summary>
public struct EventLog
{
    private const ulong Capacity = 16;

    private Events _events;

    /// <summary>Events since the beginning.</summary>
    public ulong Count { get; private set; }

    /// <summary>Number of the oldest that is known.</summary>
    public readonly ulong Oldest => Count > Capacity ? Count - Capacity : 0;

    /// <summary>Adds one.</summary>
    public void Add(in WatchEvent happened) => _events[(int)(Count++ % Capacity)] = happened;

    /// <summary>Finds one.</summary>
    public readonly bool TryGet(ulong number, out WatchEvent happened)
    {
        bool isKnown = number >= Oldest && number < Count;
        happened = isKnown ? _events[(int)(number % Capacity)] : default;
        return isKnown;
    }

    [InlineArray((int)Capacity)]
    private struct Events
    {
        private WatchEvent _event0;
    }
}
