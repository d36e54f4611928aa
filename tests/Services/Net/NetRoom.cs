using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Lib.Sockets;
using Atoll.Services.Net;
using Atoll.Services.Net.Stack;
using Atoll.Services.Protocols;
using Atoll.Services.Tests.Machine;

namespace Atoll.Services.Tests.Net;

/// <summary>A stack's program with clients, a driver that the test plays, and a host at the other end of the wire: another stack.</summary>
internal sealed class NetRoom : IDisposable
{
    public const int ServerEnd = 0;
    public const int ClientEnd = 1;
    public const ulong Badge = 7;
    public const ulong OtherBadge = 8;
    public const ulong ObserverBadge = 9;
    public const ulong DriverBadge = 6;
    public const uint ServerAddress = 0x0A00_0001;
    public const uint PeerAddress = 0x0A00_0002;
    private const uint Link = 6;

    private const uint Space = 7;
    private const uint Watch = 9;
    private const ulong Station = 0x5254_0012_3456;

    // Behind all slots of the stack's own.
    private const uint FirstServerSlot = 200;
    private const uint FirstClientSlot = 300;
    private const ulong TicksPerMicrosecond = 1000;
    private const int PoolBytes = 3840 * 1024;
    private readonly MemoryRegion _pools = HostRegion.Make(PoolBytes);
    private readonly MemoryRegion _peerPools = HostRegion.Make(PoolBytes);
    private readonly Queue<uint> _freeBuffers = [];
    private readonly ChannelPair[] _lines = [new(), new()];
    private bool _hasDriver;
    private FrameRing _empty;
    private FrameRing _received;
    private FrameRing _toSend;
    private FrameRing _sent;

    /// <param name="hasDriver">Whether there is a driver at once.</param>
    /// <param name="share">Which of the stacks of the driver it is.</param>
    /// <param name="shares">How many there are.</param>
    /// <param name="asks">Whether the stack asks for its address.</param>
    public NetRoom(bool hasDriver = true, uint share = 0, uint shares = 1, bool asks = false)
    {
        (Share, Shares) = (share, shares);
        Machine = new ServiceMachine();
        SlotRow row = Inbox.Open(ServiceMachine.Slots(20));
        ThreadBuffer.Replies = ReplySet.Of(40, 18);
        ThreadBuffer.Bells = default;
        Machine.Put(Link, new Capability(CapabilityType.Channel, CapabilityRights.All, 1, 0));
        Machine.Channel.OnReopen = Attach;
        HasDriver = hasDriver;
        NetMemory memory = default;
        memory.Pools = _pools;
        memory.Link = Machine.Channel.Grant(Link, bit: 1);
        memory.Space = Space;
        memory.Watch = Watch;
        memory.Beat = Beat;
        Machine.Put(Watch, new Capability(CapabilityType.Endpoint, CapabilityRights.All, 1, 0));
        Machine.OnCall = Hear;
        memory.TscHz = TicksPerMicrosecond * 1_000_000;
        memory.Key = new SecretKey { Low = 1, High = 2 };
        NetArguments setup = new() { Address = new Ipv4Address(asks ? 0 : ServerAddress), SubnetMask = new Ipv4Address(asks ? 0 : 0xFFFF_FF00), AsksForAddress = asks, Driver = DriverBadge };
        ref ClientTable clients = ref _pools.As<NetTables>().Clients;
        Assert.True(clients.TryAdd(Badge, 0, Area));
        Assert.True(clients.TryAdd(OtherBadge, 1, OtherArea));
        Assert.True(setup.Observers.TryAdd(ObserverBadge));
        for (int number = 0; number < 2; number++)
        {
            Give(number, ServerEnd, FirstServerSlot + (2 * (uint)number), out GrantRecord grant);
            NetServer.Channels(ref Server)[number] = RingChannel.Of(in grant);
            ClientTable.At(ref clients, number).Bit = BitOf(number);
        }

        Machine.OnWait = WhileAClientWaits;
        Assert.True(Server.Begin(in setup, in memory, row.Take(), row.Take()));
        StackSettings peer = StackSettings.Standard;
        peer.Mac = new MacAddress(0x0200_0000_0099);
        peer.Address = new Ipv4Address(PeerAddress);
        peer.SubnetMask = new Ipv4Address(0xFFFF_FF00);
        peer.TcpBufferBytes = 16 * 1024;
        peer.UdpBufferBytes = 8 * 1024;
        Assert.Equal(SetupResult.Ready, Peer.Begin(peer));
    }

