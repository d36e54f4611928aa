using System.Text;
using Atoll.Services.Lib;
using Atoll.Services.Lib.Sockets;
using Atoll.Services.Net;
using Atoll.Services.Net.Stack;
using Atoll.Services.Protocols;
using StackResult = Atoll.Services.Net.Stack.SocketResult;
using SocketResult = Atoll.Services.Lib.Sockets.SocketResult;

namespace Atoll.Services.Tests.Net;

/// <summary>Programs with the library's sockets, over channels: they have their own, up to a quota; the dead keep nothing; a driver may come and go.</summary>
public sealed class NetServerTests : IDisposable
{
    private const ulong Patience = 20_000;
    private static readonly Atoll.Services.Lib.Caller s_caller = new(NetRoom.ObserverBadge);
    private readonly NetRoom _room = new();
    private SocketLibrary _sockets;
    private SocketLibrary _other;

    public void Dispose() => _room.Dispose();

    [Fact]
    public void Bytes_GoBothWays()
    {
        (Socket connection, SocketHandle peer) = Connected();
        Assert.Equal(StackResult.Done, TcpSockets.Send(_room.Peer, peer, "hello, stack"u8, out _));
        Assert.Equal((connection.Value, SocketEvents.Readable | SocketEvents.Writable), Event());
        Assert.Equal("hello, stack", Encoding.ASCII.GetString(Received(connection, 100)));
        Assert.Equal(SocketResult.WouldBlock, _sockets.Receive(connection, new byte[10], out _));

        Assert.Equal(SocketResult.Done, _sockets.Send(connection, "and back"u8, out int sent));
        Assert.Equal(8, sent);
        Idle();
        Assert.Equal("and back", Encoding.ASCII.GetString(AtPeer(peer)));
    }

    /// <summary>Much more than places and buffers hold, both ways, each byte once and in order, with a reader that reads little at a time.</summary>
    [Theory]
    [InlineData(100)]
    [InlineData(2048)]
    [InlineData(5000)]
    public void Streams_ArriveOnceAndInOrder(int piece)
    {
        (Socket connection, SocketHandle peer) = Connected();
        byte[] bytes = [.. Enumerable.Range(0, 100_000).Select(number => (byte)(number / 7))];
        List<byte> atProgram = [];
        List<byte> atPeer = [];
        int toPeer = 0;
        int toProgram = 0;
        for (int turn = 0; turn < 20_000 && (atProgram.Count < bytes.Length || atPeer.Count < bytes.Length); turn++)
        {
            _ = TcpSockets.Send(_room.Peer, peer, bytes.AsSpan(toProgram), out int sent);
            toProgram += sent;
            SocketResult result = _sockets.Send(connection, bytes.AsSpan(toPeer, int.Min(piece, bytes.Length - toPeer)), out sent);
            Assert.True(result is SocketResult.Done or SocketResult.WouldBlock, $"{result}");
            toPeer += sent;
            byte[] buffer = new byte[piece];
            if (_sockets.Receive(connection, buffer, out int received) == SocketResult.Done)
            {
                atProgram.AddRange(buffer[..received]);
            }

            _ = _sockets.Wait(50, out _, out _);
            atPeer.AddRange(AtPeer(peer));
        }

        Assert.Equal(bytes, atProgram);
        Assert.Equal(bytes, atPeer);
    }

    /// <summary>Who does not read one socket reads the others all the same, and later the first.</summary>
    [Fact]
    public void SocketThatNobodyReads_HoldsNoPlaceOfOthers()
    {
        (Socket silent, SocketHandle peer) = Connected();
        byte[] many = [.. Enumerable.Range(0, 16_000).Select(number => (byte)(number / 3))];
        Assert.Equal(StackResult.Done, TcpSockets.Send(_room.Peer, peer, many, out int sent));
        Assert.Equal(many.Length, sent);
        Assert.Equal(silent.Value, Event().Socket);
        (Socket read, SocketHandle second) = Connect();
        Idle();
        Assert.Equal(StackResult.Done, TcpSockets.Send(_room.Peer, second, "heard"u8, out _));
        Assert.Equal(read.Value, Event().Socket);
        Assert.Equal("heard", Encoding.ASCII.GetString(Received(read, 100)));

        List<byte> late = [];
        byte[] buffer = new byte[700];
        for (int turn = 0; turn < 1000 && late.Count < many.Length; turn++)
        {
            SocketResult result = _sockets.Receive(silent, buffer, out int received);
            late.AddRange(result == SocketResult.Done ? buffer[..received] : []);
            _ = _sockets.Wait(50, out _, out _);
        }

        Assert.Equal(many, late);
    }

