using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Net;
using Atoll.Services.Net.Stack;
using Atoll.Services.Protocols;
using Atoll.Services.Tests.Machine;

namespace Atoll.Services.Tests.Net;

/// <summary>A stack's program with clients, a driver that the test plays, and a host at the other end of the wire: another stack.</summary>
internal sealed class NetRoom
{
    public const ulong Badge = 7;
    public const ulong OtherBadge = 8;
    public const ulong ObserverBadge = 9;
    public const uint ServerAddress = 0x0A00_0001;
    public const uint PeerAddress = 0x0A00_0002;
    private const uint Link = 6;

    // Behind the CNode and the inbox: the first slot of the row.
    private const uint Doorbell = ServiceMachine.Node + 1 + Inbox.Slots;
    private const ulong TicksPerMicrosecond = 1000;
    private const int PoolBytes = 3840 * 1024;
    private readonly MemoryRegion _pools = HostRegion.Make(PoolBytes);
    private readonly MemoryRegion _peerPools = HostRegion.Make(PoolBytes);
    private FrameRing _empty;
    private FrameRing _received;
    private FrameRing _toSend;
    private FrameRing _sent;

    public NetRoom(bool hasDriver = true)
    {
        Machine = new ServiceMachine();
        SlotRow row = Inbox.Open(ServiceMachine.Slots(20));
        ThreadBuffer.Replies = ReplySet.Of(40, 18);
        Machine.OnCall = Attach;
        HasDriver = hasDriver;
        NetMemory memory = default;
        memory.Pools = _pools;
        memory.Rings = LinkRings;
        memory.Packets = Packets;
        memory.Node = new CNodeTable(ServiceMachine.Node);
        memory.FirstLife = ServiceMachine.Node + 10;
        memory.TscHz = TicksPerMicrosecond * 1_000_000;
        memory.Key = new SecretKey { Low = 1, High = 2 };
        Assert.True(memory.Clients.TryAdd(Badge, Area));
        Assert.True(memory.Clients.TryAdd(OtherBadge, OtherArea));
        Assert.True(memory.Clients.TryAddObserver(ObserverBadge));
        memory.Driver = Driver.Of(new CNodeTable(ServiceMachine.Node), ServiceMachine.Node + 8, Link, 200_000 * TicksPerMicrosecond);
        Machine.Put(Link, new Capability(CapabilityType.Endpoint, CapabilityRights.All, 1, 0));
        Machine.Put(ServiceMachine.Node + 8 + 1, new Capability(CapabilityType.Notification, CapabilityRights.Write, 1, 0));
        NetArguments setup = new() { Address = new Ipv4Address(ServerAddress), SubnetMask = new Ipv4Address(0xFFFF_FF00) };
        Assert.True(Server.Begin(in setup, in memory, row.Take()));
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

    public MemoryRegion LinkRings { get; } = HostRegion.Make(LinkPage.Bytes);

    public MemoryRegion Packets { get; } = HostRegion.Make((int)(LinkPage.Buffers * LinkPage.BufferBytes));

    public MemoryRegion Area { get; } = HostRegion.Make(32 * 1024);

    public MemoryRegion OtherArea { get; } = HostRegion.Make(32 * 1024);

    public bool HasDriver { get; set; }

    /// <summary>How often the driver was signalled.</summary>
    public int Rings => Machine.At(Doorbell)!.Signals.Count;

    /// <summary>How often a driver was asked to attach.</summary>
    public int Attached { get; private set; }

    /// <summary>Answers that waiting clients got.</summary>
    public List<(uint Reply, SocketAnswer Answer, ulong First)> Answers { get; } = [];

    /// <summary>The other host.</summary>
    public NetStack Peer => NetTables.Stack(_peerPools, Machine.Now / TicksPerMicrosecond);

    /// <summary>A client begins.</summary>
    public SocketAnswer Begin(ulong badge)
    {
        ThreadBuffer.Inbox.Take(1);
        ulong at = Machine.Put(ServiceMachine.Node + 1, new Capability(CapabilityType.Notification, CapabilityRights.All, 0, 0));
        SocketAnswer answer = Server.Begin(new Caller(badge), new SignalWord(at), out _);
        ThreadBuffer.Inbox.Drop();
        return answer;
    }

    /// <summary>A client dies: what was made of its memory is gone.</summary>
    public void Kill(int client) => Machine.At(ServiceMachine.Node + 10 + (ulong)client)!.Delete();

    /// <summary>The driver dies: its doorbell is gone, and whatever is in the rings stays as it is.</summary>
    public void KillDriver() => Machine.At(Doorbell)!.Delete();

    /// <summary>A client waits.</summary>
    public void Wait(ulong badge, uint reply, ulong microseconds = ulong.MaxValue)
    {
        ThreadBuffer.Replies.Hold(reply);
        Machine.OnSend[reply] = () => Answers.Add((reply, (SocketAnswer)(int)ThreadBuffer.Words[0], ThreadBuffer.Words[1]));
        Server.Wait(new Caller(badge), reply, microseconds);
    }

    /// <summary>Frames go to and fro, and time passes, for so many microseconds.</summary>
    public void Run(ulong microseconds = 1_000)
    {
        ulong end = Machine.Now + (microseconds * TicksPerMicrosecond);
        ulong step = TicksPerMicrosecond * ulong.Max(50, microseconds / 5_000);
        while (Machine.Now < end)
        {
            Machine.Now += step;
            Server.Elapsed();
            Carry();
            Server.Signalled(1);
        }
    }

    /// <summary>Sends a word in a ring, as a driver does.</summary>
    public void SayReceived(uint buffer, int length) => Assert.True(_received.TryPut(LinkPage.Received(LinkRings), buffer, length));

    /// <summary>The same of a buffer whose frame went.</summary>
    public void SaySent(uint buffer) => Assert.True(_sent.TryPut(LinkPage.Sent(LinkRings), buffer, 0));

    /// <summary>Frames go to and fro, and the program sees nothing of it yet.</summary>
    public void Carry()
    {
        if (!HasDriver || Attached == 0)
        {
            return;
        }

        Peer.Advance();
        while (_toSend.TryTake(LinkPage.ToSend(LinkRings), out uint buffer, out int length))
        {
            _ = Peer.Receive(Packets.Bytes.Slice((int)(buffer * LinkPage.BufferBytes), length));
            SaySent(buffer);
        }

        Span<byte> frame = new byte[NetStack.FrameBytesMax];
        int bytes;
        while ((bytes = Peer.Transmit(frame)) != 0)
        {
            if (_empty.TryTake(LinkPage.Empty(LinkRings), out uint buffer, out _))
            {
                frame[..bytes].CopyTo(Packets.Bytes.Slice((int)(buffer * LinkPage.BufferBytes), bytes));
                SayReceived(buffer, bytes);
            }
        }
    }

    // The answer of ILink.Attach: result, station, whether a capability comes (docs/protocols.md, "On the wire").
    private SystemResult Attach(ref CallFrame frame)
    {
        Attached++;
        if (!HasDriver)
        {
            return SystemResult.TimedOut;
        }

        FrameRing.Clear(LinkRings.LongWords);
        _empty = default;
        _received = default;
        _toSend = default;
        _sent = default;
        Machine.Put(ThreadBuffer.Buffer.ReceiveIndex, new Capability(CapabilityType.Notification, CapabilityRights.Write, 4, 0));
        frame.Header = MessageHeader.Of(0, 3, 1).Raw;
        frame.Word0 = (ulong)LinkAnswer.Done;
        frame.Word1 = 0x5254_0012_3456;
        frame.Word2 = 1;
        return SystemResult.Ok;
    }
}
