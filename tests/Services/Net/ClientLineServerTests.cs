using System.Buffers.Binary;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Net;
using Atoll.Services.Net.Stack;
using Atoll.Services.Protocols;
using Atoll.Services.Tests.Machine;

namespace Atoll.Services.Tests.Net;

/// <summary>A program that says what it likes over its channel: lies cost it what they are about, and others nothing.</summary>
public sealed class ClientLineServerTests : IDisposable
{
    private const int Room = 16 * 1024;
    private const int Payload = 64;
    private const int Record = SocketArea.HeaderBytes + Payload;
    private readonly NetRoom _room = new();
    private readonly List<(SocketNotice Notice, RingPayload Words)> _heard = [];
    private uint _question;
    private uint _sent;

    public ClientLineServerTests()
    {
        _room.BeginByHand(0);
        _room.BeginByHand(1);
        _room.Run(1_000);
    }

    public void Dispose() => _room.Dispose();

    [Theory]
    [InlineData(0u)]
    [InlineData(0xFFFF_FFFFu)]
    [InlineData(0x4000_FFFFu)]
    [InlineData(0x8000_0060u)]
    [InlineData(0xC000_0010u)]
    public void NumbersThatNameNothing_AreRefused(uint socket)
    {
        foreach (SocketRequest request in new[] { SocketRequest.Resume, SocketRequest.Shutdown, SocketRequest.Close, SocketRequest.Abort })
        {
            Assert.Equal((uint)SocketAnswer.BadSocket, Refused(request, socket));
        }

        Assert.Equal((uint)SocketAnswer.BadSocket, Send(socket, 1));
    }

    [Fact]
    public void SocketsOfAnother_AreNone()
    {
        uint connection = Connected(out SocketHandle peer);
        foreach (SocketRequest request in new[] { SocketRequest.Resume, SocketRequest.Shutdown, SocketRequest.Close, SocketRequest.Abort })
        {
            Assert.Equal((uint)SocketAnswer.BadSocket, Refused(request, connection, number: 1));
        }

        Say(1, SocketMessage.Of(SocketRequest.Send, connection, SocketMessage.Pair(0, 100)));
        Assert.Equal((uint)SocketAnswer.BadSocket, Refusal(1));
        _room.Run(5_000);
        Assert.Equal(SocketResult.WouldBlock, TcpSockets.Receive(_room.Peer, peer, new byte[10], out _));
    }

    /// <summary>What is sent lies in places that are used in turn; what is said of another place, or of more than one holds, is not believed.</summary>
    [Theory]
    [InlineData(1u, 10u)]
    [InlineData(7u, 10u)]
    [InlineData(8u, 10u)]
    [InlineData(0xFFFF_FFFFu, 10u)]
    [InlineData(0u, 2049u)]
    [InlineData(0u, 0xFFFF_FFFFu)]
    public void PlacesAndLengthsThatCannotBe_AreRefused(uint place, uint length)
    {
        uint connection = Connected(out SocketHandle peer);
        Say(0, SocketMessage.Of(SocketRequest.Send, connection, SocketMessage.Pair(place, length)));
        Assert.Equal((uint)SocketAnswer.BadArgument, Refusal(0));

        // The first place counts as used.
        Say(0, SocketMessage.Of(SocketRequest.Resolve, 1, SocketMessage.Pair(place == 1 ? 2 : place, length)));
        Assert.Equal((uint)SocketAnswer.BadArgument, Refusal(0));
        _room.Run(5_000);
        Assert.Equal(SocketResult.WouldBlock, TcpSockets.Receive(_room.Peer, peer, new byte[10], out _));
    }

    /// <summary>More than the stack has promised room for.</summary>
    [Fact]
    public void BytesBeyondTheRoom_AreRefused()
    {
        uint connection = Connected(out _);
        for (int place = 0; place < Room / SocketArea.PlaceBytes; place++)
        {
            Say(0, SocketMessage.Of(SocketRequest.Send, connection, SocketMessage.Pair(_sent++ % SocketArea.Places, SocketArea.PlaceBytes)));
        }

        Assert.Equal((uint)SocketAnswer.BadArgument, Send(connection, 1));
    }

