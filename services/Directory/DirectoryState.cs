using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Directory;

/// <summary>Who listens on which core of the machine, and which calls are under way.</summary>
/// <remarks>
/// A call is settled at the server's side before the asker hears how it ended. So a switchboard's place for a call is used again only when nothing of the call before is under way.
/// What is owed to a switchboard stands in its line: nothing overflows, and a switchboard that does not read keeps nobody waiting but those who call it or by it.
/// </remarks>
[NonCopyable]
public partial struct DirectoryState
{
    // Channels that systems describe have lower names than any that is made here (docs/channels.md).
    private const ulong OwnNames = 1UL << 63;

    private MemoryRegion _listeners;
    private MemoryRegion _calls;
    private MemoryRegion _cores;
    private ulong _connections;

    /// <summary>Messages that no switchboard sends that keeps to what was agreed.</summary>
    public ulong Refused { get; private set; }

    /// <summary>Cores that it knows.</summary>
    public uint Cores { get; private set; }

    /// <summary>Begins.</summary>
    /// <param name="listeners">Of zeros, <see cref="ListenerRow.SizeBytes"/> for each place of each core.</param>
    /// <param name="calls">Of zeros, <see cref="CallRow.SizeBytes"/> for each place of each core.</param>
    /// <param name="cores">Of zeros, <see cref="CoreRow.SizeBytes"/> for each core.</param>
    /// <param name="count">How many cores.</param>
    /// <param name="since">A number that grows faster than connections are made, and over the lives of this program: the time.</param>
    public void Begin(MemoryRegion listeners, MemoryRegion calls, MemoryRegion cores, uint count, ulong since)
    {
        _listeners = listeners;
        _calls = calls;
        _cores = cores;
        _connections = since | OwnNames;
        Cores = count;
    }

    /// <summary>Whether anything is owed to a core.</summary>
    public readonly bool Owes(uint core) => Core(core).First != 0;

    /// <summary>Whether the next life of a core's switchboard can begin: nothing of the one before is under way.</summary>
    public readonly bool IsSettled(uint core) => Core(core).Calls == 0;

    /// <summary>A switchboard is gone, with all its servers and callers.</summary>
    public void Lose(uint core)
    {
        for (uint place = 0; place < DirectoryLimits.Listeners; place++)
        {
            Listener(core, place).Listens = false;
        }

        // Whatever it was owed is owed no more.
        Core(core).First = 0;
        for (uint ticket = 0; ticket < Cores * DirectoryLimits.Calls; ticket++)
        {
            if (Call(ticket).Stage != CallRowStage.Free)
            {
                Lose(ticket, core);
            }
        }

        Core(core).Arrivals = 0;
    }

    /// <summary>A switchboard says something. Untrusted: it can speak of its own servers and callers only.</summary>
    public void Hear(uint core, ref readonly RingMessage message)
    {
        switch ((DirectoryRequest)message.Meta)
        {
            case DirectoryRequest.Announce when PlaceOf(message.Payload.Word0) < DirectoryLimits.Listeners:
                Announce(core, in message);
                break;
            case DirectoryRequest.Withdraw when PlaceOf(message.Payload.Word0) < DirectoryLimits.Listeners:
                ref ListenerRow listener = ref Listener(core, PlaceOf(message.Payload.Word0));
                listener.Listens &= listener.Word != message.Payload.Word0;
                break;
            case DirectoryRequest.Connect when IsFree(core, in message):
                Connect(core, in message);
                break;
            case DirectoryRequest.Fail when (uint)message.Payload.Word0 < DirectoryLimits.Calls:
                Fail(TicketOf(core, in message), message.Payload.Word1);
                break;
            case DirectoryRequest.Given or DirectoryRequest.Refused when message.Payload.Word0 < Cores * DirectoryLimits.Calls:
                Settle(core, in message);
                break;
            default:
                Refused++;
                break;
        }
    }

    private static uint PlaceOf(ulong listener) => (uint)listener & ((1 << DirectoryLimits.ListenerBits) - 1);

    private static uint TicketOf(uint core, ref readonly RingMessage message) => (core * DirectoryLimits.Calls) + (uint)message.Payload.Word0;

    private readonly bool IsFree(uint core, ref readonly RingMessage message) =>
        (uint)message.Payload.Word0 < DirectoryLimits.Calls && Call(TicketOf(core, in message)).Stage == CallRowStage.Free;

    private readonly void Announce(uint core, ref readonly RingMessage message)
    {
        ref ListenerRow listener = ref Listener(core, PlaceOf(message.Payload.Word0));
        listener.Word = message.Payload.Word0;
        listener.Key = message.Payload.Word1;
        listener.Name = DirectoryMessages.NameOf(in message);
        listener.Listens = true;
    }

    private void Connect(uint core, ref readonly RingMessage message)
    {
        uint ticket = TicketOf(core, in message);
        ref CallRow call = ref Call(ticket);
        call = default;
        call.Badge = message.Payload.Word6;
        Core(core).Calls++;
        uint wanted = (uint)(message.Payload.Word0 >> 32);
        NameWords name = DirectoryMessages.NameOf(in message);
        call.Answer = Find(core, wanted, in name, message.Payload.Word1, out call.Server, out call.Listener);
        if (call.Answer == ConnectAnswer.Done && Core(call.Server).Arrivals == DirectoryLimits.Arrivals)
        {
            call.Answer = ConnectAnswer.Busy;
        }

        if (call.Answer != ConnectAnswer.Done)
        {
            Answer(ticket, call.Answer);
            return;
        }

        Core(call.Server).Arrivals++;
        call.Connection = _connections++ | OwnNames;
        call.Stage = CallRowStage.Routing;
        OweAsker(ticket, CallDebts.Route);
        OweServer(ticket, CallDebts.Arrive);
    }

