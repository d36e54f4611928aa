using System.Numerics;
using System.Runtime.CompilerServices;
using Atoll.Services.Net.Stack;

namespace Atoll.Services.Net;

/// <summary>A socket as its program sees it.</summary>
internal struct SocketEntry
{
    internal uint Handle;

    /// <summary>Number of its program.</summary>
    internal byte Owner;

    /// <summary>The program has read less than it was given: it gets no more before it says so.</summary>
    internal bool IsPaused;

    /// <summary>The program knows that nothing more comes.</summary>
    internal bool IsEndTold;

    /// <summary>Bytes of the stream that the program has read: where it reads on.</summary>
    internal uint Position;

    /// <summary>Received bytes that the program has and has not read yet. They are in the stack as well.</summary>
    internal int Given;

    /// <summary>How many bytes the program may send: that many the stack takes.</summary>
    internal int Room;
}

/// <summary>Whose each socket is, and whether its owner is to hear of it: a place for each socket that the stack can have.</summary>
public struct SocketTable
{
    /// <summary>Stands for no client.</summary>
    public const byte Nobody = 0xFF;

    private const int MarksEach = 64;

    private Entries _entries;

    // A bit for each place whose owner is to hear of it: most waits find none.
    private Marks _marks;

    /// <summary>Whether a program could be called over this stack, ever since the stack began.</summary>
    public bool HasServed { get; private set; }

    /// <summary>A program can be called from now on.</summary>
    public static void Serve(ref SocketTable table) => table.HasServed = true;

    /// <summary>Nobody has any.</summary>
    public static void Clear(ref SocketTable table)
    {
        for (int place = 0; place < NetSize.Sockets; place++)
        {
            table._entries[place] = new SocketEntry { Owner = Nobody };
        }

        table._marks = default;
        table.HasServed = false;
    }

    /// <summary>A client has a socket from now on.</summary>
    public static void Add(ref SocketTable table, SocketHandle socket, byte client) =>
        Set(ref table, Place(socket), new SocketEntry { Handle = socket.Value, Owner = client });

    /// <summary>Nobody has it any more.</summary>
    public static void Remove(ref SocketTable table, SocketHandle socket) => Set(ref table, Place(socket), new SocketEntry { Owner = Nobody });

    /// <summary>A socket that its program has.</summary>
    internal static ref SocketEntry At(ref SocketTable table, SocketHandle socket) => ref table._entries[Place(socket)];

    /// <summary>Which place it has.</summary>
    public static uint PlaceOf(SocketHandle socket) => (uint)Place(socket);

    /// <summary>Whether a client has a socket: as it says, so any number may come.</summary>
    public static bool IsOf(ref readonly SocketTable table, SocketHandle socket, byte client)
    {
        int place = Place(socket);
        return place < NetSize.Sockets && table._entries[place].Owner == client && table._entries[place].Handle == socket.Value;
    }

    /// <summary>Whose a socket is; <see cref="Nobody"/>: nobody's.</summary>
    public static byte OwnerOf(ref readonly SocketTable table, SocketHandle socket)
    {
        ref readonly SocketEntry entry = ref table._entries[Place(socket)];
        return entry.Handle == socket.Value ? entry.Owner : Nobody;
    }

    /// <summary>Something happened to a socket.</summary>
    /// <param name="table">The table.</param>
    /// <param name="socket">The socket.</param>
    /// <param name="client">Its owner.</param>
    /// <returns>False: nobody has it.</returns>
    public static bool TryMark(ref SocketTable table, SocketHandle socket, out byte client)
    {
        int place = Place(socket);
        ref readonly SocketEntry entry = ref table._entries[place];
        client = entry.Owner;
        if (client == Nobody || entry.Handle != socket.Value)
        {
            return false;
        }

        table._marks[place / MarksEach] |= Bit(place);
        return true;
    }