    public NetServer Server;

    public ServiceMachine Machine { get; }

    public MemoryRegion Lane => HostRegion.Large(1);

    public MemoryRegion Received => HostRegion.Large(0);

    public uint Share { get; set; }

    public uint Shares { get; set; }

    public MemoryRegion Beat { get; } = HostRegion.Make(4096);

    public MemoryRegion Area { get; } = HostRegion.Make(32 * 1024);

    public MemoryRegion OtherArea { get; } = HostRegion.Make(32 * 1024);

    /// <summary>Whether there is a driver, or one comes when the stack asks for it.</summary>
    public bool HasDriver
    {
        get => _hasDriver;
        set
        {
            _hasDriver = value;
            if (Machine.Channel.State == ChannelState.Asking)
            {
                Attach();
            }
        }
    }

    /// <summary>How often the driver was rung.</summary>
    public int Rings
    {
        get
        {
            RingOwed();
            return Machine.Channel.Rings;
        }
    }

    /// <summary>Whether the driver does nothing any more.</summary>
    public bool Hangs { get; set; }

    /// <summary>Programs of which the supervisor was told that they hang.</summary>
    public List<ulong> Missed { get; } = [];

    /// <summary>Frames that the stack has sent.</summary>
    public int Sent { get; private set; }

    /// <summary>How often a driver has welcomed the stack.</summary>
    public int Attached { get; private set; }

    /// <summary>The other host.</summary>
    public NetStack Peer => NetTables.Stack(_peerPools, Machine.Now / TicksPerMicrosecond);

    /// <summary>A program's line to the stack, to be played by hand.</summary>
    public ChannelPair Line(int number) => _lines[number];

    public void Dispose()
    {
        foreach (ChannelPair line in _lines)
        {
            line.Dispose();
        }
    }

    /// <summary>A program with sockets begins.</summary>
    public void Begin(int number, ref SocketLibrary sockets)
    {
        Give(number, ClientEnd, FirstClientSlot + (2 * (uint)number), out GrantRecord grant);
        SocketLibrary.Attach(
            ref sockets, in grant, number == 0 ? Area : OtherArea, HostRegion.Make(8 * 1024), TicksPerMicrosecond * 1_000_000);
        Assert.Equal(Atoll.Services.Lib.Sockets.SocketResult.Done, SocketLibrary.Begin(ref sockets, 1_000));
        Server.Signalled(BitOf(number));
    }

    /// <summary>The same, played by hand: only the channel is there.</summary>
    public void BeginByHand(int number)
    {
        GiveByHand(number);
        Server.Signalled(BitOf(number));
    }

    /// <summary>The same, and the stack hears nothing of it yet.</summary>
    public void GiveByHand(int number)
    {
        _lines[number].IsByHand = true;
        Give(number, ClientEnd, FirstClientSlot + (2 * (uint)number), out _);
    }

    /// <summary>What the wait does that follows a turn: it rings whom the turn owes a bell.</summary>
    public void RingOwed()
    {
        CallFrame wait = default;
        ThreadBuffer.Bells.Load(ref wait);
        Machine.Ring(wait.Word0);
        Machine.Ring(wait.Word1);
    }

    /// <summary>A program dies.</summary>
    public void Kill(int number)
    {
        _lines[number].Leave(ClientEnd);
        Server.Signalled(BitOf(number) | ChannelNews.ChangedBit);
    }

    /// <summary>The stack dies, as its programs see it.</summary>
    public void KillStack()
    {
        foreach (ChannelPair line in _lines)
        {
            line.Leave(ServerEnd);
        }
    }

    /// <summary>The driver dies, and whatever is in the rings stays as it is.</summary>
    public void KillDriver() => Machine.Channel.State = ChannelState.PeerDied;

    /// <summary>Frames go to and fro, and time passes, for so many microseconds.</summary>
    public void Run(ulong microseconds = 1_000)
    {
        ulong end = Machine.Now + (microseconds * TicksPerMicrosecond);
        ulong step = TicksPerMicrosecond * ulong.Max(50, microseconds / 5_000);
        while (Machine.Now < end)
        {
            Machine.Now += step;
            Turn();
        }
    }

    /// <summary>Everybody has a turn.</summary>
    public void Turn()
    {
        CarryMessages();
        Server.Signalled(BitOf(0) | BitOf(1));
        Carry();
        Server.Signalled(Machine.Channel.State == ChannelState.Open ? 1 : 1 | ChannelNews.ChangedBit);
        CarryMessages();
    }