    [Fact]
    public void EndOfThePeer_ComesBehindItsBytes_AndOursBehindOurs()
    {
        (Socket connection, SocketHandle peer) = Connected();
        _ = TcpSockets.Send(_room.Peer, peer, "last words"u8, out _);
        _ = TcpSockets.ShutdownSend(_room.Peer, peer);
        _ = Event();
        Assert.Equal("last words", Encoding.ASCII.GetString(Received(connection, 100)));
        if (_sockets.Receive(connection, new byte[10], out _) != SocketResult.EndOfStream)
        {
            Assert.Equal((connection.Value, SocketEvents.Readable | SocketEvents.Writable | SocketEvents.PeerClosed), Event());
        }

        Assert.Equal(SocketResult.EndOfStream, _sockets.Receive(connection, new byte[10], out _));
        Assert.Equal(SocketResult.Done, _sockets.Send(connection, "mine"u8, out _));
        Assert.Equal(SocketResult.Done, _sockets.ShutdownSend(connection));
        Assert.Equal(SocketResult.Closed, _sockets.Send(connection, "more"u8, out _));
        Idle();
        Assert.Equal("mine", Encoding.ASCII.GetString(AtPeer(peer)));
        Assert.Equal(StackResult.EndOfStream, TcpSockets.Receive(_room.Peer, peer, new byte[10], out _));
        Assert.True(_sockets.Close(connection));
        Assert.False(_sockets.Close(connection));
    }

    [Fact]
    public void ResetAndRefusal_HaveTheirNames()
    {
        (Socket connection, SocketHandle peer) = Connected();
        _ = TcpSockets.Abort(_room.Peer, peer);
        Idle();
        Assert.Equal(SocketResult.Reset, _sockets.Receive(connection, new byte[10], out _));
        Assert.Equal(SocketResult.Reset, _sockets.Send(connection, "x"u8, out _));
        Assert.Equal(SocketResult.Done, _sockets.Connect(new RemotePort(NetRoom.PeerAddress, 9), out Socket refused));
        Idle();
        Assert.Equal(SocketResult.Refused, _sockets.Send(refused, "x"u8, out _));
        Assert.Equal(SocketResult.Done, _sockets.Connect(new RemotePort(NetRoom.PeerAddress + 1, 9), out Socket silent));
        Assert.Equal(SocketResult.NotConnected, _sockets.Send(silent, "x"u8, out _));
        Assert.Equal(SocketResult.BadArgument, _sockets.Connect(new RemotePort(0xE000_0001, 9), out _));
        Assert.Equal(SocketResult.NoRoute, _sockets.Connect(new RemotePort(0x0808_0808, 9), out _));
        Assert.Equal(SocketResult.PortInUse, _sockets.Listen(80, 4, out _));
    }

    [Fact]
    public void Connection_IsOpen_WhenItIsWritable()
    {
        Begin();
        Assert.Equal(StackResult.Done, Listeners.Listen(_room.Peer, 9, 4, out SocketHandle listener));
        Assert.Equal(SocketResult.Done, _sockets.Connect(new RemotePort(NetRoom.PeerAddress, 9), out Socket connection));
        Assert.Equal((connection.Value, SocketEvents.Writable), Event());
        Assert.Equal(SocketResult.Done, _sockets.Send(connection, "called"u8, out _));
        Idle();
        Assert.Equal(StackResult.Done, Listeners.Accept(_room.Peer, listener, out SocketHandle peer));
        Assert.Equal("called", Encoding.ASCII.GetString(AtPeer(peer)));
    }

