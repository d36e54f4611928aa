using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Switchboard;

/// <summary>Connects programs of its core with servers by name (docs/connections.md).</summary>
[NonCopyable]
public struct SwitchboardServer : IConnectServer
{
    private const ulong TriesPerSecond = 1000;

    private MemoryRegion _memory;
    private ulong _pause;
    private OwnBoard _board;
    private RingChannel _directory;
    private RingMessage _unsaid;
    private bool _hasUnsaid;

    private readonly ref BoardState State => ref _memory.Row<Known>(0).State;

    private readonly ref NameRights Rights => ref _memory.Row<Known>(0).Rights;

    private readonly ref ConnectionQuotas Quotas => ref _memory.Row<Known>(0).Quotas;

    /// <inheritdoc/>
    public readonly ulong NextDeadline => _hasUnsaid ? Ipc.Now() + _pause : Deadline.Never;

    /// <summary>Begins.</summary>
    /// <param name="start">What the program was given.</param>
    /// <returns>False: the arguments are unclear, or something is missing.</returns>
    public bool Begin(in ProgramStart start)
    {
        _memory = start.Region("memory"u8);

        // The memory may be that of an earlier life.
        for (int index = 0; index < _memory.LongWords.Length; index++)
        {
            _memory.LongWords[index] = 0;
        }

        _ = start.TryFind("directory"u8, out GrantRecord directory);
        return start.TryFind("slots"u8, out GrantRecord slots) && Rights.Read(start.Arguments) && Quotas.Read(start.Arguments)
            && Begin(in directory, start.Find("connects"u8), start.Find("space"u8), in slots, start.Core, start.TscHz);
    }

    private bool Begin(in GrantRecord directory, uint connects, uint space, in GrantRecord slots, uint core, ulong tscHz)
    {
        _directory = RingChannel.Of(in directory);
        _pause = tscHz / TriesPerSecond;
        SlotRow row = Inbox.Open(in slots);
        bool begins = row.Count >= OwnBoard.SlotsNeeded
            && _board.Begin(connects, space, new CNodeTable(slots.Slot), slots.Slot + 1 + Inbox.Slots, core, Ipc.Now()) == SystemResult.Ok;
        if (begins)
        {
            Turn(wasRung: true);
        }

        return begins;
    }

    /// <inheritdoc/>
    public void Listen(in Caller caller, uint reply, ReadOnlySpan<byte> name, ulong protocol)
    {
        ConnectAnswer answer = ConnectAnswer.ArgumentInvalid;
        if (NameWords.TryOf(name, out NameWords words))
        {
            _board.ListeningReply = reply;
            answer = Rights.Allow(in words, caller.Badge) ? State.Listen(ref _board, in words, protocol) : ConnectAnswer.NotAllowed;
        }

        if (answer != ConnectAnswer.Done)
        {
            _ = ConnectReply.Listen(reply, answer, default);
        }

        Turn(wasRung: false);
    }

    /// <inheritdoc/>
    public void Connect(in Caller caller, uint reply, ReadOnlySpan<byte> name, ulong protocol, uint core)
    {
        ConnectAnswer answer = ConnectAnswer.ArgumentInvalid;
        if (core <= ConnectCore.Any && NameWords.TryOf(name, out NameWords words))
        {
            answer = State.Connect(ref _board, in words, protocol, core, caller.Badge, Quotas.Of(caller.Badge), out uint call);
            if (answer == ConnectAnswer.Done)
            {
                _board.Keep(call, reply);
            }
        }

        if (answer != ConnectAnswer.Done)
        {
            _ = ConnectReply.Connect(reply, answer, default);
        }

        Turn(wasRung: false);
    }

    /// <inheritdoc/>
    public void Signalled(ulong bits) => Turn(wasRung: true);

    /// <inheritdoc/>
    public void Elapsed() => Turn(wasRung: false);

    // Until nothing is left to do, and whoever has something more rings.
    private void Turn(bool wasRung)
    {
        do
        {
            _directory.Awake(wasRung);
            _board.Awake(wasRung);
            wasRung = false;
            HearDirectory();
            State.Turn(ref _board);
            Say();
        }
        while (!(_directory.TryRest() & _board.TryRest()));
    }

    private void HearDirectory()
    {
        while (_directory.TryOpen() == ChannelResult.Done)
        {
            if (!State.IsJoined)
            {
                State.Join();
            }

            ChannelResult came = _directory.TryReceive(out RingMessage message);
            if (came == ChannelResult.WouldBlock)
            {
                return;
            }

            if (came == ChannelResult.Done)
            {
                State.Hear(ref _board, in message);
                continue;
            }

            _hasUnsaid = false;
            State.Part(ref _board);
            if (_directory.Reopen() != ChannelResult.Done)
            {
                // It lives and is no directory any more: nothing comes from it.
                return;
            }
        }
    }

    // What a full ring does not take is tried again soon: a slot that comes back rings nobody.
    private void Say()
    {
        while (_hasUnsaid || State.TrySay(out _unsaid))
        {
            _hasUnsaid = _directory.TrySend(in _unsaid) != ChannelResult.Done;
            if (_hasUnsaid)
            {
                return;
            }
        }
    }

    // More than a stack should hold.
    [NonCopyable]
    private struct Known
    {
        internal NameRights Rights;
        internal ConnectionQuotas Quotas;
        internal BoardState State;
    }
}
