using System.Text;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Net;
using Atoll.Services.Net.Stack;
using Atoll.Services.Protocols;

namespace Atoll.Services.Tests.Net;

/// <summary>Clients have their own sockets and their own memory, up to a quota; the dead keep nothing; a driver may come and go.</summary>
public sealed class NetServerTests
{
    private static readonly Caller s_client = new(NetRoom.Badge);
    private static readonly Caller s_other = new(NetRoom.OtherBadge);
    private readonly NetRoom _room = new();

    [Fact]
    public void Bytes_GoThroughBothAreas_BothWays()
    {
        (uint connection, SocketHandle peer) = Connected();
        Assert.Equal(Atoll.Services.Net.Stack.SocketResult.Done, TcpSockets.Send(_room.Peer, peer, "hello, stack"u8, out _));
        _room.Run(1_000);
        Assert.Equal(SocketAnswer.Done, _room.Server.Receive(s_client, connection, 16384, 100, out uint received));
        Assert.Equal("hello, stack", Encoding.ASCII.GetString(_room.Area.Bytes.Slice(16384, (int)received)));

        "and back"u8.CopyTo(_room.Area.Bytes.Slice(64));
        Assert.Equal(SocketAnswer.Done, _room.Server.Send(s_client, connection, 64, 8, out uint sent));
        Assert.Equal(8u, sent);
        _room.Run(1_000);
        byte[] back = new byte[20];
        Assert.Equal(Atoll.Services.Net.Stack.SocketResult.Done, TcpSockets.Receive(_room.Peer, peer, back, out int count));
        Assert.Equal("and back", Encoding.ASCII.GetString(back, 0, count));
    }

    [Fact]
    public void WhoWaits_HearsOfItsOwnSocketsOnly()
    {
        Assert.Equal(SocketAnswer.Done, _room.Begin(NetRoom.Badge));
        Assert.Equal(SocketAnswer.Done, _room.Begin(NetRoom.OtherBadge));
        Assert.Equal(SocketAnswer.Done, _room.Server.Listen(s_client, 80, 4, out uint listener));
        _room.Wait(NetRoom.Badge, 41);
        _room.Wait(NetRoom.OtherBadge, 42);
        _room.Run(1_000);
        Assert.Empty(_room.Answers);
        _ = TcpSockets.Connect(_room.Peer, new Ipv4Address(NetRoom.ServerAddress), 80, out _);
        _room.Run(5_000);
        Assert.Equal([(41u, SocketAnswer.Done, (ulong)listener)], _room.Answers);
    }

    [Fact]
    public void Wait_EndsAtItsTime_NotBefore()
    {
        Assert.Equal(SocketAnswer.Done, _room.Begin(NetRoom.Badge));
        _room.Run(1_000);
        _room.Wait(NetRoom.Badge, 41, 3_000);
        Assert.Equal(_room.Machine.Now + 3_000_000, ulong.Min(_room.Server.NextDeadline, _room.Machine.Now + 3_000_000));
        _room.Run(2_900);
        Assert.Empty(_room.Answers);
        _room.Run(200);
        Assert.Equal((41u, SocketAnswer.WouldBlock), (_room.Answers[0].Reply, _room.Answers[0].Answer));
    }

