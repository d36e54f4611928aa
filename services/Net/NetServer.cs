using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Net.Stack;
using Atoll.Services.Protocols;
using StackSockets = Atoll.Services.Net.Stack.TcpSockets;

namespace Atoll.Services.Net;

/// <summary>The program around the stack: clients ask for what their sockets do, a driver brings frames, time passes.</summary>
/// <remarks>
/// Clients come first: a call changes the stack only, and frames go out in the turn that follows when nobody waits to be answered. What a client says is an
/// allegation: its sockets are those that the table says, its bytes those of its area.
/// </remarks>
[NonCopyable]
public struct NetServer : ISocketsServer
{
    private const ulong MicrosecondsPerSecond = 1_000_000;
    private const ulong AtOnce = 0;

    private ClientTable _clients;
    private LinkPort _port;
    private Driver _driver;
    private OwnSlot _doorbell;
    private MemoryRegion _pools;
    private MemoryRegion _rings;
    private MemoryRegion _packets;
    private CNodeTable _node;
    private uint _firstLife;
    private ulong _ticks;
    private ulong _nextLook;
    private ulong _station;
    private bool _asksForAddress;
    private bool _hasWork;

    /// <inheritdoc/>
    public readonly ulong NextDeadline
    {
        get
        {
            if (_hasWork)
            {
                return AtOnce;
            }

            ulong next = _driver.NextTry < _nextLook ? _driver.NextTry : _nextLook;
            ulong stack = Ticks(NetTables.Stack(_pools, Now).NextDeadline());
            next = stack < next ? stack : next;
            for (int client = 0; client < _clients.Count; client++)
            {
                ref readonly ClientEntry entry = ref ClientTable.View(in _clients, client);
                next = entry.Waiter != 0 && entry.WaitsUntil < next ? entry.WaitsUntil : next;
            }

            return next;
        }
    }

    private readonly ulong Now
    {
        get
        {
            ulong ticks = _ticks;
            return ticks == 0 ? 0 : Ipc.Now() / ticks;
        }
    }

    /// <summary>Begins.</summary>
    /// <param name="setup">What the system says.</param>
    /// <param name="memory">Where everything lies.</param>
    /// <param name="doorbell">A slot for the driver's doorbell.</param>
    /// <returns>False: the settings are none that a stack can have.</returns>
    public bool Begin(in NetArguments setup, in NetMemory memory, OwnSlot doorbell)
    {
        _clients = memory.Clients;
        _driver = memory.Driver;
        _pools = memory.Pools;
        _rings = memory.Rings;
        _packets = memory.Packets;
        _node = memory.Node;
        _firstLife = memory.FirstLife;
        ulong ticks = memory.TscHz / MicrosecondsPerSecond;
        _ticks = ticks == 0 ? 1 : ticks;
        _doorbell = doorbell;
        _asksForAddress = setup.AsksForAddress;
        _hasWork = true;
        SocketTable.Clear(ref Tables.Sockets);
        StackSettings settings = StackSettings.Standard;
        settings.Mac = memory.FirstStation;
        settings.Address = setup.Address;
        settings.SubnetMask = setup.SubnetMask;
        settings.Gateway = setup.Gateway;
        settings.NameServer = setup.NameServer;
        settings.Key = memory.Key;
        settings.TcpBufferBytes = NetSize.TcpBufferBytes;
        settings.UdpBufferBytes = NetSize.UdpBufferBytes;
        return NetTables.Stack(_pools, Now).Begin(settings) == SetupResult.Ready;
    }

    private readonly ref NetTables Tables => ref _pools.As<NetTables>();

    /// <inheritdoc/>
    public SocketAnswer Begin(in Caller caller, SignalWord life, out uint areaBytes)
    {
        areaBytes = 0;
        int client = _clients.Find(caller.Badge);
        if (client == _clients.Count)
        {
            return SocketAnswer.NoClient;
        }

        End(client);
        uint slot = _firstLife + (uint)client;
        if (_node.Move(slot, _node, (uint)life.Address) != SystemResult.Ok)
        {
            return SocketAnswer.BadArgument;
        }

        ref ClientEntry entry = ref ClientTable.At(ref _clients, client);
        entry.HasBegun = true;
        areaBytes = (uint)entry.Area.Length;
        _nextLook = _nextLook == Deadline.Never ? Ipc.Now() + Second : _nextLook;
        return SocketAnswer.Done;
    }