    [Theory]
    [InlineData(0ul)]
    [InlineData(7ul)]
    [InlineData(8ul)]
    [InlineData(63ul)]
    [InlineData(0xFFFF_FFFF_FFFF_FFFFul)]
    public void PlacesThatItDoesNotHave_CannotBeGivenBack(ulong place)
    {
        uint connection = Connected(out _);
        Say(0, SocketMessage.Of(SocketRequest.Read, place, 10));
        Assert.Equal((uint)SocketAnswer.BadArgument, Refusal(0));
        Assert.NotEqual(0u, connection);
    }

    /// <summary>Whoever says that it has read more than it was given has read what it was given, and its place is back once.</summary>
    [Fact]
    public void MoreThanWasGiven_IsNotRead()
    {
        uint connection = Connected(out SocketHandle peer);
        _ = TcpSockets.Send(_room.Peer, peer, new byte[100], out _);
        _room.Run(5_000);
        RingPayload data = Heard(0, SocketNotice.Data);
        Assert.Equal((connection, 100u), (SocketMessage.Low(data.Word0), SocketMessage.High(data.Word1)));
        Say(0, SocketMessage.Of(SocketRequest.Read, SocketMessage.Low(data.Word1), ulong.MaxValue));
        Assert.Equal((uint)SocketAnswer.BadArgument, Refusal(0));
        Say(0, SocketMessage.Of(SocketRequest.Read, SocketMessage.Low(data.Word1), 100));
        Assert.Equal((uint)SocketAnswer.BadArgument, Refusal(0));
    }

    /// <summary>What was not read comes again when the program reads on, and not before.</summary>
    [Fact]
    public void UnreadBytes_ComeAgain_AndTheEndBehindThem()
    {
        uint connection = Connected(out SocketHandle peer);
        _ = TcpSockets.Send(_room.Peer, peer, "0123456789"u8, out _);
        _room.Run(5_000);
        _ = TcpSockets.ShutdownSend(_room.Peer, peer);
        _room.Run(5_000);
        RingPayload data = Heard(0, SocketNotice.Data);
        Assert.Equal((uint)SocketAnswer.EndOfStream, (uint)Heard(0, SocketNotice.Ended).Word1);
        Say(0, SocketMessage.Of(SocketRequest.Read, SocketMessage.Low(data.Word1), 4));
        _room.Run(5_000);
        Assert.Empty(HeardAll(0));

        Say(0, SocketMessage.Of(SocketRequest.Resume, connection));
        data = Heard(0, SocketNotice.Data);
        Assert.Equal(6u, SocketMessage.High(data.Word1));
        Assert.Equal("456789"u8, SocketArea.Received(_room.Area, SocketMessage.Low(data.Word1))[..6]);
        Assert.Equal((uint)SocketAnswer.EndOfStream, (uint)Heard(0, SocketNotice.Ended).Word1);
    }

    /// <summary>The other program's sockets go on while one reads nothing of what it is told, asks and asks, or says what nobody knows.</summary>
    [Fact]
    public void ProgramThatReadsNothing_HarmsNobodyElse()
    {
        uint socket = Opened(1, SocketRequest.Open, 53);
        for (int turn = 0; turn < 200; turn++)
        {
            _ = _room.Line(0).TryPut(NetRoom.ServerEnd, SocketMessage.Of((SocketRequest)(turn % 20), 0xFFFF_0000u + (uint)turn, ulong.MaxValue));
            _room.Server.Signalled(NetRoom.BitOf(0));
        }

        _ = UdpSockets.Open(_room.Peer, 99, out SocketHandle peer);
        _ = UdpSockets.Send(_room.Peer, peer, new Endpoint { Address = new Ipv4Address(NetRoom.ServerAddress), Port = 53 }, "heard"u8);
        _room.Run(5_000);
        Assert.Equal(socket, SocketMessage.Low(Heard(1, SocketNotice.Data).Word0));
        Assert.InRange(_room.Server.NextDeadline, _room.Machine.Now, _room.Machine.Now + 1_000_000);
    }

