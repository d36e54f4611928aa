using System;
using Atoll.Services.Lib;
using Atoll.Services.Net.Stack;
using Atoll.Services.Protocols;
using StackSockets = Atoll.Services.Net.Stack.TcpSockets;

namespace Atoll.Services.Net;

/// <summary>The program around the stack: clients ask for what their sockets do, a driver brings frames, time passes.</summary>
/// <remarks>
/// What a call has made the stack want to send goes to the driver within the call: so nothing is left to be done when it is answered, and the server waits without
/// waking for itself. Each part of a turn has its budget, so clients wait for no flood.
/// </remarks>
[NonCopyable]
public struct NetServer : ISocketsServer
{
    private const ulong AtOnce = 0;

    private SocketClients _clients;
    private StackRun _run;
    private ulong _nextLook;
    private ulong _next;
    private bool _hasWork;

    // Until when no frame is taken, so that readers have time; 0: frames are taken.
    private ulong _restsUntil;

    /// <inheritdoc/>
    public readonly ulong NextDeadline => _hasWork ? AtOnce : _next;

    private readonly ref SocketTable Sockets => ref _run.Tables.Sockets;

    /// <summary>Begins.</summary>
    /// <param name="setup">What the system says.</param>
    /// <param name="memory">Where everything lies.</param>
    /// <param name="received">A slot for what a driver gives: frames that came.</param>
    /// <param name="lane">The same: rings, and frames that go.</param>
    /// <returns>False: the settings are none that a stack can have.</returns>
    public bool Begin(in NetArguments setup, in NetMemory memory, OwnSlot received, OwnSlot lane)
    {
        _clients = SocketClients.Of(in memory);
        _hasWork = true;
        bool isReady = _run.Begin(in setup, in memory, received, lane);
        SocketTable.Clear(ref Sockets);
        return isReady;
    }

    /// <inheritdoc/>
    public SocketAnswer Begin(in Caller caller, SignalWord life, out uint areaBytes)
    {
        SocketAnswer answer = SocketClients.Begin(ref _clients, in caller, life, _run.Stack, ref Sockets, out areaBytes);
        GoOn();
        return answer;
    }

    /// <inheritdoc/>
    public SocketAnswer Listen(in Caller caller, ushort port, ushort backlog, out uint socket)
    {
        socket = 0;
        SocketAnswer may = _clients.MayOpen(in caller, out byte client);
        if (may != SocketAnswer.Done)
        {
            return may;
        }

        SocketAnswer answer = SocketAnswers.Of(Listeners.Listen(_run.Stack, port, backlog, out SocketHandle handle));
        return Keep(answer, handle, client, out socket);
    }

    /// <inheritdoc/>
    public SocketAnswer Accept(in Caller caller, uint listener, out uint socket, out uint address, out ushort port)
    {
        socket = 0;
        address = 0;
        port = 0;
        SocketAnswer may = _clients.MayOpen(in caller, out byte client);
        if (may != SocketAnswer.Done)
        {
            return may;
        }

        NetStack stack = _run.Stack;
        SocketHandle opened = new(listener);
        if (!SocketTable.IsOf(in Sockets, opened, client))
        {
            return SocketAnswer.BadSocket;
        }

        SocketAnswer answer = SocketAnswers.Of(Listeners.Accept(stack, opened, out SocketHandle accepted));
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
        SocketAnswer may = _clients.MayOpen(in caller, out byte client);
        if (may != SocketAnswer.Done)
        {
            return may;
        }

        SocketAnswer answer = SocketAnswers.Of(StackSockets.Connect(_run.Stack, new Ipv4Address(address), port, out SocketHandle handle));
        answer = Keep(answer, handle, client, out socket);
        GoOn();
        return answer;
    }

    /// <inheritdoc/>
    public SocketAnswer Open(in Caller caller, ushort port, out uint socket)
    {
        socket = 0;
        SocketAnswer may = _clients.MayOpen(in caller, out byte client);
        if (may != SocketAnswer.Done)
        {
            return may;
        }

        SocketAnswer answer = SocketAnswers.Of(UdpSockets.Open(_run.Stack, port, out SocketHandle handle));
        return Keep(answer, handle, client, out socket);
    }

