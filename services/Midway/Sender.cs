using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Midway;

/// <summary>Sends numbers without end, and dies in the middle of a send when it is told to.</summary>
internal struct Sender
{
    private const uint AtOnce = 16;
    private const ulong TriesPerSecond = 5000;

    private ulong _sent;
    private ulong _left;
    private ulong _ticksOfATry;
    private SendStep _step;
    private uint _core;
    private bool _isToDie;
    private bool _standsStill;

    /// <summary>Sends until it dies.</summary>
    internal void Run(ref RingChannel line, in ProgramStart start)
    {
        _core = start.Core;
        _ticksOfATry = start.TscHz / TriesPerSecond;
        while (true)
        {
            Obey(ref line);
            if (_isToDie && _left == 0)
            {
                Die(ref line);
            }

            Send(ref line);
            Rest(ref line);
        }
    }

    private void Obey(ref RingChannel line)
    {
        if (line.TryReceive(out RingMessage order) == ChannelResult.Done && order.Meta == MidwayMessage.Die)
        {
            _isToDie = true;
            _step = (SendStep)order.Payload.Word0;
            _left = order.Payload.Word1;
            _standsStill = order.Payload.Word2 != 0;
        }
    }

    private void Send(ref RingChannel line)
    {
        for (uint sent = 0; sent < AtOnce && !(_isToDie && _left == 0); sent++)
        {
            RingMessage number = MidwayMessage.Numbered(MidwayMessage.Number, _sent, _core);
            if (line.TrySend(in number) != ChannelResult.Done)
            {
                break;
            }

            _sent++;
            _left -= _isToDie ? 1UL : 0;
        }

        line.EndTurn();
    }

    private void Die(ref RingChannel line)
    {
        RingMessage farewell = MidwayMessage.Of(MidwayMessage.Farewell, _sent);
        while (line.TrySend(in farewell) != ChannelResult.Done)
        {
            Nap(ref line);
        }

        line.EndTurn();
        RingMessage words = MidwayMessage.Numbered(MidwayMessage.LastWords, _sent, _core);
        while (true)
        {
            if (_standsStill)
            {
                Die<ByStop>(ref line, in words);
            }
            else
            {
                Die<ByFault>(ref line, in words);
            }

            // There was no room.
            Nap(ref line);
        }
    }

    private readonly void Die<TWay>(ref RingChannel line, ref readonly RingMessage words)
        where TWay : IDeathWay
    {
        switch (_step)
        {
            case SendStep.Payload:
                line.SendOver<MortalMemory<Before.Payload, TWay>>(in words);
                break;
            case SendStep.Half:
                line.SendOver<MortalMemory<Before.Half, TWay>>(in words);
                break;
            case SendStep.Header:
                line.SendOver<MortalMemory<Before.Header, TWay>>(in words);
                break;
            case SendStep.Position:
                line.SendOver<MortalMemory<Before.Position, TWay>>(in words);
                break;
            case SendStep.Fence:
                line.SendOver<MortalMemory<Before.Fence, TWay>>(in words);
                break;
            case SendStep.WakeWord:
                line.SendOver<MortalMemory<Before.WakeWord, TWay>>(in words);
                break;
            default:
                line.SendOver<MortalMemory<Before.Doorbell, TWay>>(in words);
                break;
        }
    }

    // A slot that comes back rings nobody.
    private readonly void Rest(ref RingChannel line)
    {
        if (line.TryRest())
        {
            Nap(ref line);
        }

        line.Awake();
    }

    private readonly void Nap(ref RingChannel line)
    {
        ulong deadline = Ipc.Now() + _ticksOfATry;
        _ = Ipc.Receive(line.Notification, 0, out _, Deadline.Flags(deadline), deadline);
    }
}