    /// <summary>Notices that found no room come later, each once and in order.</summary>
    [Fact]
    public void LateNotices_AreNotLost()
    {
        List<uint> expected = [];
        for (uint question = 1; question <= 100; question++)
        {
            while (!_room.Line(0).TryPut(NetRoom.ServerEnd, SocketMessage.Of(SocketRequest.Listen, question, SocketMessage.Pair(0, 0))))
            {
                _room.Server.Signalled(NetRoom.BitOf(0));
                Hear(0);
            }

            expected.Add(question);
        }

        for (int turn = 0; turn < 10; turn++)
        {
            _room.Run(1_000);
            Hear(0);
        }

        Assert.Equal(expected, _heard.Select(heard => SocketMessage.Low(heard.Words.Word1)));
        Assert.All(_heard, heard => Assert.Equal((SocketNotice.Answer, (uint)SocketAnswer.BadArgument), (heard.Notice, SocketMessage.High(heard.Words.Word1))));
    }

    /// <summary>A program that is told much and asks nothing is at rest. What finds no room for it is tried again all the same: room comes back without a ring.</summary>
    [Fact]
    public void NoticeWithoutRoom_IsTriedAgain_OfAProgramAtRest()
    {
        _ = Opened(0, SocketRequest.Listen, SocketMessage.Pair(80, 80));
        for (int caller = 0; caller < 70; caller++)
        {
            _ = TcpSockets.Connect(_room.Peer, new Ipv4Address(NetRoom.ServerAddress), 80, out _);
            for (int step = 0; step < 4; step++)
            {
                _room.Carry();
                _room.Server.Signalled(1);
            }
        }

        Assert.InRange(_room.Server.NextDeadline, _room.Machine.Now, _room.Machine.Now + 1_000_000);
    }

    /// <summary>Sockets, places and counts of an earlier life are nobody's.</summary>
    [Fact]
    public void NextLife_BeginsWithNothing()
    {
        uint connection = Connected(out SocketHandle peer);
        Assert.Null(Send(connection, 10));
        _ = TcpSockets.Send(_room.Peer, peer, new byte[100], out _);
        _room.Run(5_000);
        RingPayload data = Heard(0, SocketNotice.Data);
        _room.Kill(0);
        _room.BeginByHand(0);
        _sent = 0;
        Say(0, SocketMessage.Of(SocketRequest.Read, SocketMessage.Low(data.Word1), 100));
        Assert.Equal((uint)SocketAnswer.BadArgument, Refusal(0));
        uint socket = Opened(0, SocketRequest.Open, 7);
        SocketArea.ToSend(_room.Area, 0).Clear();
        Say(0, SocketMessage.Of(SocketRequest.Send, socket, SocketMessage.Pair(1, SocketArea.HeaderBytes)));
        Assert.Equal((uint)SocketAnswer.BadArgument, Refusal(0));
        _room.Kill(0);
        _room.BeginByHand(0);
        uint listener = Opened(0, SocketRequest.Listen, SocketMessage.Pair(80, 4));
        _room.Kill(0);
        _room.BeginByHand(0);
        Assert.Equal((uint)SocketAnswer.BadSocket, Refused(SocketRequest.Close, listener));
        Assert.NotEqual(0u, Opened(0, SocketRequest.Listen, SocketMessage.Pair(80, 4)));
    }

    /// <summary>Datagrams come many in a place, each with its sender, and go the same way.</summary>
    [Fact]
    public void Batch_IsWhatCame_EachWithItsSender_AndGoesBackAsItIs()
    {
        uint socket = Datagrams(out SocketHandle peer);
        SendFromPeer(peer, 5);
        _room.Carry();
        _room.Server.Signalled(1);
        RingPayload data = Heard(0, SocketNotice.Data);
        Assert.Equal((socket, 5u * Record), (SocketMessage.Low(data.Word0), SocketMessage.High(data.Word1)));
        byte[] batch = SocketArea.Received(_room.Area, SocketMessage.Low(data.Word1))[..(5 * Record)].ToArray();
        for (int number = 0; number < 5; number++)
        {
            Span<byte> record = batch.AsSpan(number * Record, Record);
            Assert.Equal(NetRoom.PeerAddress, BinaryPrimitives.ReadUInt32BigEndian(record));
            Assert.Equal(99, BinaryPrimitives.ReadUInt16BigEndian(record[4..]));
            Assert.Equal(Payload, BinaryPrimitives.ReadUInt16BigEndian(record[6..]));
            Assert.Equal(number, record[8]);
        }

        batch.CopyTo(SocketArea.ToSend(_room.Area, _sent));
        Assert.Null(Send(socket, (uint)batch.Length));
        byte[] back = new byte[100];
        for (int number = 0; number < 5; number++)
        {
            Assert.Equal(SocketResult.Done, UdpSockets.Receive(_room.Peer, peer, back, out _, out int length));
            Assert.Equal((Payload, number), (length, back[0]));
        }
    }

