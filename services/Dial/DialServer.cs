using System;
using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Dial;

/// <summary>Listens under a name, and answers whoever connects: to sixteen at a time. It fails when it is asked to.</summary>
[NonCopyable]
internal struct DialServer
{
    private const int FarBehind = 4096;
    private const int MessagesAtOnce = 8;

    private readonly DialSlots _slots;
    private ChannelSet _set;
    private RingChannel _line;
    private uint _taken;
    private uint _reports;

    /// <summary>Begins.</summary>
    internal DialServer(in DialSlots slots, MemoryRegion memory)
    {
        _slots = slots;
        GrantRecord first = new()
        {
            Kind = GrantKind.Channel, Slot = slots.Notification + 1, Argument = ChannelSeat.PagesOf(DialSlots.FirstPlace), Count = (ushort)DialSlots.Ends,
        };
        _set = ChannelSet.Of(in first, DialSlots.Ends, memory);
    }

    /// <summary>Serves, for ever; or until the tally of every core has come.</summary>
    internal void Run(ref OwnSlot slot, ref OwnSlot other, ConsoleClient console, bool tells)
    {
        Listen(ref slot, ref other, tells);
        while (!tells || _reports != _slots.Cores)
        {
            if (!TakeConnections())
            {
                // What it has it keeps: connections do not end with a switchboard.
                Listen(ref slot, ref other, tells);
            }

            switch (_set.Next(out uint end))
            {
                case ChannelSetEvent.None:
                    Rest();
                    break;
                case ChannelSetEvent.Message:
                    Answer(ref _set[end], console);
                    break;
                case ChannelSetEvent.Ended or ChannelSetEvent.Unavailable:
                    Free(end);
                    break;
            }
        }
    }

    private void Listen(ref OwnSlot slot, ref OwnSlot other, bool tells)
    {
        if (!tells)
        {
            // Under this name there is never room. Its line is only kept.
            _slots.Listen("full"u8, ref other, place: 1, out _);
        }

        _slots.Listen(tells ? "tally"u8 : "dial"u8, ref slot, place: 0, out _line);
        Admit(DialSlots.Ends - (uint)System.Numerics.BitOperations.PopCount(_taken));
    }

    private void Admit(uint more)
    {
        RingMessage room = DialMessage.Of((uint)LineMessage.Room, more);
        while (_line.TrySend(in room) == ChannelResult.WouldBlock)
        {
            _line.EndTurn();
            Ipc.Yield();
        }

        _line.EndTurn();
    }

    // Whether the switchboard is still there.
    private bool TakeConnections()
    {
        ChannelResult came = _line.TryReceive(out RingMessage message);
        while (came == ChannelResult.Done)
        {
            if (message.Meta == (uint)LineMessage.Connection)
            {
                Take();
            }

            came = _line.TryReceive(out message);
        }

        return came == ChannelResult.WouldBlock;
    }

    private void Take()
    {
        uint end = 0;
        while (end < DialSlots.Ends && ((_taken >> (int)end) & 1) != 0)
        {
            end++;
        }

        uint slot = _slots.Notification + 1 + end;
        ChannelControl line = new(_line.Slot);
        bool isTaken = end < DialSlots.Ends && line.Accept(_slots.Node, slot) == SystemResult.Ok;
        if (isTaken)
        {
            // By its number it enters the set.
            _taken |= 1u << (int)end;
            if (_slots.Seat(DialSlots.FirstPlace + end).Take(slot, slot, out _) != SystemResult.Ok)
            {
                Free(end);
            }
        }
    }

    private void Free(uint end)
    {
        _ = _slots.Node.Delete(_slots.Notification + 1 + end);
        _set.Vacate(end);
        _taken &= ~(1u << (int)end);
        Admit(1);
    }

    private void Rest()
    {
        if (_line.TryRest() && _set.TryRest())
        {
            _ = Ipc.Receive(_slots.Notification, 0, out _);
        }

        _set.Awake();
        _line.Awake();
    }

    private void Answer(ref RingChannel channel, ConsoleClient console)
    {
        for (int left = MessagesAtOnce; left != 0 && channel.TryReceive(out RingMessage message) == ChannelResult.Done; left--)
        {
            switch (message.Meta)
            {
                case DialMessage.Question:
                    RingMessage answer = DialMessage.Of(DialMessage.Answer, message.Payload.Word0 + 1, _slots.Core);
                    if (channel.TrySend(in answer) != ChannelResult.Done)
                    {
                        // Who asks waits for each answer: it is gone.
                        return;
                    }

                    break;
                case DialMessage.Fail:
                    ProgramExit.End(Index("a failed check"u8, FarBehind));
                    break;
                case DialMessage.Report:
                    Tally tally = Tally.Of(in message);
                    Tell(console, in tally);
                    _reports++;
                    break;
            }
        }
    }

    private static void Tell(ConsoleClient console, in Tally tally)
    {
        TextBuffer text = default;
        Add(ref text, "dial: core "u8, tally.Core);
        Add(ref text, " connections "u8, tally.Connections);
        Add(ref text, " answers "u8, tally.Answers);
        Add(ref text, " deaths "u8, tally.Deaths);
        Add(ref text, " refusals "u8, tally.Refusals);
        Add(ref text, " retries "u8, tally.Retries);
        Add(ref text, " wrong "u8, tally.Wrong);
        text.Add("\n"u8);
        if (console.Write(TextBuffer.View(in text), out _) != CallResult.Ok)
        {
            ProgramExit.End(2);
        }
    }

    private static void Add(ref TextBuffer text, ReadOnlySpan<byte> name, uint value)
    {
        text.Add(name);
        text.Add(value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte Index(ReadOnlySpan<byte> text, int at) => text[at];
}
