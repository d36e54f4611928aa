using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Lib.Sockets;
using Atoll.Services.Protocols;
using Atoll.Services.Tests.Machine;

namespace Atoll.Services.Tests.Lib.Sockets;

/// <summary>A program's sockets over a stack that the test plays: what cannot be ends in StackBroken, and never outside of the area.</summary>
public sealed class SocketLibraryServerTests : IDisposable
{
    private const int Stack = 0;
    private const int Program = 1;
    private const uint Slot = 20;
    private const uint Handle = 0x8000_0005;
    private const uint Listener = 0x4000_0001;
    private static readonly ulong s_connection = SocketMessage.Pair(Handle, 5);
    private static readonly ulong s_listener = SocketMessage.Pair(Listener, 96);

    private readonly ServiceMachine _machine = new();
    private readonly ChannelPair _line = new() { IsByHand = true };
    private readonly MemoryRegion _area = HostRegion.Make(SocketArea.Bytes);
    private readonly List<RingMessage> _asked = [];
    private SocketLibrary _sockets;
    private Socket _listener;

    public SocketLibraryServerTests()
    {
        GrantRecord grant = _line.Give(Program, Slot);
        _ = _line.Give(Stack, Slot + 2);
        _machine.OnChannel[Slot] = (ref CallFrame frame) => _line.Do(Program, ref frame);
        _machine.OnWait = deadline =>
        {
            _machine.Now = deadline == ulong.MaxValue ? throw new InvalidOperationException("it would wait for ever") : deadline;
            return SystemResult.TimedOut;
        };
        SocketLibrary.Attach(ref _sockets, in grant, _area, HostRegion.Make(8 * 1024), 1_000_000);
        Assert.Equal(SocketResult.Done, SocketLibrary.Begin(ref _sockets, 10));
        Say(SocketMessage.Of(SocketNotice.Answer, s_listener, SocketMessage.Pair(1, (uint)SocketAnswer.Done)));
        Assert.Equal(SocketResult.Done, _sockets.Listen(80, 4, out _listener));
        Assert.Equal(s_listener, _listener.Value);
    }

    public void Dispose() => _line.Dispose();

    [Fact]
    public void Listen_Asks_ForPortAndBacklog()
    {
        RingMessage asked = Asked(SocketRequest.Listen);
        Assert.Equal((1ul, SocketMessage.Pair(80, 4)), (asked.Payload.Word0, asked.Payload.Word1));
    }

    [Fact]
    public void Received_IsRead_AndItsPlaceGivenBack_AtTheEndOfTheTurn()
    {
        Accept(room: 100);
        "0123456789"u8.CopyTo(SocketArea.Received(_area, 3));
        Say(Data(s_connection, place: 3, length: 10));
        Assert.Equal(s_connection, Event());
        byte[] bytes = new byte[20];
        Assert.Equal(SocketResult.Done, _sockets.Receive(new Socket(s_connection), bytes, out int received));
        Assert.Equal("0123456789"u8, bytes.AsSpan(0, received));
        Nothing();
        RingMessage read = Asked(SocketRequest.Read);
        Assert.Equal((3ul, 10ul), (read.Payload.Word0, read.Payload.Word1));
    }

    /// <summary>Half of it was read: the place goes back all the same, and reading on asks for the rest.</summary>
    [Fact]
    public void Unread_GoesBack_AndIsAskedForAgain()
    {
        Accept(room: 100);
        Say(Data(s_connection, place: 0, length: 10));
        Assert.Equal(s_connection, Event());
        Assert.Equal(SocketResult.Done, _sockets.Receive(new Socket(s_connection), new byte[4], out _));
        Nothing();
        RingMessage read = Asked(SocketRequest.Read);
        Assert.Equal((0ul, 4ul), (read.Payload.Word0, read.Payload.Word1));
        Assert.Equal(SocketResult.WouldBlock, _sockets.Receive(new Socket(s_connection), new byte[4], out _));
        Nothing();
        Assert.Equal(Handle, Asked(SocketRequest.Resume).Payload.Word0);
    }

