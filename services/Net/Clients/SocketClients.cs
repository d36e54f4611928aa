using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Net.Stack;
using Atoll.Services.Protocols;

namespace Atoll.Services.Net;

/// <summary>Whose a socket is, how many a client may have, and that the dead have none.</summary>
/// <remarks>What a client says is an allegation: its sockets are those that the table says, its bytes those of its area.</remarks>
public struct SocketClients
{
    private ClientTable _clients;
    private CNodeTable _node;
    private uint _firstLife;

    /// <summary>How many the system allows.</summary>
    public readonly int Count => _clients.Count;

    /// <summary>Begins: nobody has begun.</summary>
    public static SocketClients Of(in NetMemory memory) => new() { _clients = memory.Clients, _node = memory.Node, _firstLife = memory.FirstLife };

    /// <summary>A client.</summary>
    public static ref ClientEntry At(ref SocketClients clients, int client) => ref ClientTable.At(ref clients._clients, client);

    /// <summary>A client, to look at.</summary>
    public static ref readonly ClientEntry View(ref readonly SocketClients clients, int client) => ref ClientTable.View(in clients._clients, client);

    /// <summary>A client begins. What an earlier life of it had ends.</summary>
    internal static SocketAnswer Begin(
        ref SocketClients clients, in Caller caller, SignalWord life, in NetStack stack, ref SocketTable sockets, out uint areaBytes)
    {
        areaBytes = 0;
        int client = clients._clients.Find(caller.Badge);
        if (client == clients.Count || At(ref clients, client).IsObserver)
        {
            return SocketAnswer.NoClient;
        }

        End(ref clients, client, stack, ref sockets);
        uint slot = clients._firstLife + (uint)client;
        if (clients._node.Move(slot, clients._node, (uint)life.Address) != SystemResult.Ok)
        {
            return SocketAnswer.BadArgument;
        }

        ref ClientEntry entry = ref At(ref clients, client);
        entry.HasBegun = true;
        areaBytes = (uint)entry.Area.Length;
        return SocketAnswer.Done;
    }

    /// <summary>Ends what the dead have left. Who is dead says nothing, so this is for now and then.</summary>
    internal static void EndTheDead(ref SocketClients clients, in NetStack stack, ref SocketTable sockets)
    {
        for (int client = 0; client < clients.Count; client++)
        {
            bool lives = clients._node.Describe(clients._firstLife + (uint)client, out CapabilityType type, out _) == SystemResult.Ok
                && type == CapabilityType.Notification;
            if (!lives && At(ref clients, client).HasBegun)
            {
                End(ref clients, client, stack, ref sockets);
            }
        }
    }

    /// <summary>Which client calls; <see cref="Count"/>: none that has begun.</summary>
    public int FindBegun(in Caller caller)
    {
        int client = _clients.Find(caller.Badge);
        return client < _clients.Count && ClientTable.At(ref _clients, client).HasBegun ? client : _clients.Count;
    }

    /// <summary>Which observer calls; <see cref="Count"/>: none.</summary>
    public int FindObserver(in Caller caller)
    {
        int client = _clients.Find(caller.Badge);
        return client < _clients.Count && ClientTable.At(ref _clients, client).IsObserver ? client : _clients.Count;
    }

    /// <summary>Whether a client may have one more socket.</summary>
    public SocketAnswer MayOpen(in Caller caller, out byte client)
    {
        int index = FindBegun(in caller);
        client = (byte)index;
        if (index == _clients.Count)
        {
            return SocketAnswer.NoClient;
        }

        return ClientTable.At(ref _clients, index).Sockets < ClientTable.SocketsMax ? SocketAnswer.Done : SocketAnswer.QuotaSpent;
    }

    /// <summary>Notes a socket that was opened, if it was.</summary>
    internal static SocketAnswer Keep(
        ref SocketClients clients, SocketAnswer answer, SocketHandle handle, byte client, ref SocketTable sockets, out uint socket)
    {
        socket = 0;
        if (answer == SocketAnswer.Done)
        {
            SocketTable.Add(ref sockets, handle, client);
            At(ref clients, client).Sockets++;
            socket = handle.Value;
        }

        return answer;
    }

    /// <summary>A socket is its client's no more.</summary>
    internal static void Forget(ref SocketClients clients, in Caller caller, SocketHandle socket, ref SocketTable sockets)
    {
        SocketTable.Remove(ref sockets, socket);
        At(ref clients, clients._clients.Find(caller.Badge)).Sockets--;
    }

    /// <summary>Finds a socket of the caller's, and bytes of its area.</summary>
    internal static SocketAnswer TryFind(
        scoped ref SocketClients clients,
        scoped in Caller caller,
        uint socket,
        uint offset,
        uint count,
        scoped ref readonly SocketTable sockets,
        out SocketHandle handle,
        out Span<byte> bytes)
    {
        handle = new SocketHandle(socket);
        bytes = default;
        int client = clients.FindBegun(in caller);
        if (client == clients.Count)
        {
            return SocketAnswer.NoClient;
        }

        if (!SocketTable.IsOf(in sockets, handle, (byte)client))
        {
            return SocketAnswer.BadSocket;
        }

        MemoryRegion area = At(ref clients, client).Area;
        if (offset > (uint)area.Length || count > (uint)area.Length - offset)
        {
            return SocketAnswer.BadArgument;
        }

        bytes = area.Bytes.Slice((int)offset, (int)count);
        return SocketAnswer.Done;
    }

    // Everything of a client ends: it is dead, or has begun anew.
    private static void End(ref SocketClients clients, int client, in NetStack stack, ref SocketTable sockets)
    {
        ref ClientEntry entry = ref At(ref clients, client);
        while (SocketTable.TryTakeAny(ref sockets, (byte)client, out SocketHandle socket))
        {
            // One that has ended by itself is closed as well as any.
            _ = SocketAnswers.Close(stack, socket);
        }

        ClientWaits.Cancel(ref entry, stack);
        _ = clients._node.Delete(clients._firstLife + (uint)client);
        entry = new ClientEntry { Badge = entry.Badge, Area = entry.Area };
    }
}