    /// <inheritdoc/>
    public SocketAnswer Listen(in Caller caller, ushort port, ushort backlog, out uint socket)
    {
        socket = 0;
        SocketAnswer may = MayOpen(in caller, out byte client);
        if (may != SocketAnswer.Done)
        {
            return may;
        }

        SocketAnswer answer = Answer(Listeners.Listen(Stack(), port, backlog, out SocketHandle handle));
        return Keep(answer, handle, client, out socket);
    }

    /// <inheritdoc/>
    public SocketAnswer Accept(in Caller caller, uint listener, out uint socket, out uint address, out ushort port)
    {
        socket = 0;
        address = 0;
        port = 0;
        SocketAnswer may = MayOpen(in caller, out byte client);
        if (may != SocketAnswer.Done)
        {
            return may;
        }

        NetStack stack = Stack();
        SocketHandle opened = new(listener);
        if (!SocketTable.IsOf(in Tables.Sockets, opened, client))
        {
            return SocketAnswer.BadSocket;
        }

        SocketAnswer answer = Answer(Listeners.Accept(stack, opened, out SocketHandle accepted));
        if (answer == SocketAnswer.Done)
        {
            Endpoint peer = StackSockets.PeerOf(stack, accepted);
            address = peer.Address.Value;
            port = peer.Port;
        }

        return Keep(answer, accepted, client, out socket);
    }

    /// <inheritdoc/>
    public SocketAnswer Connect(in Caller caller, uint address, ushort port, out uint socket)
    {
        socket = 0;
        SocketAnswer may = MayOpen(in caller, out byte client);
        if (may != SocketAnswer.Done)
        {
            return may;
        }

        SocketAnswer answer = Answer(StackSockets.Connect(Stack(), new Ipv4Address(address), port, out SocketHandle handle));
        return Keep(answer, handle, client, out socket);
    }

    /// <inheritdoc/>
    public SocketAnswer Open(in Caller caller, ushort port, out uint socket)
    {
        socket = 0;
        SocketAnswer may = MayOpen(in caller, out byte client);
        if (may != SocketAnswer.Done)
        {
            return may;
        }

        SocketAnswer answer = Answer(UdpSockets.Open(Stack(), port, out SocketHandle handle));
        return Keep(answer, handle, client, out socket);
    }

    /// <inheritdoc/>
    public SocketAnswer Send(in Caller caller, uint socket, uint offset, uint count, out uint sent)
    {
        sent = 0;
        SocketAnswer found = TryFind(in caller, socket, offset, count, out SocketHandle handle, out Span<byte> bytes);
        if (found != SocketAnswer.Done)
        {
            return found;
        }

        SocketAnswer answer = Answer(StackSockets.Send(Stack(), handle, bytes, out int taken));
        sent = (uint)taken;
        return answer;
    }

    /// <inheritdoc/>
    public SocketAnswer Receive(in Caller caller, uint socket, uint offset, uint room, out uint received)
    {
        received = 0;
        SocketAnswer found = TryFind(in caller, socket, offset, room, out SocketHandle handle, out Span<byte> bytes);
        if (found != SocketAnswer.Done)
        {
            return found;
        }

        SocketAnswer answer = Answer(StackSockets.Receive(Stack(), handle, bytes, out int there));
        received = (uint)there;
        return answer;
    }

    /// <inheritdoc/>
    public SocketAnswer SendTo(in Caller caller, uint socket, uint address, ushort port, uint offset, uint count)
    {
        SocketAnswer found = TryFind(in caller, socket, offset, count, out SocketHandle handle, out Span<byte> bytes);
        if (found != SocketAnswer.Done)
        {
            return found;
        }

        Endpoint to = new() { Address = new Ipv4Address(address), Port = port };
        return Answer(UdpSockets.Send(Stack(), handle, to, bytes));
    }

