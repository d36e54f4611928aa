using System;
using Atoll.Services.Lib;
using Atoll.Services.Net.Stack;
using Atoll.Services.Protocols;

namespace Atoll.Services.Net;

/// <summary>The program around the stack: programs ask over their channels for what their sockets do, a driver brings frames, time passes; observers call.</summary>
/// <remarks>
/// A turn goes on until there is nothing left to do, or as often as a budget allows; then the server waits, for whatever comes first. What a turn has made the stack
/// want to send goes to the driver within it, and what a turn has found for a program is told once, at its end. Each part has its budget, so nobody waits for a flood.
/// </remarks>
[NonCopyable]
public struct NetServer : INetworkServer
{
    private const ulong AtOnce = 0;

    // As long as this there is no system call between two rounds: observers wait, and they are in no hurry.
    private const int RoundsMax = 4;

    // How often is looked whether a program that reads nothing has read something.
    private const ulong RetriesPerSecond = 1000;

    // The shortest rest: 200 µs, in which a reader can read all that it was told of. One frame's time would be none for it, when its driver is interrupted meanwhile.
    private const ulong RestsPerSecond = 5000;

    private ClientChannels _channels;
    private ObserverTable _observers;
    private StackRun _run;
    private ulong _nextLook;
    private ulong _next;
    private ulong _deadline;
    private bool _hasWork;

    // Until when no frame is taken, so that readers have time; 0: frames are taken. And until when what nobody reads is dropped without another rest.
    private ulong _restsUntil;
    private ulong _worksUntil;

    /// <inheritdoc/>
    public readonly ulong NextDeadline => _hasWork ? AtOnce : _next;

    private readonly ref ClientTable Clients => ref _run.Tables.Clients;

    private readonly ref SocketTable Sockets => ref _run.Tables.Sockets;

    /// <summary>Begins.</summary>
    /// <param name="setup">What the system says.</param>
    /// <param name="memory">Where everything lies.</param>
    /// <param name="received">A slot for what a driver gives: frames that came.</param>
    /// <param name="lane">The same: rings, and frames that go.</param>
    /// <returns>False: the settings are none that a stack can have.</returns>
    public bool Begin(in NetArguments setup, in NetMemory memory, OwnSlot received, OwnSlot lane)
    {
        _observers = setup.Observers;
        _hasWork = true;
        bool isReady = _run.Begin(in setup, in memory, received, lane);
        SocketTable.Clear(ref Sockets);
        return isReady;
    }

    /// <summary>The channels of programs with sockets: to be put there before the server runs.</summary>
    public static ref ClientChannels Channels(ref NetServer server) => ref server._channels;