    [Fact]
    public void WhoWaits_HearsOfItsOwnSocketsOnly_AndNoLongerThanItSaid()
    {
        Begin();
        _room.Begin(1, ref _other);
        Assert.Equal(SocketResult.Done, _sockets.Listen(80, 4, out Socket listener));
        _ = TcpSockets.Connect(_room.Peer, new Ipv4Address(NetRoom.ServerAddress), 80, out _);
        ulong before = _room.Machine.Now;
        Assert.Equal(SocketResult.WouldBlock, _other.Wait(3_000, out _, out _));
        Assert.InRange(_room.Machine.Now - before, 3_000_000ul, 3_100_000ul);
        Assert.Equal((listener.Value, SocketEvents.Acceptable), Event());
    }

    [Fact]
    public void SocketsOfAnother_AreNone()
    {
        (Socket connection, SocketHandle peer) = Connected();
        _room.Begin(1, ref _other);
        Assert.Equal(SocketResult.BadSocket, _other.Send(connection, "x"u8, out _));
        Assert.Equal(SocketResult.BadSocket, _other.Receive(connection, new byte[1], out _));
        Assert.False(_other.Close(connection));
        Assert.False(_other.Abort(connection));
        Assert.Equal(SocketResult.BadSocket, _other.Poll(connection, out _));
        Assert.Equal(SocketResult.Done, _sockets.Poll(connection, out _));
        Idle();
        Assert.Equal(StackResult.WouldBlock, TcpSockets.Receive(_room.Peer, peer, new byte[1], out _));
    }

    [Fact]
    public void DeathOfAProgram_ClosesItsSockets_AndItsNextLifeBeginsAnew()
    {
        (_, SocketHandle peer) = Connected();
        _room.Kill(0);
        _room.Run(5_000);
        Assert.NotEqual(Readiness.None, TcpSockets.Poll(_room.Peer, peer) & Readiness.PeerClosed);
        _room.Begin(1, ref _other);
        Assert.Equal(SocketResult.Done, _other.Listen(80, 4, out _));
        _sockets = default;
        Begin();
        Assert.Equal(SocketResult.PortInUse, _sockets.Listen(80, 4, out _));
        Assert.Equal(SocketResult.Done, _sockets.Listen(81, 4, out _));
    }

    [Fact]
    public void DeathOfTheStack_HasAName()
    {
        (Socket connection, _) = Connected();
        _room.KillStack();
        Assert.Equal(SocketResult.StackDead, _sockets.Wait(ulong.MaxValue, out _, out _));
        Assert.Equal(SocketResult.StackDead, _sockets.Listen(81, 4, out _));
        Assert.Equal(SocketResult.StackDead, SocketLibrary.Begin(ref _sockets, 10_000));
        Assert.Equal(SocketResult.BadSocket, _sockets.Send(connection, "x"u8, out _));
    }

    [Fact]
    public void Quota_IsOneProgramsOwn_AndWhatIsGivenUpComesBack()
    {
        Begin();
        _room.Begin(1, ref _other);
        RemotePort nobody = new(NetRoom.PeerAddress, 9);
        int opened = 0;
        SocketResult answer;
        Socket last = default;
        while ((answer = _sockets.Connect(nobody, out Socket socket)) == SocketResult.Done)
        {
            opened++;
            last = socket;
        }

        Assert.Equal((ClientTable.SocketsMax, SocketResult.QuotaSpent), (opened, answer));
        Assert.Equal(SocketResult.Done, _other.Connect(nobody, out _));
        Assert.True(_sockets.Abort(last));
        Idle();
        Assert.Equal(SocketResult.Done, _sockets.Connect(nobody, out _));
    }