    [Fact]
    public void SocketsOfAnother_AreNone()
    {
        (uint connection, _) = Connected();
        Assert.Equal(SocketAnswer.Done, _room.Begin(NetRoom.OtherBadge));
        Assert.Equal(SocketAnswer.BadSocket, _room.Server.Send(s_other, connection, 0, 1, out _));
        Assert.Equal(SocketAnswer.BadSocket, _room.Server.Receive(s_other, connection, 0, 1, out _));
        Assert.Equal(SocketAnswer.BadSocket, _room.Server.Close(s_other, connection));
        Assert.Equal(SocketAnswer.BadSocket, _room.Server.Abort(s_other, connection));
        Assert.Equal(SocketAnswer.BadSocket, _room.Server.Poll(s_other, connection, out _));
        Assert.Equal(SocketAnswer.Done, _room.Server.Poll(s_client, connection, out _));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(0xFFFF_FFFFu)]
    [InlineData(0x4000_FFFFu)]
    [InlineData(0x8000_0060u)]
    [InlineData(0xC000_0010u)]
    public void NumbersThatNameNothing_AreRefused(uint socket)
    {
        Assert.Equal(SocketAnswer.Done, _room.Begin(NetRoom.Badge));
        Assert.Equal(SocketAnswer.BadSocket, _room.Server.Accept(s_client, socket, out _, out _, out _));
        Assert.Equal(SocketAnswer.BadSocket, _room.Server.Send(s_client, socket, 0, 1, out _));
        Assert.Equal(SocketAnswer.BadSocket, _room.Server.SendTo(s_client, socket, NetRoom.PeerAddress, 9, 0, 1));
        Assert.Equal(SocketAnswer.BadSocket, _room.Server.Close(s_client, socket));
    }

    [Theory]
    [InlineData(32768u, 1u)]
    [InlineData(32767u, 2u)]
    [InlineData(0u, 32769u)]
    [InlineData(0xFFFF_FFFFu, 1u)]
    [InlineData(1u, 0xFFFF_FFFFu)]
    public void PlacesOutsideOfTheArea_AreRefused(uint offset, uint count)
    {
        (uint connection, _) = Connected();
        Assert.Equal(SocketAnswer.BadArgument, _room.Server.Send(s_client, connection, offset, count, out _));
        Assert.Equal(SocketAnswer.BadArgument, _room.Server.Receive(s_client, connection, offset, count, out _));
    }

    [Fact]
    public void WhoHasNotBegun_OrIsUnknown_HasNothing()
    {
        Assert.Equal(SocketAnswer.NoClient, _room.Server.Listen(s_client, 80, 4, out _));
        Assert.Equal(SocketAnswer.NoClient, _room.Begin(99));
        Assert.Equal(SocketAnswer.NoClient, _room.Server.Listen(new Caller(99), 80, 4, out _));
        _room.Wait(NetRoom.Badge, 41);
        Assert.Equal((41u, SocketAnswer.NoClient), (_room.Answers[0].Reply, _room.Answers[0].Answer));
    }

    [Fact]
    public void BeginningAnew_ClosesEverythingOfTheEarlierLife()
    {
        (uint connection, SocketHandle peer) = Connected();
        _room.Wait(NetRoom.Badge, 41);
        Assert.Equal(SocketAnswer.Done, _room.Begin(NetRoom.Badge));
        Assert.Equal((41u, SocketAnswer.NoClient), (_room.Answers[^1].Reply, _room.Answers[^1].Answer));
        Assert.Equal(SocketAnswer.BadSocket, _room.Server.Send(s_client, connection, 0, 1, out _));
        Assert.Equal(SocketAnswer.Done, _room.Server.Listen(s_client, 80, 4, out _));
        _room.Run(5_000);
        Assert.NotEqual(Readiness.None, TcpSockets.Poll(_room.Peer, peer) & Readiness.PeerClosed);
    }

    [Fact]
    public void DeathOfAClient_ClosesItsSockets_WithoutAWord()
    {
        (_, SocketHandle peer) = Connected();
        Assert.Equal(SocketAnswer.Done, _room.Begin(NetRoom.OtherBadge));
        _room.Kill(0);
        _room.Run(1_100_000);
        Assert.NotEqual(Readiness.None, TcpSockets.Poll(_room.Peer, peer) & Readiness.PeerClosed);
        Assert.Equal(SocketAnswer.Done, _room.Server.Listen(s_other, 80, 4, out _));
        Assert.Equal(SocketAnswer.NoClient, _room.Server.Listen(s_client, 81, 4, out _));
    }