    /// <inheritdoc/>
    public SocketAnswer Send(in Caller caller, uint socket, uint offset, uint count, out uint sent)
    {
        sent = 0;
        SocketAnswer answer = TryFind(in caller, socket, offset, count, out SocketHandle handle, out Span<byte> bytes);
        if (answer == SocketAnswer.Done)
        {
            answer = SocketAnswers.Of(StackSockets.Send(_run.Stack, handle, bytes, out int taken));
            sent = (uint)taken;
            GoOn();
        }

        return answer;
    }

    /// <inheritdoc/>
    public SocketAnswer Receive(in Caller caller, uint socket, uint offset, uint room, out uint received)
    {
        received = 0;
        SocketAnswer answer = TryFind(in caller, socket, offset, room, out SocketHandle handle, out Span<byte> bytes);
        if (answer == SocketAnswer.Done)
        {
            answer = SocketAnswers.Of(StackSockets.Receive(_run.Stack, handle, bytes, out int there));
            received = (uint)there;
            GoOn();
        }

        return answer;
    }

    /// <inheritdoc/>
    public SocketAnswer SendTo(in Caller caller, uint socket, uint address, ushort port, uint offset, uint count)
    {
        SocketAnswer answer = TryFind(in caller, socket, offset, count, out SocketHandle handle, out Span<byte> bytes);
        if (answer == SocketAnswer.Done)
        {
            Endpoint to = new() { Address = new Ipv4Address(address), Port = port };
            answer = SocketAnswers.Of(UdpSockets.Send(_run.Stack, handle, to, bytes));
            GoOn();
        }

        return answer;
    }

    /// <inheritdoc/>
    public SocketAnswer ReceiveFrom(
        in Caller caller, uint socket, uint offset, uint room, out uint address, out ushort port, out uint length)
    {
        address = 0;
        port = 0;
        length = 0;
        SocketAnswer answer = TryFind(in caller, socket, offset, room, out SocketHandle handle, out Span<byte> bytes);
        if (answer == SocketAnswer.Done)
        {
            answer = SocketAnswers.Of(UdpSockets.Receive(_run.Stack, handle, bytes, out Endpoint from, out int there));
            address = from.Address.Value;
            port = from.Port;
            length = (uint)there;
            EndRest();
        }

        return answer;
    }

    /// <inheritdoc/>
    public SocketAnswer ShutdownSend(in Caller caller, uint socket)
    {
        SocketAnswer answer = TryFind(in caller, socket, out SocketHandle handle);
        if (answer == SocketAnswer.Done)
        {
            answer = SocketAnswers.Of(StackSockets.ShutdownSend(_run.Stack, handle));
            GoOn();
        }

        return answer;
    }

    /// <inheritdoc/>
    public SocketAnswer Close(in Caller caller, uint socket)
    {
        SocketAnswer answer = TryFind(in caller, socket, out SocketHandle handle);
        if (answer == SocketAnswer.Done)
        {
            SocketClients.Forget(ref _clients, in caller, handle, ref Sockets);
            answer = SocketAnswers.Close(_run.Stack, handle);
            GoOn();
        }

        return answer;
    }

    /// <inheritdoc/>
    public SocketAnswer Abort(in Caller caller, uint socket)
    {
        SocketAnswer answer = TryFind(in caller, socket, out SocketHandle handle);
        if (answer != SocketAnswer.Done || handle.Kind != SocketKind.Connection)
        {
            return answer == SocketAnswer.Done ? SocketAnswer.BadSocket : answer;
        }

        SocketClients.Forget(ref _clients, in caller, handle, ref Sockets);
        answer = SocketAnswers.Of(StackSockets.Abort(_run.Stack, handle));
        GoOn();
        return answer;
    }

    /// <inheritdoc/>
    public SocketAnswer Poll(in Caller caller, uint socket, out SocketEvents events)
    {
        SocketAnswer answer = TryFind(in caller, socket, out SocketHandle handle);
        events = answer == SocketAnswer.Done ? SocketAnswers.EventsOf(_run.Stack, handle) : SocketEvents.None;
        return answer;
    }

    /// <inheritdoc/>
    public void Wait(in Caller caller, uint reply, ulong microseconds)
    {
        int client = _clients.FindBegun(in caller);
        if (client == _clients.Count)
        {
            _ = SocketsReply.Wait(reply, SocketAnswer.NoClient, 0, SocketEvents.None);
            return;
        }

        ref ClientEntry entry = ref SocketClients.At(ref _clients, client);
        NetStack stack = _run.Stack;
        entry.Waiter = reply;
        entry.WaitsUntil = microseconds > ulong.MaxValue - 1 - stack.Now ? Deadline.Never : _run.Time.Ticks(stack.Now + microseconds);
        if (!ClientWaits.TryAnswer(ref entry, (byte)client, stack, ref Sockets))
        {
            Reckon();
        }
    }