    /// <summary>Callers beyond the quota wait in the stack until a socket is given up.</summary>
    [Fact]
    public void CallersBeyondTheQuota_Wait()
    {
        (Socket first, _) = Connected();
        for (int caller = 0; caller < ClientTable.SocketsMax; caller++)
        {
            _ = TcpSockets.Connect(_room.Peer, new Ipv4Address(NetRoom.ServerAddress), 80, out _);
            Idle();
        }

        int accepted = 0;
        Socket other = default;
        while (_sockets.Accept(_listener, out Socket caller, out _) == SocketResult.Done)
        {
            accepted++;
            other = caller;
        }

        // The listener is one of them, and so is the first.
        Assert.Equal(ClientTable.SocketsMax - 2, accepted);
        Assert.True(_sockets.Abort(other));
        Assert.True(_sockets.Abort(first));
        Idle();
        Assert.Equal(SocketResult.Done, _sockets.Accept(_listener, out _, out _));
    }

    [Fact]
    public void Datagrams_GoToAndFro()
    {
        Begin();
        Assert.Equal(SocketResult.Done, _sockets.OpenDatagrams(53, out Socket socket));
        _ = UdpSockets.Open(_room.Peer, 99, out SocketHandle peer);
        _ = UdpSockets.Send(_room.Peer, peer, new Endpoint { Address = new Ipv4Address(NetRoom.ServerAddress), Port = 53 }, "ping"u8);
        Assert.Equal(socket.Value, Event().Socket);
        byte[] buffer = new byte[50];
        Assert.Equal(SocketResult.Done, _sockets.ReceiveFrom(socket, buffer, out RemotePort from, out int length));
        Assert.Equal((NetRoom.PeerAddress, (ushort)99, 4), (from.Address, from.Port, length));
        Assert.Equal(SocketResult.Done, _sockets.SendTo(socket, from, buffer.AsSpan(0, length)));
        Assert.Equal(SocketResult.TooLarge, _sockets.SendTo(socket, from, new byte[2041]));
        Idle();
        Assert.Equal(StackResult.Done, UdpSockets.Receive(_room.Peer, peer, buffer, out _, out int count));
        Assert.Equal("ping", Encoding.ASCII.GetString(buffer, 0, count));
    }

    [Fact]
    public void Name_ThatNobodyCanBeAsked_IsRefused()
    {
        Begin();
        Assert.Equal(SocketResult.NoRoute, _sockets.Resolve("example.org"u8, out uint address));
        Assert.Equal(0u, address);
    }

    [Fact]
    public void ConnectionLivesOn_WhenTheDriverDies()
    {
        (Socket connection, SocketHandle peer) = Connected();
        _room.KillDriver();
        _room.Lane.LongWords[..512].Fill(0xDEAD_BEEF_0000_0001);
        Assert.Equal(SocketResult.Done, _sockets.Send(connection, new byte[1000], out _));
        Idle();
        _room.Run(2_500_000);
        Assert.Equal(2, _room.Attached);
        Assert.Equal(1000, AtPeer(peer).Length);
    }

    /// <summary>A driver that works is not missed, however little comes; one that hangs is, and not for a moment.</summary>
    [Fact]
    public void DriverThatHangs_IsMissed()
    {
        _room.Run(20_000_000);
        Assert.Empty(_room.Missed);
        _room.Hangs = true;
        _room.Run((Silence.LooksMax - 1) * 1_000_000);
        Assert.Empty(_room.Missed);
        _room.Run(2_000_000);
        Assert.Equal([NetRoom.DriverBadge - 1], _room.Missed);
        _room.Run(Silence.LooksMax * 1_000_000);
        Assert.Equal(2, _room.Missed.Count);
        _room.Hangs = false;
        _room.Run(20_000_000);
        Assert.Equal(2, _room.Missed.Count);
    }

    /// <summary>Its supervisor sees once a second that it does something.</summary>
    [Fact]
    public void Stack_ShowsOnceASecond_ThatItGoesOn()
    {
        _room.Run(500_000);
        for (int second = 0; second < 10; second++)
        {
            ulong before = BeatPage.Beat(_room.Beat);
            _room.Run(1_100_000);
            Assert.InRange(BeatPage.Beat(_room.Beat) - before, 1ul, 2ul);
        }
    }