    [Theory]
    [InlineData(0, 64, SocketAnswer.BadArgument)]
    [InlineData(7, 64, SocketAnswer.BadArgument)]
    [InlineData(Record - 1, 64, SocketAnswer.BadArgument)]
    [InlineData(Record, 65, SocketAnswer.BadArgument)]
    [InlineData(Record, 65535, SocketAnswer.BadArgument)]
    [InlineData(Record, 64, SocketAnswer.Done)]
    [InlineData(Record + 7, 64, SocketAnswer.Done)]
    [InlineData(2000, 1900, SocketAnswer.TooLarge)]
    public void LengthsAreCompared_WithWhatIsThere(int bytes, int length, SocketAnswer expected)
    {
        uint socket = Datagrams(out _);
        Span<byte> record = SocketArea.ToSend(_room.Area, _sent);
        record.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(record, NetRoom.PeerAddress);
        BinaryPrimitives.WriteUInt16BigEndian(record[4..], 99);
        BinaryPrimitives.WriteUInt16BigEndian(record[6..], (ushort)length);
        Assert.Equal(expected == SocketAnswer.Done ? null : (uint)expected, Send(socket, (uint)bytes));
    }

    /// <summary>Where a reader is behind, nothing is carried up in vain but the one by which that is known; when it has read, all goes on.</summary>
    [Fact]
    public void FramesForAReaderThatIsBehind_AreLeftWhereTheyAre()
    {
        uint socket = Datagrams(out SocketHandle peer);

        // A place has what came in a turn; the socket's own 8 KiB hold the rest.
        const int each = 20;
        const int fit = (SocketArea.Places * each) + (8192 / Record);
        for (int left = fit; left > 0; left -= int.Min(left, each))
        {
            SendFromPeer(peer, int.Min(left, each));
            _room.Carry();
            _room.Server.Signalled(1);
        }

        Assert.Equal(0ul, Dropped());
        SendFromPeer(peer, 10);
        _room.Carry();
        _room.Server.Signalled(1);
        Assert.Equal(1ul, Dropped());
        Assert.NotEqual(0ul, _room.Server.NextDeadline);
        Assert.False(_room.Machine.Channel.IsProgramAsleep);

        // One place back is room for as many as it holds, and the frames that wait are taken up.
        RingPayload data = Heard(0, SocketNotice.Data);
        Say(0, SocketMessage.Of(SocketRequest.Read, SocketMessage.Low(data.Word1), SocketMessage.High(data.Word1)));
        Assert.Equal((1ul, (ulong)(fit + 9 + 1)), (Dropped(), Count(FrameOutcome.UdpDelivered)));
        Assert.NotEqual(0u, socket);
    }

    /// <summary>A program rings when it is about to wait, and has given places back long before that: what waits for one gets it in the next turn, whoever that turn is for.</summary>
    [Fact]
    public void PlaceThatCameBack_IsFound_BeforeItsProgramRings()
    {
        _ = Datagrams(out SocketHandle peer);
        for (int turn = 0; turn <= SocketArea.Places; turn++)
        {
            SendFromPeer(peer, 20);
            _room.Carry();
            _room.Server.Signalled(1);
        }

        RingPayload data = Heard(0, SocketNotice.Data);
        Hear(0);
        _heard.Clear();
        Assert.True(_room.Line(0).TryPut(NetRoom.ServerEnd, SocketMessage.Of(SocketRequest.Read, SocketMessage.Low(data.Word1), SocketMessage.High(data.Word1))));
        _room.Server.Signalled(1);
        Assert.Equal(SocketMessage.Low(data.Word1), SocketMessage.Low(Heard(0, SocketNotice.Data).Word1));
    }

