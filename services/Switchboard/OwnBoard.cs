using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Switchboard;

/// <summary>Ends, lines and callers of a core, as slots of the program's own CNode.</summary>
[NonCopyable]
public struct OwnBoard : IBoard
{
    /// <summary>Slots that it needs.</summary>
    public const uint SlotsNeeded = 2 + DirectoryLimits.Listeners + DirectoryLimits.Calls + DirectoryLimits.Arrivals;

    // Lines join two programs of one core: no name of the directory's is like theirs, nor of a system's (docs/channels.md).
    private const ulong LineNames = 1UL << 62;
    private const ulong Bit = 1;

    private InstanceFigures _connects;
    private CNodeTable _node;
    private uint _core;
    private uint _notification;
    private uint _space;
    private uint _bell;
    private uint _outSlot;
    private uint _firstLine;
    private uint _firstPlace;
    private ulong _names;
    private Lines _lines;
    private Waiting _callers;

    /// <summary>Who wants to listen, while it is answered.</summary>
    public uint ListeningReply { readonly get; set; }

    /// <summary>Begins.</summary>
    /// <param name="connects">The power to make ends; behind it the program's own notification.</param>
    /// <param name="space">Slot of its address space.</param>
    /// <param name="node">Its CNode.</param>
    /// <param name="first">The first of its free slots.</param>
    /// <param name="core">Its core.</param>
    /// <param name="since">A number that grows faster than lines are made, and over the lives of this program: the time.</param>
    public SystemResult Begin(uint connects, uint space, CNodeTable node, uint first, uint core, ulong since)
    {
        _connects = new InstanceFigures(connects);
        _notification = connects + 1;
        _space = space;
        _node = node;
        _core = core;
        _bell = first;
        _outSlot = first + 1;
        _firstLine = first + 2;
        _firstPlace = _firstLine + DirectoryLimits.Listeners;
        _names = since;
        return _node.Mint(_bell, _node, _notification, CapabilityRights.Write, Bit);
    }

    /// <summary>Remembers who has called.</summary>
    public void Keep(uint call, uint reply) => _callers[(int)call] = reply;

    /// <summary>Lines that may have been rung are looked at again.</summary>
    /// <param name="wereRung">One of them may have signalled.</param>
    public void Awake(bool wereRung)
    {
        for (int index = 0; index < DirectoryLimits.Listeners; index++)
        {
            _lines[index].Awake(wereRung);
        }
    }

    /// <summary>Says that servers ring from now on.</summary>
    /// <returns>Whether nothing has come.</returns>
    public bool TryRest()
    {
        bool rests = true;
        for (int index = 0; index < DirectoryLimits.Listeners; index++)
        {
            rests &= _lines[index].TryRest();
        }

        return rests;
    }

    /// <inheritdoc/>
    public readonly bool TryMake(uint place, uint core, ulong name)
    {
        uint slot = _firstPlace + place;
        if (_connects.Connect(core, name, _node, slot) != SystemResult.Ok)
        {
            return false;
        }

        // That it opens is heard; who is given it hears what it likes.
        return new ChannelControl(slot).SetNotification(_bell) == SystemResult.Ok;
    }

    /// <inheritdoc/>
    public readonly EndLook Look(uint place) =>
        new ChannelControl(_firstPlace + place).Describe(out ChannelState state, out _, out _) != SystemResult.Ok ? EndLook.Over
        : state switch
        {
            ChannelState.Asking => EndLook.Asking,
            ChannelState.Open => EndLook.Open,
            _ => EndLook.Over,
        };

    /// <inheritdoc/>
    public readonly void Drop(uint place) => _ = _node.Delete(_firstPlace + place);

    /// <inheritdoc/>
    public readonly uint NumberOf(uint place)
    {
        // It is there: it was made, and not given up.
        _ = new ChannelControl(_firstPlace + place).ReadNumber(out uint number);
        return number;
    }

    /// <inheritdoc/>
    public readonly bool IsHeld(uint number, ulong name) => _connects.NameOfEnd(number, out ulong held) == SystemResult.Ok && held == name;

    /// <inheritdoc/>
    public bool TryMakeLine(uint listener)
    {
        uint own = _firstLine + listener;
        ulong name = _names++ | LineNames;
        bool isMade = _connects.Connect(_core, name, _node, own) == SystemResult.Ok
            && _connects.Connect(_core, name, _node, _outSlot) == SystemResult.Ok
            && new ChannelSeat(_space, _notification, _bell, listener).Take(own, listed: 0, out _lines[(int)listener]) == SystemResult.Ok;
        if (!isMade)
        {
            _ = _node.Delete(own);
            _ = _node.Delete(_outSlot);
        }

        return isMade;
    }

    /// <inheritdoc/>
    public readonly void AnswerListener(uint listener)
    {
        _ = ConnectReply.Listen(ListeningReply, ConnectAnswer.Done, new ChannelControl(_outSlot));

        // The server has it, or nobody: the line ends with the server.
        _ = _node.Delete(_outSlot);
    }

    /// <inheritdoc/>
    public LineLook LookAtLine(uint listener, out ulong room)
    {
        room = 0;
        ref RingChannel line = ref _lines[(int)listener];
        ChannelResult result = line.TryOpen();
        if (result == ChannelResult.Done)
        {
            result = line.TryReceive(out RingMessage message);
            if (result == ChannelResult.Done)
            {
                room = message.Payload.Word0;
                return message.Meta == (uint)LineMessage.Room ? LineLook.Room : LineLook.Gone;
            }
        }

        return result == ChannelResult.WouldBlock ? LineLook.Nothing : LineLook.Gone;
    }

    /// <inheritdoc/>
    public void DropLine(uint listener)
    {
        _ = _node.Delete(_firstLine + listener);
        _lines[(int)listener] = default;
    }

    /// <inheritdoc/>
    public GiveOutcome TryGive(uint listener, uint place, in Arrival arrival)
    {
        ref RingChannel line = ref _lines[(int)listener];
        if (!line.IsOpen)
        {
            return GiveOutcome.Later;
        }

        ChannelResult given = line.Grant(_firstPlace + place, CapabilityRights.All);
        if (given == ChannelResult.WouldBlock)
        {
            return GiveOutcome.Later;
        }

        RingMessage message = DirectoryMessages.Of((uint)LineMessage.Connection, arrival.Badge, arrival.Core, arrival.Connection);
        if (given != ChannelResult.Done || line.TrySend(in message) != ChannelResult.Done)
        {
            // A server that takes what is given and reads nothing fills its ring.
            return GiveOutcome.Broken;
        }

        line.EndTurn();
        Drop(place);
        return GiveOutcome.Given;
    }

    /// <inheritdoc/>
    public readonly void AnswerCaller(uint call, ConnectAnswer answer)
    {
        bool isDone = answer == ConnectAnswer.Done;
        _ = ConnectReply.Connect(_callers[(int)call], answer, isDone ? new ChannelControl(_firstPlace + call) : default);
        if (isDone)
        {
            // The caller has it, or nobody.
            Drop(call);
        }
    }

    [NonCopyable]
    [InlineArray(DirectoryLimits.Listeners)]
    private struct Lines
    {
        private RingChannel _first;
    }

    [InlineArray(DirectoryLimits.Calls)]
    private struct Waiting
    {
        private uint _first;
    }
}