    /// <summary>The driver steers callers to a stack over which somebody listens; it hears so also after its own death, and of who only calls others it hears nothing.</summary>
    [Fact]
    public void Stack_SaysThatItServes_OnceSomebodyListens()
    {
        _room.Begin(0, ref _sockets);
        _room.Run();
        Assert.False(LinkPage.Serves(_room.Lane));
        _ = _sockets.Connect(new RemotePort(NetRoom.PeerAddress, 99), out _);
        Assert.Equal(SocketResult.Done, _sockets.OpenDatagrams(0, out _));
        _room.Run();
        Assert.False(LinkPage.Serves(_room.Lane));
        Assert.Equal(SocketResult.Done, _sockets.Listen(7, 4, out _));
        _room.Run();
        Assert.True(LinkPage.Serves(_room.Lane));
        _room.KillDriver();
        _room.Run(2_000_000);
        Assert.Equal(2, _room.Attached);
        Assert.True(LinkPage.Serves(_room.Lane));
    }

    [Fact]
    public void DriverThatComesLate_IsAttached()
    {
        using NetRoom room = new(hasDriver: false);
        room.Run(2_000_000);
        room.HasDriver = true;
        room.Run(300_000);
        Assert.Equal(SocketAnswer.Done, room.Server.Station(s_caller, out ulong station, out uint address, out _, out _, out _));
        Assert.Equal((0x5254_0012_3456ul, NetRoom.ServerAddress), (station, address));
    }

    /// <summary>A frame comes for whoever sleeps: the driver rings, because it was told.</summary>
    [Fact]
    public void WhoWaits_IsRungFor()
    {
        _room.Run(1_000);
        Assert.True(_room.Machine.Channel.IsProgramAsleep);
        _room.SayReceived(buffer: 200, length: 60);
        _room.Server.Signalled(1);
        Assert.True(_room.Machine.Channel.IsProgramAsleep);
    }

    /// <summary>A driver may call itself anything; one that makes no sense is none, and the next may.</summary>
    [Theory]
    [InlineData(0ul, 0ul)]
    [InlineData(1ul, 1ul)]
    [InlineData(3ul, 2ul)]
    [InlineData(0ul, 65ul)]
    public void WelcomeThatMakesNoSense_IsNone(ulong share, ulong shares)
    {
        using NetRoom room = new(hasDriver: false);
        room.Machine.Channel.Open();
        room.Welcome(0x5254_0000_0001, share, shares);
        room.Run(1_000);
        Assert.Equal(SocketAnswer.Done, room.Server.Station(s_caller, out ulong station, out _, out _, out _, out _));
        Assert.NotEqual(0x5254_0000_0001ul, station);
        room.Machine.Channel.Say(99, 1, 2, 3);
        room.Welcome(0x5254_0000_0002, 0, 1);
        room.Run(1_000);
        Assert.Equal(SocketAnswer.Done, room.Server.Station(s_caller, out station, out _, out _, out _, out _));
        Assert.Equal(0x5254_0000_0002ul, station);
    }

    /// <summary>One stack asks for the machine's address and tells it; another takes what it is told, and does not ask.</summary>
    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    public void AddressOfTheMachine_IsAskedForByOneStack(uint share)
    {
        const ulong address = NetRoom.ServerAddress | (0xFFFF_FF00ul << 32);
        using NetRoom room = new(share: share, shares: 2, asks: true);
        room.Run(10_000);
        Assert.Equal(share == 0 ? 1 : 0, room.Sent);
        room.Machine.Channel.Say(LinkMessage.Address, address, NetRoom.PeerAddress);
        room.Run(10_000);
        _ = room.Server.Station(s_caller, out _, out uint own, out uint mask, out uint gateway, out _);
        Assert.Equal(share == 0 ? (0u, 0u, 0u) : (NetRoom.ServerAddress, 0xFFFF_FF00u, NetRoom.PeerAddress), (own, mask, gateway));
        Assert.Equal(0u, room.Machine.Channel.Hear(out _, out _));
    }