    /// <summary>A frame to send is told of at once; buffers that go back only before the driver may run out of them.</summary>
    [Fact]
    public void DriverIsSignalled_ForWhatItIsToDo_AndSeldomForBuffers()
    {
        uint socket = Datagrams(out SocketHandle peer);
        int rings = _room.Rings;
        for (int frames = 0; frames < LinkPage.UntoldEmpty && _room.Rings == rings; frames++)
        {
            Receive(peer, 1);
        }

        Receive(peer, LinkPage.UntoldEmpty - 1);
        Assert.Equal(rings + 1, _room.Rings);
        Receive(peer, 1);
        Assert.Equal(rings + 2, _room.Rings);
        Span<byte> record = SocketArea.ToSend(_room.Area, _sent);
        record.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(record, NetRoom.PeerAddress);
        BinaryPrimitives.WriteUInt16BigEndian(record[4..], 99);
        Say(0, SocketMessage.Of(SocketRequest.Send, socket, SocketMessage.Pair(_sent++ % SocketArea.Places, SocketArea.HeaderBytes)));
        Assert.Equal(rings + 3, _room.Rings);
    }

    /// <summary>A driver that leaves frames with its device is rung when the stack has taken what it had, and not before a reader that is behind has read.</summary>
    [Fact]
    public void DriverThatHoldsFrames_IsRung_WhenThereIsRoom()
    {
        _ = Datagrams(out SocketHandle peer);
        int rings = _room.Rings;
        LinkPage.SetHolds(_room.Lane, true);
        Receive(peer, 1);
        Assert.NotEqual(rings, _room.Rings);

        LinkPage.SetHolds(_room.Lane, false);
        rings = _room.Rings;
        Receive(peer, 1);
        Assert.Equal(rings, _room.Rings);

        // More than all places and the socket's own 8 KiB.
        LinkPage.SetHolds(_room.Lane, true);
        SendFromPeer(peer, LinkPage.UntoldEmpty - 1);
        _room.Carry();
        while (Dropped() == 0)
        {
            rings = _room.Rings;
            SendFromPeer(peer, 10);
            _room.Carry();
            _room.Server.Signalled(1);
        }

        Assert.InRange(_room.Rings, rings, rings + 1);
    }

    /// <summary>A reader that never reads costs the others half of the time: after a rest in vain frames are dropped for as long.</summary>
    [Fact]
    public void ReaderThatNeverReads_IsWaitedForHalfOfTheTime()
    {
        _ = Datagrams(out SocketHandle peer);
        while (Dropped() == 0)
        {
            SendFromPeer(peer, 10);
            _room.Carry();
            _room.Server.Signalled(1);
        }

        ulong rest = _room.Server.NextDeadline - _room.Machine.Now;
        Assert.Equal(200_000ul, rest);
        _room.Machine.Now += rest + 1;
        ulong dropped = Dropped();
        SendFromPeer(peer, 10);
        _room.Carry();
        _room.Server.Elapsed();
        Assert.True(Dropped() >= dropped + 10);
        Assert.True(_room.Server.NextDeadline > _room.Machine.Now + rest);

        // And then it is waited for again.
        _room.Machine.Now += rest;
        dropped = Dropped();
        SendFromPeer(peer, 10);
        _room.Carry();
        _room.Server.Elapsed();
        Assert.Equal((dropped + 1, _room.Machine.Now + rest), (Dropped(), _room.Server.NextDeadline));
    }

    private void Receive(SocketHandle peer, int count)
    {
        SendFromPeer(peer, count);
        _room.Carry();
        _room.Server.Signalled(1);
        Hear(0);
        foreach ((_, RingPayload words) in _heard.Where(heard => heard.Notice == SocketNotice.Data))
        {
            Say(0, SocketMessage.Of(SocketRequest.Read, SocketMessage.Low(words.Word1), SocketMessage.High(words.Word1)));
        }

        _heard.Clear();
    }

    private ulong Dropped() => Count(FrameOutcome.UdpBufferFull);

    private ulong Count(FrameOutcome outcome)
    {
        Assert.Equal(SocketAnswer.Done, _room.Server.Count(new Caller(NetRoom.ObserverBadge), (uint)outcome, out ulong count));
        return count;
    }

