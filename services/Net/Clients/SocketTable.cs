using System.Runtime.CompilerServices;
using Atoll.Services.Net.Stack;

namespace Atoll.Services.Net;

/// <summary>Whose each socket is, and whether its owner is to hear of it: a place for each socket that the stack can have.</summary>
public struct SocketTable
{
    /// <summary>Stands for no client.</summary>
    public const byte Nobody = 0xFF;

    private Entries _entries;

    /// <summary>Nobody has any.</summary>
    public static void Clear(ref SocketTable table)
    {
        for (int place = 0; place < NetSize.Sockets; place++)
        {
            table._entries[place] = new SocketEntry { Owner = Nobody };
        }
    }

    /// <summary>A client has a socket from now on.</summary>
    public static void Add(ref SocketTable table, SocketHandle socket, byte client) =>
        table._entries[Place(socket)] = new SocketEntry { Handle = socket.Value, Owner = client };

    /// <summary>Nobody has it any more.</summary>
    public static void Remove(ref SocketTable table, SocketHandle socket) => table._entries[Place(socket)] = new SocketEntry { Owner = Nobody };

    /// <summary>Whether a client has a socket: as it says, so any number may come.</summary>
    public static bool IsOf(ref readonly SocketTable table, SocketHandle socket, byte client)
    {
        int place = Place(socket);
        return place < NetSize.Sockets && table._entries[place].Owner == client && table._entries[place].Handle == socket.Value;
    }

    /// <summary>Something happened to a socket.</summary>
    /// <param name="table">The table.</param>
    /// <param name="socket">The socket.</param>
    /// <param name="client">Its owner.</param>
    /// <returns>False: nobody has it.</returns>
    public static bool TryMark(ref SocketTable table, SocketHandle socket, out byte client)
    {
        ref SocketEntry entry = ref table._entries[Place(socket)];
        client = entry.Owner;
        entry.IsMarked = client != Nobody && entry.Handle == socket.Value;
        return entry.IsMarked;
    }

    /// <summary>Takes the next socket of a client that something happened to.</summary>
    /// <param name="table">The table.</param>
    /// <param name="client">The client.</param>
    /// <param name="from">Where to begin to look: behind the one before, so that each has its turn.</param>
    /// <param name="socket">The socket.</param>
    public static bool TryTakeMarked(ref SocketTable table, byte client, ref int from, out SocketHandle socket)
    {
        for (int looked = 0; looked < NetSize.Sockets; looked++)
        {
            from = from + 1 < NetSize.Sockets ? from + 1 : 0;
            ref SocketEntry entry = ref table._entries[from];
            if (entry.IsMarked && entry.Owner == client)
            {
                entry.IsMarked = false;
                socket = new SocketHandle(entry.Handle);
                return true;
            }
        }

        socket = default;
        return false;
    }

    /// <summary>Takes any socket of a client out.</summary>
    public static bool TryTakeAny(ref SocketTable table, byte client, out SocketHandle socket)
    {
        for (int place = 0; place < NetSize.Sockets; place++)
        {
            if (table._entries[place].Owner == client)
            {
                socket = new SocketHandle(table._entries[place].Handle);
                table._entries[place] = new SocketEntry { Owner = Nobody };
                return true;
            }
        }

        socket = default;
        return false;
    }

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

    private struct SocketEntry
    {
        internal uint Handle;
        internal byte Owner;
        internal bool IsMarked;
    }

    // The last is nobody's for ever.
    [InlineArray(NetSize.Sockets + 1)]
    private struct Entries
    {
        private SocketEntry _entry0;
    }
}
