using System.Runtime.CompilerServices;
using Atoll.Services.Net.Stack;

namespace Atoll.Services.Net;

/// <summary>A program that may look at the stack. It has no sockets.</summary>
public struct ObserverEntry
{
    /// <summary>Its badge.</summary>
    public ulong Badge;

    /// <summary>Until when it waits for a host to answer.</summary>
    public ulong WaitsUntil;

    /// <summary>Who waits for the address of a name; 0: nobody.</summary>
    public uint Asker;

    /// <summary>What was asked.</summary>
    public NameQuery Question;

    /// <summary>Who waits for a host to answer; 0: nobody.</summary>
    public uint Pinger;

    /// <summary>Which answer that is.</summary>
    public EchoQuery Ping;
}

/// <summary>Programs that the system lets look.</summary>
public struct ObserverTable
{
    /// <summary>Most of them.</summary>
    public const int Most = 8;

    private Entries _entries;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>One of them.</summary>
    internal static ref ObserverEntry At(ref ObserverTable table, int index) => ref table._entries[index];

    /// <summary>One of them, to look at.</summary>
    internal static ref readonly ObserverEntry View(ref readonly ObserverTable table, int index) => ref table._entries[index];

    /// <summary>Lets a program look.</summary>
    /// <returns>False: there is no room, or it may already.</returns>
    public bool TryAdd(ulong badge)
    {
        if (Count == Most || Find(badge) != Count)
        {
            return false;
        }

        _entries[Count++] = new ObserverEntry { Badge = badge };
        return true;
    }

    /// <summary>Position of an observer; <see cref="Count"/>: it is none.</summary>
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
        private ObserverEntry _observer0;
    }
}