    // A socket for datagrams, and both know the other's station.
    private uint Datagrams(out SocketHandle peer)
    {
        uint socket = Opened(0, SocketRequest.Open, 7);
        Assert.Equal(SocketResult.Done, UdpSockets.Open(_room.Peer, 99, out peer));
        SendFromPeer(peer, 1);
        _room.Run(5_000);
        RingPayload data = Heard(0, SocketNotice.Data);
        Say(0, SocketMessage.Of(SocketRequest.Read, SocketMessage.Low(data.Word1), SocketMessage.High(data.Word1)));
        return socket;
    }

    private void SendFromPeer(SocketHandle peer, int count)
    {
        byte[] payload = new byte[Payload];
        for (int number = 0; number < count; number++)
        {
            payload[0] = (byte)number;
            var to = new Endpoint { Address = new Ipv4Address(NetRoom.ServerAddress), Port = 7 };
            Assert.Equal(SocketResult.Done, UdpSockets.Send(_room.Peer, peer, to, payload));
        }
    }

    private uint Connected(out SocketHandle peer)
    {
        uint listener = Opened(0, SocketRequest.Listen, SocketMessage.Pair(80, 4));
        Assert.Equal(SocketResult.Done, TcpSockets.Connect(_room.Peer, new Ipv4Address(NetRoom.ServerAddress), 80, out peer));
        _room.Run(5_000);
        RingPayload accepted = Heard(0, SocketNotice.Accepted);
        Assert.Equal(
            (listener, NetRoom.PeerAddress, (ulong)Room), (SocketMessage.Low(accepted.Word1), SocketMessage.Low(accepted.Word2), accepted.Word3));
        return SocketMessage.Low(accepted.Word0);
    }

    private uint Opened(int number, SocketRequest request, ulong what)
    {
        Say(number, SocketMessage.Of(request, ++_question, what));
        RingPayload answer = Heard(number, SocketNotice.Answer);
        Assert.Equal((_question, (uint)SocketAnswer.Done), (SocketMessage.Low(answer.Word1), SocketMessage.High(answer.Word1)));
        return SocketMessage.Low(answer.Word0);
    }

    // The answer by which it is refused; null: it is not.
    private uint? Send(uint socket, uint length)
    {
        Say(0, SocketMessage.Of(SocketRequest.Send, socket, SocketMessage.Pair(_sent++ % SocketArea.Places, length)));
        _room.Run(5_000);
        Hear(0);
        uint[] refused = [.. _heard.Where(heard => heard.Notice == SocketNotice.Refused).Select(heard => SocketMessage.High(heard.Words.Word1))];
        _heard.RemoveAll(heard => heard.Notice == SocketNotice.Refused);
        return refused.Length == 0 ? null : Assert.Single(refused);
    }

    private uint Refused(SocketRequest request, uint socket, int number = 0)
    {
        Say(number, SocketMessage.Of(request, socket));
        return Refusal(number);
    }

    private uint Refusal(int number) => SocketMessage.High(Heard(number, SocketNotice.Refused).Word1);

    private void Say(int number, RingMessage message)
    {
        Assert.True(_room.Line(number).TryPut(NetRoom.ServerEnd, in message));
        _room.Server.Signalled(NetRoom.BitOf(number));
    }

    private RingPayload Heard(int number, SocketNotice notice)
    {
        Hear(number);
        int at = _heard.FindIndex(heard => heard.Notice == notice);
        Assert.True(at >= 0, $"{notice} was not told; told was {string.Join(", ", _heard.Select(heard => heard.Notice))}");
        RingPayload words = _heard[at].Words;
        _heard.RemoveAt(at);
        return words;
    }

    private IEnumerable<SocketNotice> HeardAll(int number)
    {
        Hear(number);
        return _heard.Select(heard => heard.Notice).Where(notice => notice != SocketNotice.Taken);
    }

    private void Hear(int number)
    {
        while (_room.Line(number).TryTake(NetRoom.ServerEnd, out RingMessage message))
        {
            _heard.Add(((SocketNotice)message.Meta, message.Payload));
        }
    }
}