    /// <summary>
    /// Bytes that were under way when those before them went back unread: they go back, too, and come again behind them. So does the end of the stream. Found by
    /// vm driver-dies, which got bytes that were not the next.
    /// </summary>
    [Fact]
    public void BytesUnderWay_WhenOthersGoBackUnread_AreNotTheNext()
    {
        Socket connection = new(s_connection);
        Accept(room: 100);
        Say(Data(s_connection, place: 0, length: 10));
        Assert.Equal(s_connection, Event());
        Assert.Equal(SocketResult.Done, _sockets.Receive(connection, new byte[4], out _));
        Say(Data(s_connection, place: 1, length: 6, position: 10));
        Say(SocketMessage.Of(SocketNotice.Ended, s_connection, (uint)SocketAnswer.EndOfStream, 16));
        Assert.Equal(s_connection, Event());
        Assert.Equal(SocketResult.WouldBlock, _sockets.Receive(connection, new byte[10], out _));
        Nothing();
        Hear();
        Assert.Equal([(0ul, 4ul), (1ul, 0ul)], _asked.Where(message => message.Meta == (uint)SocketRequest.Read).Select(message => (message.Payload.Word0, message.Payload.Word1)));
        Assert.Contains(_asked, message => message.Meta == (uint)SocketRequest.Resume);
        Assert.Equal(SocketResult.WouldBlock, _sockets.Receive(connection, new byte[10], out _));

        "456789"u8.CopyTo(SocketArea.Received(_area, 2));
        Say(Data(s_connection, place: 2, length: 6, position: 4));
        Say(SocketMessage.Of(SocketNotice.Ended, s_connection, (uint)SocketAnswer.EndOfStream, 10));
        Assert.Equal(s_connection, Event());
        byte[] bytes = new byte[10];
        Assert.Equal(SocketResult.Done, _sockets.Receive(connection, bytes, out int received));
        Assert.Equal("456789"u8, bytes.AsSpan(0, received));
        Assert.Equal(SocketResult.EndOfStream, _sockets.Receive(connection, bytes, out _));
    }

    /// <summary>No more than was promised, and no more than there are places.</summary>
    [Theory]
    [InlineData(100, 100, 1)]
    [InlineData(5000, 5000, 3)]
    [InlineData(60_000, SocketArea.Places * SocketArea.PlaceBytes, SocketArea.Places)]
    public void Sent_IsWhatThereIsRoomFor(int room, int sent, int messages)
    {
        Accept((ulong)room);
        Assert.Equal(SocketResult.Done, _sockets.Send(new Socket(s_connection), new byte[60_000], out int taken));
        Assert.Equal(sent, taken);
        Assert.Equal(SocketResult.WouldBlock, _sockets.Send(new Socket(s_connection), new byte[1], out _));
        Hear();
        Assert.Equal(messages, _asked.Count(message => message.Meta == (uint)SocketRequest.Send));
    }

    /// <summary>Who found no place is told when one has come back.</summary>
    [Fact]
    public void PlaceThatComesBack_IsTold()
    {
        Accept(room: 60_000);
        Assert.Equal(SocketResult.Done, _sockets.Send(new Socket(s_connection), new byte[60_000], out _));
        Nothing();
        Say(SocketMessage.Of(SocketNotice.Taken, 0), taken: 1);
        Assert.Equal(s_connection, Event());
        Assert.Equal(SocketResult.Done, _sockets.Send(new Socket(s_connection), new byte[60_000], out int sent));
        Assert.Equal(SocketArea.PlaceBytes, sent);
    }