    /// <inheritdoc/>
    public void Resolve(in Caller caller, uint reply, ReadOnlySpan<byte> name)
    {
        int index = _observers.Find(caller.Badge);
        NetStack stack = _run.Stack;
        NameQuery question = default;
        SocketAnswer answer = index == _observers.Count ? SocketAnswer.NoClient : Ask(stack, name, out question);
        if (answer != SocketAnswer.WouldBlock)
        {
            _ = NetworkReply.Resolve(reply, answer, 0);
            return;
        }

        ref ObserverEntry entry = ref ObserverTable.At(ref _observers, index);
        ObserverWaits.CancelQuestion(ref entry, stack);
        entry.Asker = reply;
        entry.Question = question;
        _hasWork = true;
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
    public void Ping(in Caller caller, uint reply, uint address, ulong microseconds)
    {
        int index = _observers.Find(caller.Badge);
        NetStack stack = _run.Stack;
        EchoQuery asked = default;
        SocketAnswer answer = index == _observers.Count ? SocketAnswer.NoClient
            : SocketAnswers.Of(EchoClient.Ask(stack, new Ipv4Address(address), out asked));
        if (answer != SocketAnswer.Done)
        {
            _ = NetworkReply.Ping(reply, answer, 0);
            return;
        }

        ref ObserverEntry entry = ref ObserverTable.At(ref _observers, index);
        ObserverWaits.CancelPing(ref entry, stack);
        entry.Pinger = reply;
        entry.Ping = asked;
        entry.WaitsUntil = microseconds > ulong.MaxValue - 1 - stack.Now ? Deadline.Never : _run.Time.Ticks(stack.Now + microseconds);
        _hasWork = true;
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
        bool mayLook = MayLook(in caller);
        while (mayLook && place < NetSize.Sockets && !SocketView.TryLook(_run.Stack, (int)place, out view))
        {
            place++;
        }

        owner = ClientTable.BadgeOf(in Clients, SocketTable.OwnerOf(in Sockets, view.Socket));
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
        return MayLook(in caller) ? SocketAnswer.Done : SocketAnswer.NoClient;
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

    // A turn: who is dead, then rounds of what has come, what is due, what is asked, what goes out, who is to hear of it.
    private void Turn(ulong bits)
    {
        _run.Awake(bits);
        ClientLife.WakeAll(ref Clients, ref _channels, bits);
        ulong now = Ipc.Now();
        if (now >= _nextLook)
        {
            _nextLook = now + _run.Time.Second;
            _run.Look();
        }

        bool hasLate = false;
        for (int round = 0; round == 0 || (_hasWork && round < RoundsMax); round++)
        {
            // Nobody waits for a turn that goes on.
            _run.RingOwed();
            _hasWork = false;
            Round();
            _hasWork = _hasWork || !TryRest(out hasLate);
        }

        _run.LeaveBell(ref ThreadBuffer.Bells);
        ClientLife.LeaveBells(ref Clients, ref _channels, ref ThreadBuffer.Bells);
        Reckon(hasLate);
    }

    // What comes from now on signals, of those who were not at rest before. A reader that is behind has time for itself: the driver does not ring then.
    private bool TryRest(out bool hasLate) =>
        ClientLife.TryRestAll(ref Clients, ref _channels, out hasLate) && (_restsUntil != 0 || _run.TryRest());

    private void Round()
    {
        ulong now = Ipc.Now();
        NetStack stack = _run.StackAt(now);
        _run.Advance(stack, now);
        bool isInVain = false;
        if (now > _restsUntil)
        {
            _hasWork |= _run.Receive(stack, mayStop: now >= _worksUntil, out isInVain);
            Rest(now, isInVain);
        }

        ObserverWaits.Tell(ref _observers, stack, now);
        _hasWork |= ClientLife.ServeReady(ref Clients, ref _channels, stack, ref Sockets, out bool hasRead);
        if (hasRead && !isInVain)
        {
            EndRest();
        }

        _hasWork |= _run.Send(stack);
        _deadline = _run.NextDeadline(stack);
    }

    // Frames that are dropped have cost their way up for nothing, and a reader with a lower priority never catches up while they come. So it has as long for itself
    // as this turn took, and a moment at least, or until it reads: what comes meanwhile the device drops, which costs nothing. When it has not read, frames are taken
    // for as long, whoever does not read them. Whoever sends to a reader that never reads so halves, at worst, what others get.
    private void Rest(ulong began, bool isInVain)
    {
        _restsUntil = 0;
        if (!isInVain)
        {
            return;
        }

        ulong now = Ipc.Now();
        ulong least = _run.Time.Second / RestsPerSecond;
        ulong rest = now - began > least ? now - began : least;
        _restsUntil = now + rest;
        _worksUntil = _restsUntil + rest;
        _hasWork = false;
    }

    private void EndRest()
    {
        _restsUntil = 0;
        _worksUntil = 0;
    }

    private void Reckon(bool hasLate)
    {
        ulong next = _deadline;
        ulong retry = hasLate ? Ipc.Now() + (_run.Time.Second / RetriesPerSecond) : next;
        next = retry < next ? retry : next;
        next = _nextLook < next ? _nextLook : next;
        next = _restsUntil != 0 && _restsUntil < next ? _restsUntil : next;
        ulong waits = ObserverWaits.NextDeadline(in _observers);
        _next = waits < next ? waits : next;
    }

    private readonly bool MayLook(in Caller caller) => _observers.Find(caller.Badge) != _observers.Count;

    // WouldBlock: it was asked.
    private static SocketAnswer Ask(in NetStack stack, ReadOnlySpan<byte> name, out NameQuery question)
    {
        NameResult asked = NameResolver.Ask(stack, name, out question);
        return asked == NameResult.Waiting ? SocketAnswer.WouldBlock : SocketAnswers.Of(asked);
    }
}