    [Fact]
    public void Quota_IsOneClientsOwn()
    {
        Assert.Equal(SocketAnswer.Done, _room.Begin(NetRoom.Badge));
        Assert.Equal(SocketAnswer.Done, _room.Begin(NetRoom.OtherBadge));
        _room.Run(1_000);
        int opened = 0;
        SocketAnswer answer;
        uint last = 0;
        while ((answer = _room.Server.Connect(s_client, NetRoom.PeerAddress, 9, out uint socket)) == SocketAnswer.Done)
        {
            opened++;
            last = socket;
        }

        Assert.Equal((ClientTable.SocketsMax, SocketAnswer.QuotaSpent), (opened, answer));
        Assert.Equal(SocketAnswer.Done, _room.Server.Connect(s_other, NetRoom.PeerAddress, 9, out _));
        Assert.Equal(SocketAnswer.Done, _room.Server.Abort(s_client, last));
        Assert.Equal(SocketAnswer.Done, _room.Server.Connect(s_client, NetRoom.PeerAddress, 9, out _));
    }

    [Fact]
    public void Datagrams_GoToAndFro()
    {
        Assert.Equal(SocketAnswer.Done, _room.Begin(NetRoom.Badge));
        Assert.Equal(SocketAnswer.Done, _room.Server.Open(s_client, 53, out uint socket));
        _ = UdpSockets.Open(_room.Peer, 99, out SocketHandle peer);
        _ = UdpSockets.Send(_room.Peer, peer, new Endpoint { Address = new Ipv4Address(NetRoom.ServerAddress), Port = 53 }, "ping"u8);
        _room.Run(5_000);
        Assert.Equal(SocketAnswer.Done, _room.Server.ReceiveFrom(s_client, socket, 100, 50, out uint address, out ushort port, out uint length));
        Assert.Equal((NetRoom.PeerAddress, (ushort)99, 4u), (address, port, length));
        Assert.Equal(SocketAnswer.Done, _room.Server.SendTo(s_client, socket, address, port, 100, length));
        _room.Run(5_000);
        byte[] back = new byte[50];
        Assert.Equal(Atoll.Services.Net.Stack.SocketResult.Done, UdpSockets.Receive(_room.Peer, peer, back, out _, out int count));
        Assert.Equal("ping", Encoding.ASCII.GetString(back, 0, count));
    }

    [Fact]
    public void ConnectionLivesOn_WhenTheDriverDies()
    {
        (uint connection, SocketHandle peer) = Connected();
        _room.KillDriver();
        _room.Lane.LongWords[..512].Fill(0xDEAD_BEEF_0000_0001);
        Assert.Equal(SocketAnswer.Done, _room.Server.Send(s_client, connection, 0, 1000, out _));
        _room.Run(2_500_000);
        Assert.Equal(2, _room.Attached);
        byte[] back = new byte[2000];
        Assert.Equal(Atoll.Services.Net.Stack.SocketResult.Done, TcpSockets.Receive(_room.Peer, peer, back, out int count));
        Assert.Equal(1000, count);
    }

    /// <summary>A driver that works is not missed, however little comes; one that hangs is, and not for a moment.</summary>
    [Fact]
    public void DriverThatHangs_IsMissed()
    {
        _room.Run(20_000_000);
        Assert.Empty(_room.Missed);
        _room.Hangs = true;
        _room.Run((HangWatch.LooksMax - 1) * 1_000_000);
        Assert.Empty(_room.Missed);
        _room.Run(2_000_000);
        Assert.Equal([NetRoom.DriverBadge - 1], _room.Missed);
        _room.Run(HangWatch.LooksMax * 1_000_000);
        Assert.Equal(2, _room.Missed.Count);
        _room.Hangs = false;
        _room.Run(20_000_000);
        Assert.Equal(2, _room.Missed.Count);
    }