    /// <inheritdoc/>
    public SocketAnswer ReceiveFrom(
        in Caller caller, uint socket, uint offset, uint room, out uint address, out ushort port, out uint length)
    {
        address = 0;
        port = 0;
        length = 0;
        SocketAnswer found = TryFind(in caller, socket, offset, room, out SocketHandle handle, out Span<byte> bytes);
        if (found != SocketAnswer.Done)
        {
            return found;
        }

        SocketAnswer answer = Answer(UdpSockets.Receive(Stack(), handle, bytes, out Endpoint from, out int there));
        address = from.Address.Value;
        port = from.Port;
        length = (uint)there;
        return answer;
    }

    /// <inheritdoc/>
    public SocketAnswer ShutdownSend(in Caller caller, uint socket)
    {
        SocketAnswer found = TryFind(in caller, socket, 0, 0, out SocketHandle handle, out _);
        return found == SocketAnswer.Done ? Answer(StackSockets.ShutdownSend(Stack(), handle)) : found;
    }

    /// <inheritdoc/>
    public SocketAnswer Close(in Caller caller, uint socket)
    {
        SocketAnswer found = TryFind(in caller, socket, 0, 0, out SocketHandle handle, out _);
        if (found == SocketAnswer.Done)
        {
            Forget(handle, _clients.Find(caller.Badge));
            return CloseIn(handle);
        }

        return found;
    }

    /// <inheritdoc/>
    public SocketAnswer Abort(in Caller caller, uint socket)
    {
        SocketAnswer found = TryFind(in caller, socket, 0, 0, out SocketHandle handle, out _);
        if (found != SocketAnswer.Done || handle.Kind != SocketKind.Connection)
        {
            return found == SocketAnswer.Done ? SocketAnswer.BadSocket : found;
        }

        Forget(handle, _clients.Find(caller.Badge));
        return Answer(StackSockets.Abort(Stack(), handle));
    }

    /// <inheritdoc/>
    public SocketAnswer Poll(in Caller caller, uint socket, out SocketEvents events)
    {
        SocketAnswer found = TryFind(in caller, socket, 0, 0, out SocketHandle handle, out _);
        events = found == SocketAnswer.Done ? EventsOf(handle) : SocketEvents.None;
        return found;
    }

    /// <inheritdoc/>
    public void Wait(in Caller caller, uint reply, ulong microseconds)
    {
        int client = FindBegun(in caller);
        if (client == _clients.Count)
        {
            _ = SocketsReply.Wait(reply, SocketAnswer.NoClient, 0, SocketEvents.None);
            return;
        }

        ref ClientEntry entry = ref ClientTable.At(ref _clients, client);
        ulong from = Now;
        entry.Waiter = reply;
        entry.WaitsUntil = microseconds > ulong.MaxValue - 1 - from ? Deadline.Never : Ticks(from + microseconds);
        _ = TryAnswerWaiter(client);
    }

    /// <inheritdoc/>
    public void Resolve(in Caller caller, uint reply, ReadOnlySpan<byte> name)
    {
        int client = FindBegun(in caller);
        if (client == _clients.Count)
        {
            _ = SocketsReply.Resolve(reply, SocketAnswer.NoClient, 0);
            return;
        }

        NameResult asked = NameResolver.Ask(Stack(), name, out NameQuery question);
        if (asked != NameResult.Waiting)
        {
            _ = SocketsReply.Resolve(reply, AnswerOf(asked), 0);
            return;
        }

        ref ClientEntry entry = ref ClientTable.At(ref _clients, client);
        entry.Asker = reply;
        entry.Question = question;
    }

    /// <inheritdoc/>
    public SocketAnswer Station(in Caller caller, out ulong station, out uint address, out uint mask, out uint gateway, out uint nameServer)
    {
        ref readonly StackSettings settings = ref Tables.State.Settings;
        station = settings.Mac.Value;
        address = settings.Address.Value;
        mask = settings.SubnetMask.Value;
        gateway = settings.Gateway.Value;
        nameServer = settings.NameServer.Value;
        return SocketAnswer.Done;
    }

    /// <inheritdoc/>
    public SocketAnswer Count(in Caller caller, uint index, out ulong value)
    {
        const uint outcomes = (uint)FrameOutcome.Count;
        const uint all = outcomes + (uint)StackEvent.Count;
        ref readonly StackCounters counters = ref Tables.State.Counters;
        value = index < outcomes ? counters.Of((FrameOutcome)index) : index < all ? counters.Of((StackEvent)(index - outcomes)) : 0;
        return index < all ? SocketAnswer.Done : SocketAnswer.BadArgument;
    }

