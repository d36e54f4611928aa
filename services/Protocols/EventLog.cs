using System.Runtime.CompilerServices;
using Atoll.Abi;

namespace Atoll.Services.Protocols;

/// <summary>A program stopped.</summary>
public struct WatchEvent
{
    /// <summary>TSC.</summary>
    public ulong At;

    /// <summary>Where.</summary>
    public ulong Rip;

    /// <summary>What the fault says besides.</summary>
    public ulong Address;

    /// <summary>Its position in the system.</summary>
    public uint Program;

    private byte _fault;
    private byte _outcome;

    /// <summary>What stopped it.</summary>
    public FaultKind Fault
    {
        readonly get => (FaultKind)_fault;
        set => _fault = (byte)value;
    }

    /// <summary>What became of it.</summary>
    public WatchOutcome Outcome
    {
        readonly get => (WatchOutcome)_outcome;
        set => _outcome = (byte)value;
    }
}

/// <summary>The last events that somebody who hears of faults has seen.</summary>
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