    [Fact]
    public void DriverThatComesLate_IsAttached()
    {
        NetRoom room = new(hasDriver: false);
        room.Run(2_000_000);
        room.HasDriver = true;
        room.Run(300_000);
        Assert.Equal(SocketAnswer.Done, room.Server.Station(s_client, out ulong station, out uint address, out _, out _, out _));
        Assert.Equal((0x5254_0012_3456ul, NetRoom.ServerAddress), (station, address));
    }

    /// <summary>A frame comes for whoever sleeps: the driver rings, because it was told. Who looks by itself is not rung for.</summary>
    [Fact]
    public void WhoWaits_IsRungFor_AndWhoHasWorkIsNot()
    {
        _room.Run(1_000);
        Assert.True(_room.Machine.Channel.IsProgramAsleep);
        _room.SayReceived(buffer: 200, length: 60);
        _room.Server.Signalled(1);
        Assert.True(_room.Machine.Channel.IsProgramAsleep);
        for (int frame = 0; frame < LinkPort.Budget; frame++)
        {
            _room.SayReceived(buffer: 200, length: 60);
        }

        _room.Server.Signalled(1);
        Assert.Equal(0ul, _room.Server.NextDeadline);
        Assert.False(_room.Machine.Channel.IsProgramAsleep);
    }

    /// <summary>A driver may call itself anything; one that makes no sense is none, and the next may.</summary>
    [Theory]
    [InlineData(0ul, 0ul)]
    [InlineData(1ul, 1ul)]
    [InlineData(3ul, 2ul)]
    [InlineData(0ul, 65ul)]
    public void WelcomeThatMakesNoSense_IsNone(ulong share, ulong shares)
    {
        NetRoom room = new(hasDriver: false);
        room.Machine.Channel.Open();
        room.Welcome(0x5254_0000_0001, share, shares);
        room.Run(1_000);
        Assert.Equal(SocketAnswer.Done, room.Server.Station(s_client, out ulong station, out _, out _, out _, out _));
        Assert.NotEqual(0x5254_0000_0001ul, station);
        room.Machine.Channel.Say(99, 1, 2, 3);
        room.Welcome(0x5254_0000_0002, 0, 1);
        room.Run(1_000);
        Assert.Equal(SocketAnswer.Done, room.Server.Station(s_client, out station, out _, out _, out _, out _));
        Assert.Equal(0x5254_0000_0002ul, station);
    }

    /// <summary>One stack asks for the machine's address and tells it; another takes what it is told, and does not ask.</summary>
    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    public void AddressOfTheMachine_IsAskedForByOneStack(uint share)
    {
        const ulong address = NetRoom.ServerAddress | (0xFFFF_FF00ul << 32);
        NetRoom room = new(share: share, shares: 2, asks: true);
        room.Run(10_000);
        Assert.Equal(share == 0 ? 1 : 0, room.Sent);
        room.Machine.Channel.Say(LinkMessage.Address, address, NetRoom.PeerAddress);
        room.Run(10_000);
        _ = room.Server.Station(s_client, out _, out uint own, out uint mask, out uint gateway, out _);
        Assert.Equal(share == 0 ? (0u, 0u, 0u) : (NetRoom.ServerAddress, 0xFFFF_FF00u, NetRoom.PeerAddress), (own, mask, gateway));
        Assert.Equal(0u, room.Machine.Channel.Hear(out _, out _));
    }

    /// <summary>A driver may say any buffer and any length, and nothing of it is believed.</summary>
    [Fact]
    public void LiesOfTheDriver_ChangeNothing()
    {
        (uint connection, SocketHandle peer) = Connected();
        foreach ((uint buffer, int length) in new[] { (128u, 60), (0xFFFF_FFFFu, 60), (0u, 1515), (0u, 65535) })
        {
            _room.SayReceived(buffer, length);
        }

        foreach (uint buffer in new[] { 0u, 63u, 64u, 127u, 128u, 0xFFFF_FFFFu })
        {
            _room.SaySent(buffer);
        }

        _room.Run(1_000);
        Assert.Equal(SocketAnswer.Done, _room.Server.Send(s_client, connection, 0, 16384, out _));
        _room.Run(20_000);
        byte[] back = new byte[20000];
        int received = 0;
        while (TcpSockets.Receive(_room.Peer, peer, back.AsSpan(received), out int count) == Atoll.Services.Net.Stack.SocketResult.Done)
        {
            received += count;
            _room.Run(5_000);
        }

        Assert.Equal(16384, received);
    }

