using System.Runtime.CompilerServices;
using Atoll.Services.Lib;
using Atoll.Services.Net.Stack;

namespace Atoll.Services.Net;

/// <summary>A client of the stack.</summary>
public struct ClientEntry
{
    /// <summary>Its badge.</summary>
    public ulong Badge;

    /// <summary>Memory that it has in common with the stack.</summary>
    public MemoryRegion Area;

    /// <summary>Whether it may look at everything, and do nothing else.</summary>
    public bool IsObserver;

    /// <summary>Until when it waits: for an event, or, an observer, for a host to answer.</summary>
    public ulong WaitsUntil;

    /// <summary>Who waits for an event; 0: nobody.</summary>
    public uint Waiter;

    /// <summary>Who waits for the address of a name; 0: nobody.</summary>
    public uint Asker;

    /// <summary>What was asked.</summary>
    public NameQuery Question;

    /// <summary>Who waits for a host to answer; 0: nobody.</summary>
    public uint Pinger;

    /// <summary>Which answer that is.</summary>
    public EchoQuery Ping;

    /// <summary>Sockets that it has.</summary>
    public int Sockets;

    /// <summary>Where its next event is looked for.</summary>
    public int NextEvent;

    /// <summary>Whether it has begun, and is not known to be dead.</summary>
    public bool HasBegun;
}

/// <summary>Clients that the system allows: each with its badge and its area.</summary>
public struct ClientTable
{
    /// <summary>Most clients.</summary>
    public const int Most = 8;

    /// <summary>Most sockets of a client: no client can take all that there are.</summary>
    public const int SocketsMax = 80;

    private Entries _entries;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>A client.</summary>
    public static ref ClientEntry At(ref ClientTable table, int index) => ref table._entries[index];

    /// <summary>A client, to look at.</summary>
    public static ref readonly ClientEntry View(ref readonly ClientTable table, int index) => ref table._entries[index];

    /// <summary>Adds one.</summary>
    /// <returns>False: there is no room, or it is there.</returns>
    public bool TryAdd(ulong badge, MemoryRegion area)
    {
        if (Count == Most || Find(badge) != Count)
        {
            return false;
        }

        _entries[Count++] = new ClientEntry { Badge = badge, Area = area };
        return true;
    }

    /// <summary>Adds one that may look.</summary>
    /// <returns>As <see cref="TryAdd"/>.</returns>
    public bool TryAddObserver(ulong badge)
    {
        bool isAdded = TryAdd(badge, default);
        if (isAdded)
        {
            _entries[Count - 1].IsObserver = true;
        }

        return isAdded;
    }

    /// <summary>Position of a client; <see cref="Count"/>: it is none.</summary>
    public readonly int Find(ulong badge)
    {
        int index = 0;
        while (index < Count && _entries[index].Badge != badge)
        {
            index++;
        }

        return index;
    }

    [InlineArray(Most)]
    private struct Entries
    {
        private ClientEntry _client0;
    }
}
