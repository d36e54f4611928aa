using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Net;

/// <summary>The driver as the stack knows it: at the other end of a channel, with memory that it has given; or not there.</summary>
/// <remarks>What it says is an allegation. It can take its memory back, and the stack faults then; it cannot make it touch anything else.</remarks>
[NonCopyable]
public struct Driver
{
    private const uint ReceivedPlace = 0;
    private const uint LanePlace = 1;
    private const uint SharesMax = 64;

    private RingChannel _channel;
    private OwnSlot _receivedSlot;
    private OwnSlot _laneSlot;
    private MemoryRegion _received;
    private MemoryRegion _lane;
    private RingMessage _welcome;
    private ulong _bit;
    private uint _space;
    private bool _isLost;

    /// <summary>Whether a driver is attached.</summary>
    public bool IsAttached { get; private set; }

    /// <summary>Which part of all flows comes to this stack.</summary>
    public readonly uint Share => (uint)_welcome.Payload.Word1;

    /// <summary>How many parts there are.</summary>
    public readonly uint Shares => (uint)_welcome.Payload.Word2;

    /// <summary>The device's Ethernet address, first octet highest.</summary>
    public readonly ulong Station => _welcome.Payload.Word0;

    /// <summary>Frames that came, for reading.</summary>
    public readonly MemoryRegion Received => _received;

    /// <summary>Rings, and frames that go.</summary>
    public readonly MemoryRegion Lane => _lane;

    /// <summary>Begins with none.</summary>
    /// <param name="link">Of kind channel.</param>
    /// <param name="space">Slot of the program's own address space.</param>
    /// <param name="received">A slot for what comes.</param>
    /// <param name="lane">A slot for the frame with the rings.</param>
    public void Begin(ref readonly GrantRecord link, uint space, OwnSlot received, OwnSlot lane)
    {
        _channel = RingChannel.Of(in link);
        _bit = link.Badge;
        _space = space;
        _receivedSlot = received;
        _laneSlot = lane;
    }

    /// <summary>Whether signals may be the driver's.</summary>
    public readonly bool IsMeant(ulong bits) => (bits & _bit) != 0;

    /// <summary>Looks for a driver, when none is attached.</summary>
    /// <returns>Whether one is attached from now on: rings are empty, and all buffers of what is sent are free.</returns>
    public bool TryAttach()
    {
        _isLost = _isLost && _channel.Reopen() != ChannelResult.Done;
        if (_isLost || IsAttached || _channel.TryOpen() != ChannelResult.Done || !IsWelcome() || !HasFrames())
        {
            return false;
        }

        MemoryFrame lane = new(_laneSlot.Address);
        bool isThere = GrantedRegion.Map(new MemoryFrame(_receivedSlot.Address), _space, ReceivedPlace, MapRights.Read, out _received) == SystemResult.Ok
            && GrantedRegion.Map(lane, _space, LanePlace, MapRights.ReadWrite, out _lane) == SystemResult.Ok;
        IsAttached = isThere && Share < Shares && Shares <= SharesMax;
        if (!IsAttached)
        {
            // It gave something else than it should: what it gives next may be better.
            Forget();
        }

        return IsAttached;
    }

    /// <summary>Takes what the driver says.</summary>
    /// <returns>False: nothing more; or it is dead, and not attached any more.</returns>
    public bool TryTake(out RingMessage message)
    {
        message = default;
        ChannelResult heard = IsAttached ? _channel.TryReceive(out message) : ChannelResult.WouldBlock;
        if (heard == ChannelResult.PeerDied)
        {
            Lose();
        }

        return heard == ChannelResult.Done;
    }

    /// <summary>Tells the driver something.</summary>
    /// <returns>False: not now.</returns>
    public bool TrySay(in RingMessage message)
    {
        bool isSaid = IsAttached && _channel.TrySend(in message) == ChannelResult.Done;
        _channel.EndTurn();
        return isSaid;
    }

    /// <summary>Rings a driver that sleeps: there is something in the rings.</summary>
    /// <param name="rings">False: the wait that follows rings.</param>
    public void Ring(bool rings)
    {
        _channel.Nudge();
        _channel.EndTurn(rings);
    }

    /// <summary>What is owed to a driver that sleeps is rung now.</summary>
    public void RingOwed() => _channel.EndTurn();

    /// <summary>What is owed to it the wait rings that follows.</summary>
    public void LeaveBell(ref Bells bells) => bells.Add(ref _channel);

    /// <summary>The stack looks by itself from now on: the driver need not ring.</summary>
    /// <param name="asks">Whether to ask if the driver lives: its death is heard by <see cref="TryTake"/>.</param>
    public void Awake(bool asks) => _channel.Awake(asks);

    /// <summary>The stack is about to wait, and wants to be rung for. What has come before it could know is to be looked for once more.</summary>
    /// <returns>False: a message has come.</returns>
    public bool TryRest() => _channel.TryRest(rings: false);

    private bool IsWelcome()
    {
        if (_welcome.Meta == LinkMessage.Welcome)
        {
            return true;
        }

        ChannelResult heard = _channel.TryReceive(out RingMessage message);
        if (heard == ChannelResult.PeerDied)
        {
            Lose();
        }

        bool isWelcome = heard == ChannelResult.Done && message.Meta == LinkMessage.Welcome;
        _welcome = isWelcome ? message : default;
        return isWelcome;
    }

    // They came before the welcome was sent, but not by the same way. A driver that died meanwhile is heard of.
    private bool HasFrames()
    {
        bool areThere = (_receivedSlot.IsFull || _channel.TryAccept(ref _receivedSlot) == ChannelResult.Done)
            && (_laneSlot.IsFull || _channel.TryAccept(ref _laneSlot) == ChannelResult.Done);
        if (!areThere && !_channel.HasMessage() && _channel.TryReceive(out _) == ChannelResult.PeerDied)
        {
            Lose();
        }

        return areThere;
    }

    private void Lose()
    {
        Forget();

        // If not now, at the next look for a driver.
        _isLost = _channel.Reopen() != ChannelResult.Done;
    }

    private void Forget()
    {
        IsAttached = false;
        _welcome = default;
        _receivedSlot.Clear();
        _laneSlot.Clear();
        _received = default;
        _lane = default;
    }
}