    [Fact]
    public void Answers_HaveTheNumbersOfTheStack()
    {
        foreach (Atoll.Services.Net.Stack.SocketResult result in Enum.GetValues<Atoll.Services.Net.Stack.SocketResult>())
        {
            string name = result.ToString() == "BadHandle" ? "BadSocket" : result.ToString();
            Assert.Equal(name, ((SocketAnswer)(int)result).ToString());
            Assert.Equal(name, ((Atoll.Services.Lib.Sockets.SocketResult)(int)result).ToString());
        }

        foreach (Readiness readiness in Enum.GetValues<Readiness>())
        {
            Assert.Equal(readiness.ToString(), ((SocketEvents)(int)readiness).ToString());
        }
    }

    [Theory]
    [InlineData("dhcp 7=1", true)]
    [InlineData("address=10.0.2.15/24 gateway=10.0.2.2 names=10.0.2.3 7=1 8=2", true)]
    [InlineData("7=1", false)]
    [InlineData("dhcp address=10.0.2.15/24", false)]
    [InlineData("address=10.0.2.15", false)]
    [InlineData("address=10.0.2/24", false)]
    [InlineData("address=10.0.2.256/24", false)]
    [InlineData("address=10.0.2.15/33", false)]
    [InlineData("address=10.0.2.15/0", false)]
    [InlineData("address=10.0.2.15.1/24", false)]
    [InlineData("dhcp=1", false)]
    [InlineData("dhcp 7=0", false)]
    [InlineData("dhcp 7=3", false)]
    [InlineData("dhcp 7=9", false)]
    [InlineData("dhcp 7=1 7=2", false)]
    [InlineData("dhcp gateway=", false)]
    [InlineData("dhcp 7=1 9=look", true)]
    [InlineData("dhcp 7=look 7=1", false)]
    [InlineData("dhcp 7=looks", false)]
    [InlineData("dhcp whatever", false)]
    public void Arguments_AreReadWholeOrNotAtAll(string text, bool isGood)
    {
        AreaTable areas = default;
        areas.Set(0, _room.Area);
        areas.Set(1, _room.OtherArea);
        ClientTable clients = default;
        NetArguments arguments = default;
        Assert.Equal(isGood, arguments.TryRead(Encoding.ASCII.GetBytes(text), in areas, ref clients));
        if (isGood && !arguments.AsksForAddress)
        {
            Assert.Equal((0x0A00_020Fu, 0xFFFF_FF00u, 0x0A00_0202u, 0x0A00_0203u), (arguments.Address.Value, arguments.SubnetMask.Value, arguments.Gateway.Value, arguments.NameServer.Value));
            Assert.Equal(2, clients.Count);
        }
    }

    private (uint Connection, SocketHandle Peer) Connected()
    {
        Assert.Equal(SocketAnswer.Done, _room.Begin(NetRoom.Badge));
        Assert.Equal(SocketAnswer.Done, _room.Server.Listen(s_client, 80, 4, out uint listener));
        _room.Run(1_000);
        Assert.Equal(Atoll.Services.Net.Stack.SocketResult.Done, TcpSockets.Connect(_room.Peer, new Ipv4Address(NetRoom.ServerAddress), 80, out SocketHandle peer));
        _room.Run(5_000);
        Assert.Equal(SocketAnswer.Done, _room.Server.Accept(s_client, listener, out uint connection, out uint address, out _));
        Assert.Equal(NetRoom.PeerAddress, address);
        return (connection, peer);
    }
}