    // The nearest: the own core, then those behind it.
    private readonly ConnectAnswer Find(uint asker, uint wanted, in NameWords name, ulong key, out uint core, out ulong word)
    {
        ConnectAnswer found = ConnectAnswer.Unknown;
        for (uint offset = 0; offset < Cores; offset++)
        {
            core = asker + offset < Cores ? asker + offset : asker + offset - Cores;
            for (uint place = 0; place < DirectoryLimits.Listeners && (wanted == ConnectCore.Any || wanted == core); place++)
            {
                ref readonly ListenerRow listener = ref Listener(core, place);
                if (listener.Listens && listener.Name.Is(in name))
                {
                    word = listener.Word;
                    if (listener.Key == key)
                    {
                        return ConnectAnswer.Done;
                    }

                    found = ProtocolKey.AreOfOneProtocol(listener.Key, key) ? ConnectAnswer.OtherVersion
                        : found == ConnectAnswer.Unknown ? ConnectAnswer.OtherProtocol
                        : found;
                }
            }
        }

        core = 0;
        word = 0;
        return found;
    }

    private readonly void Fail(uint ticket, ulong connection)
    {
        ref CallRow call = ref Call(ticket);
        if (call.Stage != CallRowStage.Routing || call.Connection != connection)
        {
            // The server's side was quicker to say that it failed.
            return;
        }

        call.Answer = ConnectAnswer.NoEnds;
        if (TryTakeBack(ticket, ref call))
        {
            Answer(ticket, ConnectAnswer.NoEnds);
            return;
        }

        call.Stage = CallRowStage.Cancelling;
        OweServer(ticket, CallDebts.Cancel);
    }

    private void Settle(uint core, ref readonly RingMessage message)
    {
        uint ticket = (uint)message.Payload.Word0;
        ref CallRow call = ref Call(ticket);
        if (call.Stage == CallRowStage.Free || call.Server != core || call.Connection != message.Payload.Word1)
        {
            // It was cancelled, and who has cancelled it hears no more of it.
            return;
        }

        if (call.Stage != CallRowStage.Routing || (call.Owes & CallDebts.Arrive) != 0)
        {
            return;
        }

        Core(core).Arrivals--;
        ConnectAnswer answer = message.Payload.Word2 <= (ulong)ConnectAnswer.Unavailable ? (ConnectAnswer)message.Payload.Word2 : ConnectAnswer.Unavailable;
        bool isGiven = message.Meta == (uint)DirectoryRequest.Given;
        Answer(ticket, isGiven ? ConnectAnswer.Done : answer == ConnectAnswer.Done ? ConnectAnswer.Unavailable : answer);
    }

    private readonly void Lose(uint ticket, uint core)
    {
        ref CallRow call = ref Call(ticket);
        bool isAsker = ticket / DirectoryLimits.Calls == core;
        bool isServer = call.Server == core && call.Stage != CallRowStage.Answering;
        call.Owes &= isServer ? ~CallDebts.ToServer : ~CallDebts.None;
        call.Owes &= isAsker ? ~CallDebts.ToAsker : ~CallDebts.None;
        if (isServer && !isAsker && call.Stage != CallRowStage.Orphan)
        {
            Answer(ticket, call.Stage == CallRowStage.Cancelling ? call.Answer : ConnectAnswer.ServerGone);
        }
        else if (isServer)
        {
            Free(ticket);
        }
        else if (isAsker)
        {
            LoseAsker(ticket, ref call);
        }
    }

    private readonly void LoseAsker(uint ticket, ref CallRow call)
    {
        switch (call.Stage)
        {
            case CallRowStage.Answering:
                Free(ticket);
                break;
            case CallRowStage.Routing when TryTakeBack(ticket, ref call):
                Free(ticket);
                break;
            case CallRowStage.Routing:
                call.Stage = CallRowStage.Orphan;
                OweServer(ticket, CallDebts.Cancel);
                break;
            default:
                call.Stage = CallRowStage.Orphan;
                break;
        }
    }

    // What the server's switchboard has not heard of need not be taken back there.
    private readonly bool TryTakeBack(uint ticket, ref CallRow call)
    {
        if ((call.Owes & CallDebts.Arrive) == 0)
        {
            return false;
        }

        call.Owes &= ~CallDebts.Arrive;
        Leave(call.Server, ticket);
        Core(call.Server).Arrivals--;
        return true;
    }

    private readonly void Answer(uint ticket, ConnectAnswer answer)
    {
        ref CallRow call = ref Call(ticket);
        call.Answer = answer;
        call.Stage = CallRowStage.Answering;
        OweAsker(ticket, CallDebts.Answer);
        call.Owes &= ~CallDebts.Route;
    }

    private readonly void Free(uint ticket)
    {
        Call(ticket).Stage = CallRowStage.Free;
        Core(ticket / DirectoryLimits.Calls).Calls--;
    }

    private readonly ref ListenerRow Listener(uint core, uint place) => ref _listeners.Row<ListenerRow>((core * DirectoryLimits.Listeners) + place);

    private readonly ref CallRow Call(uint ticket) => ref _calls.Row<CallRow>(ticket);

    private readonly ref CoreRow Core(uint core) => ref _cores.Row<CoreRow>(core);
}
