using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Dial;

/// <summary>Connects to servers of other cores by name, again and again; asks some to fail, and connects to their next lives.</summary>
[NonCopyable]
internal struct DialCaller
{
    private const uint Questions = 8;
    private const uint RoundsBetweenFailures = 20;
    private const uint TriesMax = 100_000;
    private const uint QuotaTries = 20;
    private const byte NotConnected = 3;
    private const byte ReportLost = 4;

    private readonly DialSlots _slots;
    private RingChannel _channel;
    private Tally _tally;

    /// <summary>Begins.</summary>
    internal DialCaller(in DialSlots slots)
    {
        _slots = slots;
        _tally.Core = slots.Core;
    }

    /// <summary>Connects so often, and tells what it has seen.</summary>
    internal void Run(ref OwnSlot slot, ref OwnSlot second, uint rounds)
    {
        // When this works, all of this core is there, and the server under another name, too.
        Round(ref slot, _slots.Core, fails: false);
        TryRefusals(ref slot);
        TryQuota(ref slot, ref second);
        uint core = _slots.Core;
        for (uint round = 1; round < rounds; round++)
        {
            core = Behind(core);
            Round(ref slot, core, round % RoundsBetweenFailures == RoundsBetweenFailures / 2);
        }

        Connect("tally"u8, ref slot, core: 0);
        RingMessage report = _tally.ToMessage();
        bool isSent = _channel.TrySend(in report) == ChannelResult.Done;
        _channel.EndTurn();

        // Until all have been read.
        ProgramExit.End(isSent && _channel.Wait() == ChannelResult.PeerDied ? (byte)0 : ReportLost);
    }

    /// <summary>Connects, asks once, and leaves the connection as it is.</summary>
    internal void Begin(ref OwnSlot slot)
    {
        Connect("dial"u8, ref slot, Behind(_slots.Core));
        _ = Ask(0, _slots.Core);
    }

    private readonly uint Behind(uint core) => core + 1 < _slots.Cores ? core + 1 : 0;

    private void Round(ref OwnSlot slot, uint core, bool fails)
    {
        bool isThrough = false;
        while (!isThrough)
        {
            Connect("dial"u8, ref slot, core);
            uint asked = 0;
            while (asked != Questions && Ask(asked, core))
            {
                asked++;
            }

            isThrough = asked == Questions;
            if (isThrough && fails)
            {
                RingMessage fail = DialMessage.Of(DialMessage.Fail, 0);
                isThrough = _channel.TrySend(in fail) != ChannelResult.Done || _channel.Wait() == ChannelResult.PeerDied;
            }

            _tally.Deaths += isThrough && !fails ? 0u : 1;
            slot.Clear();
        }

        _tally.Connections++;
    }

    // Whether it was answered: if not the server is dead.
    private bool Ask(uint number, uint core)
    {
        RingMessage question = DialMessage.Of(DialMessage.Question, number);
        if (_channel.TrySend(in question) != ChannelResult.Done || _channel.Wait() != ChannelResult.Done)
        {
            return false;
        }

        bool isAnswer = _channel.TryReceive(out RingMessage answer) == ChannelResult.Done && answer.Meta == DialMessage.Answer
            && answer.Payload.Word0 == number + 1 && answer.Payload.Word1 == core;
        _tally.Answers += isAnswer ? 1u : 0;
        _tally.Wrong += isAnswer ? 0u : 1;
        return isAnswer;
    }

    // Servers are started again, and so may be who connects.
    private void Connect(ReadOnlySpan<byte> name, ref OwnSlot slot, uint core)
    {
        for (uint tries = 0; tries < TriesMax; tries++)
        {
            slot.Clear();
            if (TryConnect(name, DialMessage.Key, ref slot, core) == ConnectAnswer.Done)
            {
                return;
            }

            _tally.Retries++;
            _slots.Pause();
        }

        ProgramExit.End(NotConnected);
    }

    private ConnectAnswer TryConnect(ReadOnlySpan<byte> name, ulong key, ref OwnSlot slot, uint core)
    {
        CallResult called = new ConnectClient(_slots.Connect).Connect(name, key, core, ref slot, out ChannelControl given, out ConnectAnswer answer);
        if (called != CallResult.Ok || answer != ConnectAnswer.Done)
        {
            return called == CallResult.Ok ? answer : ConnectAnswer.Unavailable;
        }

        bool isOpen = _slots.Seat(place: 0).Take(given.Address, 0, out _channel) == SystemResult.Ok && _channel.Open() == ChannelResult.Done;
        return isOpen ? ConnectAnswer.Done : ConnectAnswer.ServerGone;
    }

    private void TryRefusals(ref OwnSlot slot)
    {
        Refuse("nobody"u8, DialMessage.Key, ref slot, ConnectAnswer.Unknown);
        Refuse("dial"u8, ProtocolKey.Of("other"u8, 1).Raw, ref slot, ConnectAnswer.OtherProtocol);
        Refuse("dial"u8, ProtocolKey.Of("dial"u8, 2).Raw, ref slot, ConnectAnswer.OtherVersion);
        Refuse("full"u8, DialMessage.Key, ref slot, ConnectAnswer.NoRoom);
        CallResult called = CallResult.PeerDied;
        ConnectAnswer answer = ConnectAnswer.Unavailable;
        for (uint tries = 0; tries < TriesMax && called != CallResult.Ok; tries++)
        {
            called = new ConnectClient(_slots.Connect).Listen("dial"u8, DialMessage.Key, ref slot, out _, out answer);
        }

        Count(called == CallResult.Ok && answer == ConnectAnswer.NotAllowed);
        slot.Clear();
    }

    // The system allows one connection. A switchboard that is started again meanwhile has forgotten the first; the next try has two of its time.
    private void TryQuota(ref OwnSlot slot, ref OwnSlot second)
    {
        ConnectAnswer answer = ConnectAnswer.Unavailable;
        uint given = 0;
        for (uint tries = 0; tries < TriesMax && given < QuotaTries && answer != ConnectAnswer.QuotaSpent; tries++)
        {
            Connect("dial"u8, ref slot, _slots.Core);
            answer = TryConnect("dial"u8, DialMessage.Key, ref second, _slots.Core);
            given += second.IsFull ? 1u : 0;
            second.Clear();
        }

        Count(answer == ConnectAnswer.QuotaSpent);
        slot.Clear();
    }

    // A server, switchboard or directory that is being started again refuses everything.
    private void Refuse(ReadOnlySpan<byte> name, ulong key, ref OwnSlot slot, ConnectAnswer wanted)
    {
        ConnectAnswer answer = TryConnect(name, key, ref slot, _slots.Core);
        for (uint tries = 0; tries < TriesMax && answer != wanted && IsPassing(answer); tries++)
        {
            _tally.Retries++;
            _slots.Pause();
            answer = TryConnect(name, key, ref slot, _slots.Core);
        }

        Count(answer == wanted);
    }

    private static bool IsPassing(ConnectAnswer answer) =>
        answer is ConnectAnswer.Unavailable or ConnectAnswer.Unknown or ConnectAnswer.ServerGone or ConnectAnswer.Busy;

    private void Count(bool isRight)
    {
        _tally.Refusals += isRight ? 1u : 0;
        _tally.Wrong += isRight ? 0u : 1;
    }
}