    /// <inheritdoc/>
    public void Signalled(ulong bits) => Turn();

    /// <inheritdoc/>
    public void Elapsed() => Turn();

    private readonly ulong Second => _ticks * MicrosecondsPerSecond;

    // A turn: what has come, what is due, what goes out, who is to hear of it. Each part has its budget, so clients wait for no flood.
    private void Turn()
    {
        LookAround();
        NetStack stack = NetTables.Stack(_pools, Now);
        bool hasMore = _driver.IsAttached && _port.Receive(stack, Tables.Frame);
        stack.Advance();
        hasMore |= _driver.IsAttached && _port.Send(stack);
        if (_port.HasNews && _driver.IsAttached)
        {
            _port.Told();
            _driver.Ring(ref _doorbell);
        }

        Tell(stack);
        _hasWork = hasMore;
    }

    // Once a second: who is dead says nothing. And a driver that is missing is looked for.
    private void LookAround()
    {
        ulong now = Ipc.Now();
        if (now >= _nextLook)
        {
            _nextLook = now + Second;
            _driver.Look(ref _doorbell);
            LookAtClients();
        }

        if (now >= _driver.NextTry && _driver.TryAttach(ref _doorbell, out ulong station))
        {
            Attached(station);
        }
    }

    private void Attached(ulong station)
    {
        _port.Begin(_rings, _packets);
        Tables.State.Settings.Mac = new MacAddress(station);
        if (_asksForAddress && _station != station)
        {
            AddressClient.Start(NetTables.Stack(_pools, Now));
        }

        _station = station;
    }

    private void LookAtClients()
    {
        for (int client = 0; client < _clients.Count; client++)
        {
            bool lives = _node.Describe(_firstLife + (uint)client, out CapabilityType type, out _) == SystemResult.Ok && type == CapabilityType.Notification;
            if (!lives && ClientTable.At(ref _clients, client).HasBegun)
            {
                End(client);
            }
        }
    }

    private void Tell(in NetStack stack)
    {
        while (stack.TryNextEvent(out SocketHandle socket))
        {
            if (SocketTable.TryMark(ref Tables.Sockets, socket, out byte owner))
            {
                _ = TryAnswerWaiter(owner);
            }
        }

        ulong now = Ipc.Now();
        for (int client = 0; client < _clients.Count; client++)
        {
            ref ClientEntry entry = ref ClientTable.At(ref _clients, client);
            if (entry.Waiter != 0 && entry.WaitsUntil <= now)
            {
                _ = SocketsReply.Wait(entry.Waiter, SocketAnswer.WouldBlock, 0, SocketEvents.None);
                entry.Waiter = 0;
            }

            AnswerAsker(stack, ref entry);
        }
    }

    private bool TryAnswerWaiter(int client)
    {
        ref ClientEntry entry = ref ClientTable.At(ref _clients, client);
        while (entry.Waiter != 0 && SocketTable.TryTakeMarked(ref Tables.Sockets, (byte)client, ref entry.NextEvent, out SocketHandle socket))
        {
            SocketEvents events = EventsOf(socket);
            if (events != SocketEvents.None)
            {
                uint waiter = entry.Waiter;
                entry.Waiter = 0;
                return SocketsReply.Wait(waiter, SocketAnswer.Done, socket.Value, events) == SystemResult.Ok;
            }
        }

        return false;
    }

    private static void AnswerAsker(in NetStack stack, ref ClientEntry entry)
    {
        if (entry.Asker == 0)
        {
            return;
        }

        NameResult found = NameResolver.Poll(stack, entry.Question, out Ipv4Address address, out _);
        if (found != NameResult.Waiting)
        {
            NameResolver.Release(stack, entry.Question);
            _ = SocketsReply.Resolve(entry.Asker, AnswerOf(found), address.Value);
            entry.Asker = 0;
        }
    }

