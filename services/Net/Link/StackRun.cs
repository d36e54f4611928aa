using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Net.Stack;

namespace Atoll.Services.Net;

/// <summary>The stack between its driver and its time: frames come and go, a driver is looked for, the address too.</summary>
[NonCopyable]
public struct StackRun
{
    private LinkPort _port;
    private Driver _driver;
    private MemoryRegion _pools;
    private StackTime _time;
    private ulong _station;
    private Ipv4Address _told;
    private HangWatch _hangs;
    private uint _watch;
    private ulong _driverBadge;
    private MemoryRegion _beat;
    private ulong _beats;
    private ulong _hangsAfter;
    private bool _asksForAddress;
    private bool _isServing;
    private bool _rests;
    private ulong _dueAt;

    /// <summary>The clocks.</summary>
    public readonly StackTime Time => _time;

    /// <summary>The stack, now.</summary>
    public readonly NetStack Stack => NetTables.Stack(_pools, _time.Now);

    /// <summary>The stack at a time.</summary>
    /// <param name="ticks">Of the time-stamp counter.</param>
    public readonly NetStack StackAt(ulong ticks) => NetTables.Stack(_pools, _time.Microseconds(ticks));

    /// <summary>When it has something to do by itself, in ticks.</summary>
    /// <param name="stack">The stack.</param>
    public ulong NextDeadline(in NetStack stack)
    {
        _dueAt = _time.Ticks(stack.NextDeadline());
        return _dueAt;
    }

    internal readonly ref NetTables Tables => ref _pools.As<NetTables>();

    // A driver is there, and rings when it has something.
    private readonly bool IsAtRest => _rests && _driver.IsAttached;

    /// <summary>Begins with no driver.</summary>
    /// <param name="setup">What the system says.</param>
    /// <param name="memory">Where everything lies.</param>
    /// <param name="received">A slot for what a driver gives: frames that came.</param>
    /// <param name="lane">The same: rings, and frames that go.</param>
    /// <returns>False: the settings are none that a stack can have.</returns>
    public bool Begin(in NetArguments setup, in NetMemory memory, OwnSlot received, OwnSlot lane)
    {
        _driver.Begin(in memory.Link, memory.Space, received, lane);
        _pools = memory.Pools;
        _time = StackTime.Of(memory.TscHz);
        _asksForAddress = setup.AsksForAddress;
        _driverBadge = setup.Driver;
        _watch = memory.Watch;
        _beat = memory.Beat;
        _hangsAfter = setup.HangsAfter;
        StackSettings settings = StackSettings.Standard;
        settings.Mac = memory.FirstStation;
        settings.Address = setup.Address;
        settings.SubnetMask = setup.SubnetMask;
        settings.Gateway = setup.Gateway;
        settings.NameServer = setup.NameServer;
        settings.Key = memory.Key;
        settings.TcpBufferBytes = NetSize.TcpBufferBytes;
        settings.UdpBufferBytes = NetSize.UdpBufferBytes;
        return Stack.Begin(settings) == SetupResult.Ready;
    }

    /// <summary>Looks whether the driver lives, once a second: one that is dead may have told nobody, and one that hangs cannot. And says that the stack does.</summary>
    public void Look()
    {
        Beat();
        _rests = false;
        _driver.Awake(asks: true);
        if (_driver.IsAttached)
        {
            _hangs.Look(LinkPage.Beat(_driver.Lane), _watch, _driverBadge, _time.Second);
        }
    }

    // Who does not see it change says that the stack hangs.
    private void Beat()
    {
        _beats++;
        if (_beat.Length != 0)
        {
            BeatPage.SetBeat(_beat, _beats);
        }

        while (_hangsAfter != 0 && _beats >= _hangsAfter)
        {
            // What tests of a hang ask for by the stack's arguments: nothing that it does is of use any more.
            _ = Ipc.Now();
        }
    }

    /// <summary>After a wait: a change that the driver's channel signals, with no frame that came, may be its death. A driver that did not ring has nothing new.</summary>
    /// <param name="bits">What was signalled; 0: time has passed.</param>
    public void Awake(ulong bits)
    {
        if (IsAtRest && bits != 0 && !_driver.IsMeant(bits))
        {
            return;
        }

        _rests = false;
        _driver.Awake(asks: _driver.IsMeant(bits) && ChannelNews.HasChanged(bits) && _driver.IsAttached && !_port.HasReceived);
    }

    /// <summary>Says that the program is about to wait: the driver rings from now on.</summary>
    /// <returns>False: something has come.</returns>
    public bool TryRest()
    {
        if (_rests)
        {
            return true;
        }

        RingHolding();
        _rests = _driver.TryRest() && !(_driver.IsAttached && _port.HasReceived);
        if (_rests)
        {
            // It may have begun to wait while the last frames were taken. Behind the fence of the rest one of the two sees the other.
            RingHolding();
        }
        else
        {
            _driver.Awake(asks: false);
        }

        return _rests;
    }