    public static TheoryData<string, uint, ulong, ulong, ulong> Lies => new()
    {
        { "a place that there is not", (uint)SocketNotice.Data, s_connection, SocketMessage.Pair(8, 10), 0 },
        { "a place that the program has", (uint)SocketNotice.Data, s_connection, SocketMessage.Pair(7, 10), 0 },
        { "more than a place holds", (uint)SocketNotice.Data, s_connection, SocketMessage.Pair(0, 2049), 0 },
        { "nothing in a place", (uint)SocketNotice.Data, s_connection, SocketMessage.Pair(0, 0), 0 },
        { "room without end", (uint)SocketNotice.Room, s_connection, ulong.MaxValue, 0 },
        { "an end that is none", (uint)SocketNotice.Ended, s_connection, 0, 0 },
        { "a caller in a place that is taken", (uint)SocketNotice.Accepted, SocketMessage.Pair(99, 5), s_listener, 0 },
        { "a caller in a place that there is not", (uint)SocketNotice.Accepted, SocketMessage.Pair(99, 128), s_listener, 0 },
        { "a caller without a name", (uint)SocketNotice.Accepted, SocketMessage.Pair(0, 7), s_listener, 0 },
        { "places that were not sent", (uint)SocketNotice.Taken, 0, 0, 1 },
        { "fewer places than before", (uint)SocketNotice.Taken, 0, 0, 0xFFFF_FFFF },
        { "what nobody knows", 99, 0, 0, 0 },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public void Lie_EndsTheLine(string what, uint notice, ulong word0, ulong word1, ulong taken)
    {
        Accept(room: 100);
        Say(Data(s_connection, place: 7, length: 10));
        Say(new RingMessage { Meta = notice, Payload = new RingPayload { Word0 = word0, Word1 = word1 } }, taken);
        Assert.True(_sockets.Wait(10, out _, out _) == SocketResult.StackBroken, what);
        Assert.Equal(SocketResult.StackBroken, _sockets.Listen(81, 4, out _));
    }

    /// <summary>Words about sockets that were given up meanwhile are no lies: a place goes back, a caller is let go.</summary>
    [Fact]
    public void LateWords_AreNoLies()
    {
        Accept(room: 100);
        Assert.True(_sockets.Close(new Socket(s_connection)));
        Assert.True(_sockets.Close(_listener));
        Nothing();
        Hear();
        Assert.Equal([Handle, Listener], _asked.Where(message => message.Meta == (uint)SocketRequest.Close).Select(message => message.Payload.Word0));
        Say(Data(s_connection, place: 2, length: 10));
        Say(SocketMessage.Of(SocketNotice.Room, s_connection, 10));
        Say(SocketMessage.Of(SocketNotice.Ended, s_connection, 13));
        Say(SocketMessage.Of(SocketNotice.Accepted, SocketMessage.Pair(0x8000_0009, 9), s_listener, 0, 10));
        Nothing();
        RingMessage read = Asked(SocketRequest.Read);
        Assert.Equal((2ul, 0ul), (read.Payload.Word0, read.Payload.Word1));
        Assert.Equal(0x8000_0009ul, Asked(SocketRequest.Abort).Payload.Word0);
    }

    /// <summary>Datagrams whose lengths are wrong, or change, are read within their place.</summary>
    [Fact]
    public void DatagramsThatAreNotWhole_AreNone()
    {
        ulong name = SocketMessage.Pair(0xC000_0000, 112);
        Say(SocketMessage.Of(SocketNotice.Answer, name, SocketMessage.Pair(2, (uint)SocketAnswer.Done)));
        Assert.Equal(SocketResult.Done, _sockets.OpenDatagrams(7, out Socket socket));
        Span<byte> place = SocketArea.Received(_area, 1);
        place.Clear();
        place[6] = 0xFF;
        Say(Data(name, place: 1, length: 20));
        Say(Data(name, place: 2, length: 7));
        Assert.Equal(name, Event());
        Assert.Equal(SocketResult.WouldBlock, _sockets.ReceiveFrom(socket, new byte[10], out _, out _));
        Assert.Equal(SocketResult.WouldBlock, _sockets.ReceiveBatch(socket, new byte[100], out _));
    }

    /// <summary>What finds no room in the ring is said later: nothing that was given up stays open.</summary>
    [Fact]
    public void FullRing_OnlyDelays()
    {
        for (uint caller = 0; caller < 60; caller++)
        {
            ulong name = SocketMessage.Pair(0x8001_0000 + caller, 10 + caller);
            Say(SocketMessage.Of(SocketNotice.Accepted, name, s_listener, 0, 10));
            Assert.Equal(s_listener, Event());
            Assert.Equal(SocketResult.Done, _sockets.Accept(_listener, out Socket connection, out _));
            Assert.Equal(name, connection.Value);
            Assert.True(_sockets.Close(connection));
        }

        for (int turn = 0; turn < 5; turn++)
        {
            Nothing();
            Hear();
        }

        Assert.Equal(
            Enumerable.Range(0, 60).Select(caller => (ulong)(0x8001_0000 + caller)),
            _asked.Where(message => message.Meta == (uint)SocketRequest.Close).Select(message => message.Payload.Word0).Order());
    }

    private static RingMessage Data(ulong socket, uint place, uint length, uint position = 0) =>
        SocketMessage.Of(SocketNotice.Data, socket, SocketMessage.Pair(place, length), position);

    private void Accept(ulong room)
    {
        Say(SocketMessage.Of(SocketNotice.Accepted, s_connection, s_listener, SocketMessage.Pair(0x0A00_0002, 99), room));
        Assert.Equal(s_listener, Event());
        Assert.Equal(SocketResult.Done, _sockets.Accept(_listener, out Socket connection, out RemotePort from));
        Assert.Equal((s_connection, 0x0A00_0002u, (ushort)99), (connection.Value, from.Address, from.Port));
    }

    private ulong Event()
    {
        Assert.Equal(SocketResult.Done, _sockets.Wait(10, out Socket socket, out _));
        return socket.Value;
    }

    private void Nothing() => Assert.Equal(SocketResult.WouldBlock, _sockets.Wait(10, out _, out _));

    private void Say(RingMessage message, ulong taken = 0)
    {
        message.Payload.Word6 = taken;
        Assert.True(_line.TryPut(Program, in message));
    }

    private RingMessage Asked(SocketRequest request)
    {
        Hear();
        return Assert.Single(_asked, message => message.Meta == (uint)request);
    }

    private void Hear()
    {
        while (_line.TryTake(Program, out RingMessage message))
        {
            _asked.Add(message);
        }
    }
}