    // Everything of a client ends: it is dead, or has begun anew.
    private void End(int client)
    {
        ref ClientEntry entry = ref ClientTable.At(ref _clients, client);
        while (SocketTable.TryTakeAny(ref Tables.Sockets, (byte)client, out SocketHandle socket))
        {
            // One that has ended by itself is closed as well as any.
            _ = CloseIn(socket);
        }

        if (entry.Waiter != 0)
        {
            _ = SocketsReply.Wait(entry.Waiter, SocketAnswer.NoClient, 0, SocketEvents.None);
        }

        if (entry.Asker != 0)
        {
            NameResolver.Release(Stack(), entry.Question);
            _ = SocketsReply.Resolve(entry.Asker, SocketAnswer.NoClient, 0);
        }

        _ = _node.Delete(_firstLife + (uint)client);
        entry = new ClientEntry { Badge = entry.Badge, Area = entry.Area };
    }

    private SocketAnswer CloseIn(SocketHandle socket) =>
        Answer(socket.Kind == SocketKind.Udp ? UdpSockets.Close(Stack(), socket) : StackSockets.Close(Stack(), socket));

    private void Forget(SocketHandle socket, int client)
    {
        SocketTable.Remove(ref Tables.Sockets, socket);
        ClientTable.At(ref _clients, client).Sockets--;
    }

    private readonly SocketEvents EventsOf(SocketHandle socket)
    {
        NetStack stack = NetTables.Stack(_pools, Now);
        return (SocketEvents)(socket.Kind == SocketKind.Udp ? UdpSockets.Poll(stack, socket) : StackSockets.Poll(stack, socket));
    }

    // For a call that changes something: frames may have to go out afterwards.
    private NetStack Stack()
    {
        _hasWork = true;
        return NetTables.Stack(_pools, Now);
    }

    private int FindBegun(in Caller caller)
    {
        int client = _clients.Find(caller.Badge);
        return client < _clients.Count && ClientTable.At(ref _clients, client).HasBegun ? client : _clients.Count;
    }

    private SocketAnswer MayOpen(in Caller caller, out byte client)
    {
        int index = FindBegun(in caller);
        client = (byte)index;
        if (index == _clients.Count)
        {
            return SocketAnswer.NoClient;
        }

        return ClientTable.At(ref _clients, index).Sockets < ClientTable.SocketsMax ? SocketAnswer.Done : SocketAnswer.QuotaSpent;
    }

    private SocketAnswer Keep(SocketAnswer answer, SocketHandle handle, byte client, out uint socket)
    {
        socket = 0;
        if (answer == SocketAnswer.Done)
        {
            SocketTable.Add(ref Tables.Sockets, handle, client);
            ClientTable.At(ref _clients, client).Sockets++;
            socket = handle.Value;
        }

        return answer;
    }

    private SocketAnswer TryFind(in Caller caller, uint socket, uint offset, uint count, out SocketHandle handle, out Span<byte> bytes)
    {
        handle = new SocketHandle(socket);
        bytes = default;
        int client = FindBegun(in caller);
        if (client == _clients.Count)
        {
            return SocketAnswer.NoClient;
        }

        if (!SocketTable.IsOf(in Tables.Sockets, handle, (byte)client))
        {
            return SocketAnswer.BadSocket;
        }

        MemoryRegion area = ClientTable.At(ref _clients, client).Area;
        if (offset > (uint)area.Length || count > (uint)area.Length - offset)
        {
            return SocketAnswer.BadArgument;
        }

        bytes = area.Bytes.Slice((int)offset, (int)count);
        return SocketAnswer.Done;
    }

    // The same numbers: tests/Services holds them to it.
    private static SocketAnswer Answer(SocketResult result) => (SocketAnswer)result;

    private static SocketAnswer AnswerOf(NameResult result) => result switch
    {
        NameResult.Found => SocketAnswer.Done,
        NameResult.NoServer => SocketAnswer.NoRoute,
        NameResult.PoolEmpty => SocketAnswer.PoolEmpty,
        NameResult.BadName or NameResult.NotFound => SocketAnswer.NoSuchName,
        NameResult.Waiting or NameResult.ServerFailed or NameResult.TimedOut or NameResult.BadHandle => SocketAnswer.TimedOut,
        _ => SocketAnswer.TimedOut,
    };

    // A time that the counter does not reach is as good as never.
    private readonly ulong Ticks(ulong microseconds)
    {
        ulong ticks = _ticks;
        return ticks == 0 || microseconds > (Deadline.Never - 1) / ticks ? Deadline.Never : microseconds * ticks;
    }
}