    /// <summary>Sends a word in a ring, as a driver does.</summary>
    public void SayReceived(uint buffer, int length) => Assert.True(_received.TryPut(LinkPage.Received(Lane), buffer, length));

    /// <summary>The same of a buffer whose frame went.</summary>
    public void SaySent(uint buffer) => Assert.True(_sent.TryPut(LinkPage.Sent(Lane), buffer, 0));

    /// <summary>Frames go to and fro, and the program sees nothing of it yet.</summary>
    public void Carry()
    {
        if (Machine.Channel.State != ChannelState.Open || Hangs)
        {
            return;
        }

        LinkPage.SetBeat(Lane, Machine.Now);
        Peer.Advance();
        _ = CarryOut();
        _ = CarryIn();
    }

    /// <summary>What the stack has sent, the other host has.</summary>
    /// <returns>How many frames went.</returns>
    public int CarryOut()
    {
        int went = 0;
        while (_toSend.TryTake(LinkPage.ToSend(Lane), out uint buffer, out int length))
        {
            went++;
            _ = Peer.Receive(LinkPage.SendBuffer(Lane, buffer)[..length]);
            SaySent(buffer);
        }

        Sent += went;
        while (_empty.TryTake(LinkPage.Empty(Lane), out uint empty, out _))
        {
            _freeBuffers.Enqueue(empty);
        }

        return went;
    }

    /// <summary>What the other host has sent, the stack has.</summary>
    /// <returns>How many frames came.</returns>
    public int CarryIn()
    {
        Span<byte> frame = new byte[NetStack.FrameBytesMax];
        int came = 0;
        int bytes;
        while ((bytes = Peer.Transmit(frame)) != 0)
        {
            if (_freeBuffers.TryDequeue(out uint buffer))
            {
                frame[..bytes].CopyTo(LinkPage.ReceiveBuffer(Received, buffer));
                SayReceived(buffer, bytes);
                came++;
            }
        }

        return came;
    }

    /// <summary>The driver says that the stack may begin, and gives what it needs.</summary>
    public void Welcome(ulong station, ulong share, ulong shares)
    {
        Machine.Channel.Given.Enqueue(new Capability(CapabilityType.Frame, CapabilityRights.Read, 0, 21));
        Machine.Channel.Given.Enqueue(new Capability(CapabilityType.Frame, CapabilityRights.Read | CapabilityRights.Write, 0, 21));
        Machine.Channel.Say(LinkMessage.Welcome, station, share, shares);
    }

    // IWatch.Hangs: a number, and its answer: whether the caller may say so, and what became of the program.
    private SystemResult Hear(ref CallFrame frame)
    {
        Missed.Add(frame.Word0);
        frame.Header = MessageHeader.Of(0, 2, 0).Raw;
        (frame.Word0, frame.Word1) = (1, (ulong)WatchOutcome.Restarted);
        return SystemResult.Ok;
    }

    /// <summary>Messages go to and fro.</summary>
    public void CarryMessages()
    {
        foreach (ChannelPair line in _lines)
        {
            line.Carry();
        }
    }

    /// <summary>The bit by which a program's channel signals the stack.</summary>
    public static ulong BitOf(int number) => 1ul << (8 + number);

    private void Give(int number, int end, uint slot, out GrantRecord grant)
    {
        ChannelPair line = _lines[number];
        grant = line.Give(end, slot);
        Machine.OnChannel[slot] = (ref CallFrame frame) => line.Do(end, ref frame);
    }

    // What a stack and a network do meanwhile.
    private SystemResult WhileAClientWaits(ulong deadline)
    {
        Machine.Now += 50 * TicksPerMicrosecond;
        Turn();
        return Machine.Now >= deadline ? SystemResult.TimedOut : SystemResult.Ok;
    }

    private void Attach()
    {
        if (!_hasDriver)
        {
            return;
        }

        Attached++;
        _freeBuffers.Clear();
        for (uint buffer = 0; buffer < LinkPage.ReceiveBuffers; buffer++)
        {
            _freeBuffers.Enqueue(buffer);
        }

        FrameRing.Clear(Lane.LongWords[..(4 * FrameRing.Places)]);
        LinkPage.SetHolds(Lane, false);
        LinkPage.SetServes(Lane, false);
        _empty = default;
        _received = default;
        _toSend = default;
        _sent = default;
        Machine.Channel.Open();
        Welcome(Station, Share, Shares);
    }
}