    /// <inheritdoc/>
    public void Resolve(in Caller caller, uint reply, ReadOnlySpan<byte> name)
    {
        int client = _clients.FindBegun(in caller);
        client = client == _clients.Count ? _clients.FindObserver(in caller) : client;
        if (client == _clients.Count)
        {
            _ = SocketsReply.Resolve(reply, SocketAnswer.NoClient, 0);
            return;
        }

        NameResult asked = NameResolver.Ask(_run.Stack, name, out NameQuery question);
        if (asked != NameResult.Waiting)
        {
            _ = SocketsReply.Resolve(reply, SocketAnswers.Of(asked), 0);
            return;
        }

        ref ClientEntry entry = ref SocketClients.At(ref _clients, client);
        ClientWaits.CancelQuestion(ref entry, _run.Stack);
        entry.Asker = reply;
        entry.Question = question;
        GoOn();
    }

    /// <inheritdoc/>
    public SocketAnswer Station(in Caller caller, out ulong station, out uint address, out uint mask, out uint gateway, out uint nameServer)
    {
        ref readonly StackSettings settings = ref _run.Tables.State.Settings;
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
        ref readonly StackCounters counters = ref _run.Tables.State.Counters;
        value = index < outcomes ? counters.Of((FrameOutcome)index) : index < all ? counters.Of((StackEvent)(index - outcomes)) : 0;
        return index < all ? SocketAnswer.Done : SocketAnswer.BadArgument;
    }

    /// <inheritdoc/>
    public SocketAnswer SendBatch(in Caller caller, uint socket, uint offset, uint count, out uint sent)
    {
        sent = 0;
        SocketAnswer answer = TryFind(in caller, socket, offset, count, out SocketHandle handle, out Span<byte> bytes);
        if (answer == SocketAnswer.Done)
        {
            answer = SocketAnswers.Of(UdpSockets.SendBatch(_run.Stack, handle, bytes, out int taken));
            sent = (uint)taken;
            GoOn();
        }

        return answer;
    }

    /// <inheritdoc/>
    public SocketAnswer ReceiveBatch(in Caller caller, uint socket, uint offset, uint room, out uint received)
    {
        received = 0;
        SocketAnswer answer = TryFind(in caller, socket, offset, room, out SocketHandle handle, out Span<byte> bytes);
        if (answer == SocketAnswer.Done)
        {
            answer = SocketAnswers.Of(UdpSockets.ReceiveBatch(_run.Stack, handle, bytes, out int there));
            received = (uint)there;
            EndRest();
        }

        return answer;
    }

    /// <inheritdoc/>
    public void Ping(in Caller caller, uint reply, uint address, ulong microseconds)
    {
        int client = _clients.FindObserver(in caller);
        NetStack stack = _run.Stack;
        EchoQuery asked = default;
        SocketAnswer answer = client == _clients.Count ? SocketAnswer.NoClient
            : SocketAnswers.Of(EchoClient.Ask(stack, new Ipv4Address(address), out asked));
        if (answer != SocketAnswer.Done)
        {
            _ = SocketsReply.Ping(reply, answer, 0);
            return;
        }

        ref ClientEntry entry = ref SocketClients.At(ref _clients, client);
        ClientWaits.CancelPing(ref entry, stack);
        entry.Pinger = reply;
        entry.Ping = asked;
        entry.WaitsUntil = microseconds > ulong.MaxValue - 1 - stack.Now ? Deadline.Never : _run.Time.Ticks(stack.Now + microseconds);
        GoOn();
    }