    /// <summary>A driver may say any buffer and any length, and nothing of it is believed.</summary>
    [Fact]
    public void LiesOfTheDriver_ChangeNothing()
    {
        (Socket connection, SocketHandle peer) = Connected();
        foreach ((uint buffer, int length) in new[] { (128u, 60), (0xFFFF_FFFFu, 60), (0u, 1515), (0u, 65535) })
        {
            _room.SayReceived(buffer, length);
        }

        foreach (uint buffer in new[] { 0u, 63u, 64u, 127u, 128u, 0xFFFF_FFFFu })
        {
            _room.SaySent(buffer);
        }

        _room.Run(1_000);
        Assert.Equal(SocketResult.Done, _sockets.Send(connection, new byte[16384], out int sent));
        Assert.Equal(16384, sent);
        int received = 0;
        for (int turn = 0; turn < 20; turn++)
        {
            Idle();
            received += AtPeer(peer).Length;
        }

        Assert.Equal(16384, received);
    }

    [Fact]
    public void Answers_HaveTheNumbersOfTheStack()
    {
        foreach (StackResult result in Enum.GetValues<StackResult>())
        {
            string name = result.ToString() == "BadHandle" ? "BadSocket" : result.ToString();
            Assert.Equal(name, ((SocketAnswer)(int)result).ToString());
            Assert.Equal(name, ((SocketResult)(int)result).ToString());
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
    [InlineData("dhcp 0=1", false)]
    [InlineData("dhcp 7=3", false)]
    [InlineData("dhcp 7=9", false)]
    [InlineData("dhcp 7=1 7=2", false)]
    [InlineData("dhcp 7=1 8=1", false)]
    [InlineData("dhcp gateway=", false)]
    [InlineData("dhcp 7=1 9=look", true)]
    [InlineData("dhcp 7=look 7=1", false)]
    [InlineData("dhcp 7=1 7=look", false)]
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
            Assert.True(clients.Has(7) && clients.Has(8));
        }
    }

    private Socket _listener;

    private void Begin()
    {
        _room.Begin(0, ref _sockets);
        _room.Run(1_000);
    }

    private (Socket Connection, SocketHandle Peer) Connected()
    {
        Begin();
        Assert.Equal(SocketResult.Done, _sockets.Listen(80, 4, out _listener));
        return Connect();
    }

    private (Socket Connection, SocketHandle Peer) Connect()
    {
        Assert.Equal(StackResult.Done, TcpSockets.Connect(_room.Peer, new Ipv4Address(NetRoom.ServerAddress), 80, out SocketHandle peer));
        Assert.Equal((_listener.Value, SocketEvents.Acceptable), Event());
        Assert.Equal(SocketResult.Done, _sockets.Accept(_listener, out Socket connection, out RemotePort from));
        Assert.Equal(NetRoom.PeerAddress, from.Address);
        return (connection, peer);
    }

    private (ulong Socket, SocketEvents Events) Event()
    {
        Assert.Equal(SocketResult.Done, _sockets.Wait(Patience, out Socket socket, out SocketEvents events));
        return (socket.Value, events);
    }

    // Until nothing happens for a while: what events tell is asked afterwards.
    private void Idle()
    {
        for (int turn = 0; turn < 100 && _sockets.Wait(Patience, out _, out _) == SocketResult.Done; turn++)
        {
        }
    }

    private byte[] Received(Socket socket, int room)
    {
        byte[] buffer = new byte[room];
        Assert.Equal(SocketResult.Done, _sockets.Receive(socket, buffer, out int received));
        return buffer[..received];
    }

    private byte[] AtPeer(SocketHandle peer)
    {
        byte[] buffer = new byte[40_000];
        return TcpSockets.Receive(_room.Peer, peer, buffer, out int received) == StackResult.Done ? buffer[..received] : [];
    }
}
