using System.Runtime.CompilerServices;
using Atoll.Services.Lib;
using Atoll.Services.Net.Stack;

namespace Atoll.Services.Net;

/// <summary>A place of what is received, while the program has it.</summary>
internal struct GivenPlace
{
    /// <summary>Of the socket whose bytes are in it.</summary>
    internal uint Handle;

    /// <summary>How many.</summary>
    internal ushort Length;
}

/// <summary>A program with sockets, at the other end of a channel.</summary>
public struct ClientEntry
{
    internal MemoryRegion Area;
    internal GivenPlaces Given;

    /// <summary>A message that found no room. While there is one, nothing else is told.</summary>
    internal Abi.RingMessage Late;

    /// <summary>What observers know it by.</summary>
    internal ulong Badge;

    /// <summary>By which bit its channel signals.</summary>
    public ulong Bit;

    /// <summary>Places of what is received that the program has: a bit each.</summary>
    internal uint GivenMask;

    /// <summary>Places of what is sent that were read, and how many of them it was told of.</summary>
    internal uint Taken;
    internal uint TakenTold;

    /// <summary>Sockets that it has.</summary>
    internal int Sockets;

    /// <summary>Where its next event is looked for.</summary>
    internal int NextEvent;

    /// <summary>Number of its question for a name, and the question.</summary>
    internal uint Asked;
    internal NameQuery Question;
    internal bool Asks;
    internal bool HasLate;

    /// <summary>Requests that were refused.</summary>
    internal ulong Refused;
}

/// <summary>Places of what is received.</summary>
[InlineArray(Protocols.SocketArea.Places)]
internal struct GivenPlaces
{
    private GivenPlace _place0;
}

/// <summary>Programs that the system lets have sockets: each has a number, by which its channel and its area are called.</summary>
public struct ClientTable
{
    /// <summary>Most programs.</summary>
    public const int Most = 8;

    /// <summary>Most sockets of a program: none can take all that there are.</summary>
    public const int SocketsMax = 80;

    private Entries _entries;

    /// <summary>Programs whose channels the stack looks at by itself, a bit each. All others ring when they ask something.</summary>
    internal uint Awake;

    /// <summary>Programs that wait for the address of a name.</summary>
    internal uint Asking;

    /// <summary>Programs that hold places of what they received. They ring before they wait, and have given places back long before that: each turn looks for them.</summary>
    internal uint Holding;

    /// <summary>Programs that were told something in this turn, and may have to be rung.</summary>
    internal uint Told;

    /// <summary>One more than the highest number of a program.</summary>
    public int End { get; private set; }

    /// <summary>A program.</summary>
    public static ref ClientEntry At(ref ClientTable table, int number) => ref table._entries[number];

    /// <summary>Nobody has sockets.</summary>
    internal static void Clear(ref ClientTable table)
    {
        for (int number = 0; number < Most; number++)
        {
            table._entries[number] = default;
        }

        table.Awake = 0;
        table.Asking = 0;
        table.Holding = 0;
        table.Told = 0;
        table.End = 0;
    }

    /// <summary>Its badge; 0: there is no such program.</summary>
    internal static ulong BadgeOf(ref readonly ClientTable table, int number) => number < Most ? table._entries[number].Badge : 0;

    /// <summary>Lets a program have sockets.</summary>
    /// <param name="badge">What observers know it by.</param>
    /// <param name="number">Which channel and area it has.</param>
    /// <param name="area">The area.</param>
    /// <returns>False: it, or another, has that number or that badge.</returns>
    public bool TryAdd(ulong badge, int number, MemoryRegion area)
    {
        if (badge == 0 || number >= Most || _entries[number].Badge != 0 || Has(badge) || area.Length < Protocols.SocketArea.Bytes)
        {
            return false;
        }

        _entries[number].Badge = badge;
        _entries[number].Area = area;
        End = number < End ? End : number + 1;
        return true;
    }

    /// <summary>Whether a badge is a program's here.</summary>
    public readonly bool Has(ulong badge)
    {
        int number = 0;
        while (number < Most && _entries[number].Badge != badge)
        {
            number++;
        }

        return number < Most;
    }

    [InlineArray(Most)]
    private struct Entries
    {
        private ClientEntry _client0;
    }
}

/// <summary>The stack's ends of their channels, by their numbers.</summary>
[NonCopyable]
[InlineArray(ClientTable.Most)]
public struct ClientChannels
{
    private RingChannel _channel0;
}