    /// <inheritdoc/>
    public SocketAnswer Describe(
        in Caller caller,
        uint from,
        out uint place,
        out ulong owner,
        out SocketSort sort,
        out ConnectionState state,
        out ushort port,
        out uint address,
        out ushort peer,
        out uint received,
        out uint toSend)
    {
        SocketView view = default;
        place = from;
        bool mayLook = _clients.FindObserver(in caller) != _clients.Count;
        while (mayLook && place < NetSize.Sockets && !SocketView.TryLook(_run.Stack, (int)place, out view))
        {
            place++;
        }

        int client = SocketTable.OwnerOf(in Sockets, view.Socket);
        owner = client < _clients.Count ? SocketClients.View(in _clients, client).Badge : 0;
        sort = (SocketSort)view.Socket.Kind;
        state = (ConnectionState)view.State;
        port = view.Port;
        address = view.Peer.Address.Value;
        peer = view.Peer.Port;
        received = (uint)view.Received;
        toSend = (uint)view.ToSend;
        return !mayLook ? SocketAnswer.NoClient : place < NetSize.Sockets ? SocketAnswer.Done : SocketAnswer.BadSocket;
    }

    /// <inheritdoc/>
    public SocketAnswer Places(in Caller caller, out uint connections, out uint bytesEach)
    {
        connections = NetSize.Connections;
        bytesEach = (uint)NetTables.ConnectionBytesEach;
        return _clients.FindObserver(in caller) == _clients.Count ? SocketAnswer.NoClient : SocketAnswer.Done;
    }

    /// <inheritdoc/>
    public SocketAnswer CountName(in Caller caller, uint index, Span<byte> name, out uint length)
    {
        const uint outcomes = (uint)FrameOutcome.Count;
        ReadOnlySpan<byte> known = index < outcomes ? OutcomeNames.Of((FrameOutcome)index) : EventNames.Of((StackEvent)(index - outcomes));
        int copied = known.Length < name.Length ? known.Length : name.Length;
        known.Slice(0, copied).CopyTo(name.Slice(0, copied));
        length = (uint)copied;
        return known.Length == 0 ? SocketAnswer.BadArgument : SocketAnswer.Done;
    }

    /// <inheritdoc/>
    public void Signalled(ulong bits) => Turn(bits);

    /// <inheritdoc/>
    public void Elapsed() => Turn(0);

    // A turn: who is dead, what has come, what is due, what goes out, who is to hear of it.
    private void Turn(ulong bits)
    {
        ulong now = Ipc.Now();
        _run.Awake(bits);
        if (now >= _nextLook)
        {
            _nextLook = now + _run.Time.Second;
            _run.Look();
            SocketClients.EndTheDead(ref _clients, _run.Stack, ref Sockets);
        }

        _run.Advance();
        if (now >= _restsUntil)
        {
            _hasWork = _run.Receive(out bool isInVain);
            Rest(now, isInVain);
        }

        ClientWaits.TellTimes(ref _clients, _run.Stack);
        GoOn();
    }

    // Frames that are dropped have cost their way up for nothing, and a reader with a lower priority never catches up while they come. So it has as long for itself
    // as this turn took, or until it reads: what comes meanwhile the device drops, which costs nothing. Whoever sends to a reader that never reads so halves, at
    // worst, what others get.
    private void Rest(ulong began, bool isInVain)
    {
        ulong now = Ipc.Now();
        _restsUntil = isInVain ? now + (now - began) : 0;
        _hasWork &= !isInVain;
    }

    private void EndRest()
    {
        _hasWork |= _restsUntil != 0;
        _restsUntil = 0;
    }

    // Behind everything that may have given the stack something to send.
    private void GoOn()
    {
        _hasWork |= _run.Send();
        ClientWaits.TellEvents(ref _clients, _run.Stack, ref Sockets);
        Reckon();
    }

    private void Reckon()
    {
        // A reader that is behind has time for itself: nobody rings then.
        _hasWork |= !_hasWork && _restsUntil == 0 && !_run.TryRest();
        ulong next = _run.NextDeadline;
        next = _nextLook < next ? _nextLook : next;
        next = _restsUntil != 0 && _restsUntil < next ? _restsUntil : next;
        ulong waits = ClientWaits.NextDeadline(in _clients);
        _next = waits < next ? waits : next;
    }

    private SocketAnswer Keep(SocketAnswer answer, SocketHandle handle, byte client, out uint socket) =>
        SocketClients.Keep(ref _clients, answer, handle, client, ref Sockets, out socket);

    private SocketAnswer TryFind(in Caller caller, uint socket, out SocketHandle handle) => TryFind(in caller, socket, 0, 0, out handle, out _);

    private SocketAnswer TryFind(in Caller caller, uint socket, uint offset, uint count, out SocketHandle handle, out Span<byte> bytes) =>
        SocketClients.TryFind(ref _clients, in caller, socket, offset, count, in Sockets, out handle, out bytes);
}