    /// <summary>Takes the next socket of a client that something happened to.</summary>
    /// <param name="table">The table.</param>
    /// <param name="client">The client.</param>
    /// <param name="from">The one before: it is looked for behind it, so that each has its turn.</param>
    /// <param name="socket">The socket.</param>
    public static bool TryTakeMarked(ref SocketTable table, byte client, ref int from, out SocketHandle socket)
    {
        for (int looked = 0; looked < NetSize.Sockets; looked++)
        {
            from = NextMarked(in table, from + 1 < NetSize.Sockets ? from + 1 : 0);
            if (from == NetSize.Sockets)
            {
                break;
            }

            if (table._entries[from].Owner == client)
            {
                table._marks[from / MarksEach] &= ~Bit(from);
                socket = new SocketHandle(table._entries[from].Handle);
                return true;
            }
        }

        socket = default;
        return false;
    }

    /// <summary>What happened to a socket that was taken is still to be told.</summary>
    public static void Remark(ref SocketTable table, SocketHandle socket)
    {
        int place = Place(socket);
        table._marks[place / MarksEach] |= Bit(place);
    }

    /// <summary>All listeners of a client are looked at again.</summary>
    public static void MarkListeners(ref SocketTable table, byte client)
    {
        for (int place = NetSize.Connections; place < NetSize.Connections + NetSize.Listeners; place++)
        {
            table._marks[place / MarksEach] |= table._entries[place].Owner == client ? Bit(place) : 0;
        }
    }

    /// <summary>Takes any socket of a client out.</summary>
    public static bool TryTakeAny(ref SocketTable table, byte client, out SocketHandle socket)
    {
        for (int place = 0; place < NetSize.Sockets; place++)
        {
            if (table._entries[place].Owner == client)
            {
                socket = new SocketHandle(table._entries[place].Handle);
                Set(ref table, place, new SocketEntry { Owner = Nobody });
                return true;
            }
        }

        socket = default;
        return false;
    }

    // The first that is marked from a place on, and round; the number of all: none is.
    private static int NextMarked(ref readonly SocketTable table, int from)
    {
        if (!HasMarks(in table))
        {
            return NetSize.Sockets;
        }

        int word = from / MarksEach;
        ulong marks = table._marks[word] & ~(Bit(from) - 1);
        for (int looked = 0; looked < NetSize.SocketMarks && marks == 0; looked++)
        {
            word = word + 1 < NetSize.SocketMarks ? word + 1 : 0;
            marks = table._marks[word];
        }

        return marks == 0 ? NetSize.Sockets : (word * MarksEach) + BitOperations.TrailingZeroCount(marks);
    }

    private static bool HasMarks(ref readonly SocketTable table)
    {
        ulong all = 0;
        for (int word = 0; word < NetSize.SocketMarks; word++)
        {
            all |= table._marks[word];
        }

        return all != 0;
    }

    private static void Set(ref SocketTable table, int place, in SocketEntry entry)
    {
        table._entries[place] = entry;
        if (place < NetSize.Sockets)
        {
            table._marks[place / MarksEach] &= ~Bit(place);
        }
    }

    private static ulong Bit(int place) => 1UL << (place % MarksEach);

    // A place that there is not is behind the last: no entry's.
    private static int Place(SocketHandle socket)
    {
        int index = (int)(socket.Value & 0xFFFF);
        return socket.Kind switch
        {
            SocketKind.Connection when index < NetSize.Connections => index,
            SocketKind.Listener when index < NetSize.Listeners => NetSize.Connections + index,
            SocketKind.Udp when index < NetSize.UdpSockets => NetSize.Connections + NetSize.Listeners + index,
            _ => NetSize.Sockets,
        };
    }

    // The last is nobody's for ever.
    [InlineArray(NetSize.Sockets + 1)]
    private struct Entries
    {
        private SocketEntry _entry0;
    }

    [InlineArray(NetSize.SocketMarks)]
    private struct Marks
    {
        private ulong _mark0;
    }
}
