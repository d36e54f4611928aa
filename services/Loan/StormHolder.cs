using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Loan;

/// <summary>Takes what comes in a storm, maps it, signals it, copies it and gives it up in an order that a seed decides, and counts.</summary>
/// <remarks>What is taken may be gone the moment after, so a page is mapped and never touched.</remarks>
internal struct StormHolder
{
    private const uint Places = 4;
    private const ulong LooksPerSecond = 10_000;
    private const uint LooksMax = 10_000;

    private RandomNumbers _random;
    private uint _space;
    private ulong _tscHz;
    private uint _turns;
    private ulong _taken;
    private ulong _due;
    private ulong _numbers;
    private bool _takes;

    /// <summary>Serves until the giver is gone.</summary>
    internal void Run(in ProgramStart start, ref LoanLine line, ref SlotRow row)
    {
        OwnSlot first = row.Take();
        OwnSlot second = row.Take();
        OwnSlot third = row.Take();
        OwnSlot copy = row.Take();
        _random = new RandomNumbers(start.Core);
        _space = start.Find("space"u8);
        _tscHz = start.TscHz;
        ChannelResult told = ChannelResult.Done;
        while (told is ChannelResult.Done or ChannelResult.WouldBlock)
        {
            bool did = _takes && Turn(ref line, ref first, ref second, ref third, ref copy);
            if (_due != 0 && _taken >= _due)
            {
                _due = 0;
                RingMessage settled = LoanMessage.Of(LoanMessage.Settled);
                Answer(ref line, in settled);
            }

            told = line.Channel.TryReceive(out RingMessage message);
            if (told == ChannelResult.Done)
            {
                Obey(in start, in message, ref line, ref first, ref second, ref third, ref copy);
            }
            else if (!did && line.Channel.TryRest())
            {
                // Messages and capabilities both ring.
                _ = Ipc.Wait(line.Channel.Notification);
                line.Channel.Awake();
            }
        }

        first.Free();
        second.Free();
        third.Free();
        copy.Free();
    }

    private void Obey(
        in ProgramStart start, ref readonly RingMessage message, ref LoanLine line, ref OwnSlot first, ref OwnSlot second, ref OwnSlot third, ref OwnSlot copy)
    {
        switch (message.Meta)
        {
            case LoanMessage.Blow:
                _takes = true;
                break;
            case LoanMessage.Settle:
                _due = message.Payload.Word0;
                break;
            case LoanMessage.TakenBack:
                ulong held = Leave(ref first) + Leave(ref second) + Leave(ref third) + Leave(ref copy);
                held += TakeLate(ref line, ref first);
                RingMessage looked = LoanMessage.Of(LoanMessage.Looked, held, _taken, _numbers);
                _takes = false;
                _taken = 0;
                Answer(ref line, in looked);
                break;
            case LoanMessage.Calm:
                RingMessage counted = LoanMessage.Of(LoanMessage.Counted, StaysHeld(in start, ref line));
                Answer(ref line, in counted);
                break;
        }
    }

    private bool Turn(ref LoanLine line, ref OwnSlot first, ref OwnSlot second, ref OwnSlot third, ref OwnSlot copy)
    {
        bool did = Use(ref line, ref first, ref copy);
        did |= Use(ref line, ref second, ref copy);
        did |= Use(ref line, ref third, ref copy);
        return did;
    }

    private bool Use(ref LoanLine line, ref OwnSlot slot, ref OwnSlot copy)
    {
        if (!slot.IsFull)
        {
            return Take(ref line, ref slot);
        }

        switch (_random.Below(4))
        {
            case 0:
                slot.Clear();
                break;
            case 1:
                copy.Clear();
                _ = copy.Mint(in slot, CapabilityRights.All, 0);
                break;
            default:
                Touch(ref slot);
                break;
        }

        return true;
    }

    private bool Take(ref LoanLine line, ref OwnSlot slot)
    {
        if (line.Channel.TryAccept(ref slot) != ChannelResult.Done)
        {
            return false;
        }

        _taken++;
        Touch(ref slot);
        RingMessage number = LoanMessage.Of(LoanMessage.Number, _numbers);
        _numbers += line.Channel.TrySend(in number) == ChannelResult.Done ? 1UL : 0;
        line.Channel.EndTurn();
        return true;
    }

    // A page is mapped, if it is not yet; a bell is rung.
    private void Touch(ref readonly OwnSlot slot)
    {
        if (slot.Holds(CapabilityType.Frame))
        {
            _ = RegisterPage.Map(new MemoryFrame(slot.Address), _space, _turns++ % Places, out _);
        }
        else
        {
            _ = new SignalWord(slot.Address).Signal();
        }
    }

    // A page must be gone. A bell may be there, and must not be heard.
    private static ulong Leave(ref OwnSlot slot)
    {
        ulong held = slot.Holds(CapabilityType.Frame) ? 1UL : 0;
        if (slot.IsFull && held == 0)
        {
            _ = new SignalWord(slot.Address).Signal();
        }

        slot.Clear();
        return held;
    }

    private ulong TakeLate(ref LoanLine line, ref OwnSlot slot)
    {
        ulong held = 0;
        while (line.Channel.TryAccept(ref slot) == ChannelResult.Done)
        {
            _taken++;
            held += Leave(ref slot);
        }

        return held;
    }

    // What was given up is told to its home in the kernel's next turns.
    private readonly ulong StaysHeld(in ProgramStart start, ref LoanLine line)
    {
        InstanceFigures figures = new(start.Find("figures"u8));
        ulong held = ulong.MaxValue;
        for (uint look = 0; look < LooksMax && held != 0; look++)
        {
            Nap(in line.Channel);
            held = figures.Read(InstanceFigure.CapabilitiesIn, out ulong read) == SystemResult.Ok ? read : ulong.MaxValue;
        }

        return held;
    }

    // The ring may be full of numbers, and the giver of a lower priority.
    private readonly void Answer(ref LoanLine line, ref readonly RingMessage message)
    {
        while (line.Channel.TrySend(in message) == ChannelResult.WouldBlock)
        {
            Nap(in line.Channel);
        }

        line.Channel.EndTurn();
    }

    private readonly void Nap(ref readonly RingChannel channel)
    {
        ulong until = Ipc.Now() + (_tscHz / LooksPerSecond);
        _ = Ipc.Receive(channel.Notification, 0, out _, Deadline.Flags(until), until);
    }
}