    // On one core it goes first, and what it brings is found by the look that follows.
    private void RingHolding()
    {
        if (_driver.IsAttached && _port.IsDriverHolding)
        {
            _driver.Ring(rings: true);
        }
    }

    /// <summary>A turn goes on: what is owed to the driver is rung now.</summary>
    public void RingOwed() => _driver.RingOwed();

    /// <summary>What is owed to the driver the wait rings that follows.</summary>
    public void LeaveBell(ref Bells bells) => _driver.LeaveBell(ref bells);

    /// <summary>Does what is due. A driver that is missing is looked for.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="now">Its time, in ticks.</param>
    public void Advance(in NetStack stack, ulong now)
    {
        if (!IsAtRest)
        {
            Hear(stack);
        }

        if (now >= _dueAt)
        {
            stack.Advance();
        }
    }

    /// <summary>Takes what has come.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="mayStop">Whether it ends with a frame that is dropped because its reader is behind.</param>
    /// <param name="isInVain">It has ended so.</param>
    /// <returns>Whether there may be more.</returns>
    public bool Receive(in NetStack stack, bool mayStop, out bool isInVain)
    {
        isInVain = false;
        return _driver.IsAttached && !_rests && _port.Receive(stack, Tables.Frame, mayStop, out isInVain);
    }

    /// <summary>Hands over what is to be sent, and tells the driver.</summary>
    /// <param name="stack">The stack.</param>
    /// <returns>Whether there may be more.</returns>
    public bool Send(in NetStack stack)
    {
        if (!_driver.IsAttached)
        {
            return false;
        }

        bool hasMore = _port.Send(stack);
        if (_port.HasNews)
        {
            _port.Told();
            _driver.Ring(rings: false);
        }

        if (_asksForAddress && _driver.Share == 0 && !_told.Is(Tables.State.Settings.Address))
        {
            TellAddress();
        }

        TellServing();
        return hasMore;
    }

    // Once somebody is to be called over this stack, and it has an address, the driver may steer callers to it; before that they would be reset.
    private void TellServing()
    {
        if (!_isServing && Tables.Sockets.HasServed && !Tables.State.Settings.Address.IsNone)
        {
            LinkPage.SetServes(_driver.Lane, serves: true);
            _isServing = true;
        }
    }

    private void Hear(in NetStack stack)
    {
        if (_driver.TryAttach())
        {
            Attached(stack);
        }

        while (_driver.TryTake(out RingMessage message))
        {
            Take(stack, in message);
        }
    }

    private void Attached(in NetStack stack)
    {
        // It may ask for its address at once.
        _dueAt = 0;
        _port.Begin(_driver.Lane, _driver.Received);
        _hangs.Begin();
        _isServing = false;
        ref StackSettings own = ref Tables.State.Settings;
        own.Mac = new MacAddress(_driver.Station);
        own.PortShare = (byte)_driver.Share;
        own.PortShares = (byte)_driver.Shares;
        _told = default;
        if (_asksForAddress && _driver.Share == 0 && _station != _driver.Station)
        {
            AddressClient.Start(stack);
        }

        _station = _driver.Station;
    }

    // One stack asks for the machine's address. The others hear of it from the driver, as they hear ARP replies, which are no flow of anybody.
    private void Take(in NetStack stack, in RingMessage message)
    {
        if (message.Meta == LinkMessage.Neighbor)
        {
            Span<byte> frame = Tables.Frame;
            LinkMessage.Unpack(in message, frame);
            _ = stack.Receive(frame.Slice(0, LinkMessage.NeighborBytes));
        }
        else if (message.Meta == LinkMessage.Address && _asksForAddress && _driver.Share != 0)
        {
            Ipv4Address mask = new(LinkMessage.High(message.Payload.Word0));
            Ipv4Address names = new(LinkMessage.High(message.Payload.Word1));
            AddressClient.Take(stack, new Ipv4Address((uint)message.Payload.Word0), mask, new Ipv4Address((uint)message.Payload.Word1), names);
        }
    }

    private void TellAddress()
    {
        ref readonly StackSettings own = ref Tables.State.Settings;
        RingMessage message = LinkMessage.Of(
            LinkMessage.Address,
            LinkMessage.Pair(own.Address.Value, own.SubnetMask.Value),
            LinkMessage.Pair(own.Gateway.Value, own.NameServer.Value));
        _told = _driver.TrySay(in message) ? own.Address : _told;
    }
}
