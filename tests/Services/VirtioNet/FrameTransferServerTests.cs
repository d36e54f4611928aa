using Atoll.Services.Lib;
using Atoll.Services.VirtioNet;

namespace Atoll.Services.Tests.VirtioNet;

/// <summary>Buffers move between stacks and a device, each at one place at a time, whatever any of them says.</summary>
public sealed class FrameTransferServerTests
{
    private const ulong Packets = 0x4000_0000;
    private const ulong FirstLane = 0x5000_0000;
    private const ulong LaneDistance = 0x20_0000;
    private const uint Stacks = 3;
    private const byte Tcp = 6;
    private const byte Syn = 2;
    private const byte Ack = 16;

    // So many buffers the device gets at once: an eighth of its queue's 64.
    private const int Together = 8;
    private readonly MemoryRegion _receivedMemory = HostRegion.Make(LinkPage.ReceiveBytes);
    private readonly MemoryRegion _flows = HostRegion.Make(4096);
    private LyingDevice _receive = new(128, isWritten: true);
    private readonly LyingDevice _send = new(128, isWritten: false);
    private readonly FakeStack[] _stacks = [new(), new(), new()];
    private FrameTransfer _transfer;
    private uint _news;

    public FrameTransferServerTests()
    {
        _transfer.Begin(Packets, _receivedMemory, Stacks, _flows);
        for (uint stack = 0; stack < Stacks; stack++)
        {
            Assert.True(Open(stack));
        }

        _transfer.BeginReceive(_receive.Page, 0x1000, 128, hasEvents: true);
        _transfer.BeginSend(_send.Page, 0x2000, 128, hasEvents: true);
    }

    [Fact]
    public void Frames_ComeAndGo()
    {
        Assert.True(_stacks[1].TrySend(6, 1514));
        TurnOutcome outcome = Turn();
        Assert.True(outcome.IsHonest && outcome.NotifiesReceive && outcome.NotifiesSend);
        Assert.False(TakeNews(1));
        Assert.Equal(64, _receive.Available);

        var full = _send.Next();
        Assert.Equal((FirstLane + LaneDistance + 4096 + (6 * 2048), 1514u, false), (full.Address, full.Bytes, full.IsWritten));
        uint buffer = Come(Frame(FlowOf(share: 1)));
        _send.Use(full.Head, 0);

        _ = Turn();
        Assert.True(TakeNews(1));
        Assert.False(TakeNews(1) || TakeNews(0) || TakeNews(2));
        Assert.Equal((buffer, 60), _stacks[1].Received());
        Assert.Equal(6u, _stacks[1].Sent());
        Assert.Equal((1ul, 1ul, 0ul), (_transfer.Counters.Received, _transfer.Counters.Sent, _transfer.Counters.Refused));
    }

    [Fact]
    public void EmptyBuffer_IsTheDevicesAgain_WhenItsStackGivesItBack()
    {
        _ = Turn();
        uint buffer = Come(Frame(FlowOf(share: 2)));
        Come(share: 0, Together - 1);
        _ = Turn();
        Assert.Equal(64 + Together, _receive.Available);
        Assert.Equal(buffer, _stacks[2].Received()!.Value.Buffer);
        foreach (int other in (int[])[0, 1])
        {
            _stacks[other].GiveBack(buffer);
        }

        _stacks[2].GiveBack(buffer);
        _stacks[2].GiveBack(buffer);
        _stacks[2].GiveBack(128);
        _stacks[2].GiveBack(0xFFFF_FFFF);
        _ = Turn();
        Assert.Equal(5ul, _transfer.Counters.Refused);
        Come(share: 1, Together);
        _ = Turn();
        Assert.Contains(buffer, Returned());
    }

    /// <summary>The device gets buffers an eighth of its queue at a time: a look whether it wants to be told is of many.</summary>
    [Fact]
    public void Device_GetsBuffers_ManyAtATime()
    {
        _ = Turn();
        Come(share: 0, Together - 1);
        Assert.False(Turn().NotifiesReceive);
        Assert.Equal(64, _receive.Available);
        Come(share: 0, 1);
        _ = Turn();
        Assert.Equal(64 + Together, _receive.Available);
    }

    /// <summary>A stack tells of few empty buffers only when it has something else to tell: when no other is free they are found all the same.</summary>
    [Fact]
    public void EmptyBuffersOfWhoSaysNothing_AreFound_WhenNoneIsFree()
    {
        _ = Turn();
        for (uint stack = 0; stack < Stacks; stack++)
        {
            Come(stack, Together);
            Look();
        }

        List<uint> given = [];
        for (int back = 0; back < Together; back++)
        {
            given.Add(_stacks[1].Received()!.Value.Buffer);
            _stacks[1].GiveBack(given[^1]);
        }

        for (int more = 0; more < 5; more++)
        {
            Come(share: 0, Together);
            Look();
        }

        Come(share: 2, Together);
        Look();
        Assert.Equal(given.Order(), Returned().TakeLast(Together).Order());
    }

    /// <summary>Of a stack that is not looked at nothing goes: it has said nothing, and rings when it does.</summary>
    [Fact]
    public void StackThatSaidNothing_IsNotLookedAt()
    {
        Assert.True(_stacks[0].TrySend(1, 60) && _stacks[2].TrySend(2, 60));
        _ = _transfer.Turn(_receive.Page, _send.Page, stacks: 1u << 2, receives: false);
        Assert.Equal(1, _send.Available);
        Assert.True(_transfer.HasWork(0));
        _ = Turn();
        Assert.Equal(2, _send.Available);
    }

    /// <summary>A stack finds buffers that went back when it runs; it is woken before it may have none.</summary>
    [Fact]
    public void BuffersThatGoBack_WakeTheStack_BeforeItMayHaveNone()
    {
        int wakes = 0;
        for (uint buffer = 0; buffer < LinkPage.SendBuffers; buffer++)
        {
            Assert.True(_stacks[0].TrySend(buffer, 60));
            _ = Turn();
            _send.Use(_send.Next().Head, 0);
            _ = Turn();
            wakes += TakeNews(0) ? 1 : 0;
        }

        Assert.Equal((int)LinkPage.SendBuffers / LinkPage.Untold, wakes);
    }

    [Theory]
    [InlineData(LinkPage.Untold, false)]
    [InlineData(LinkPage.Untold + 1, true)]
    public void InterruptOfWhatWent_IsWantedOnly_WhenAStackMayWaitForIt(int underWay, bool isWanted)
    {
        for (uint buffer = 0; buffer < underWay; buffer++)
        {
            Assert.True(_stacks[0].TrySend(buffer, 60));
        }

        _ = Turn();
        _send.Use(_send.Next().Head, 0);
        Assert.Equal(!isWanted, _transfer.TryRest(_receive.Page, _send.Page, receives: true));
    }

    [Theory]
    [InlineData(64u, 60)]
    [InlineData(0xFFFF_FFFFu, 60)]
    [InlineData(7u, 13)]
    [InlineData(7u, 1515)]
    [InlineData(7u, 0)]
    public void WhatNoStackMaySay_GoesNowhere(uint buffer, int length)
    {
        Assert.True(_stacks[0].TrySend(buffer, length));
        Assert.True(Turn().IsHonest);
        Assert.False(_send.HasMore);
        Assert.Equal(1ul, _transfer.Counters.Refused);
    }

    [Fact]
    public void BufferThatTheDeviceHas_IsNotSentAgain()
    {
        Assert.True(_stacks[0].TrySend(5, 60));
        Assert.True(_stacks[0].TrySend(5, 60));
        _ = Turn();
        Assert.Equal((1, 1ul), (_send.Available, _transfer.Counters.Refused));
    }

    [Fact]
    public void Noise_InTheRings_IsCounted_AndCostsNoOther()
    {
        Random random = new(1);
        for (int word = 0; word < 512; word++)
        {
            _stacks[0].Lane.LongWords[word] = (ulong)random.NextInt64();
        }

        Assert.True(_stacks[1].TrySend(9, 60));
        for (int turn = 0; turn < 10; turn++)
        {
            Assert.True(Turn().IsHonest);
        }

        List<ulong> sent = [];
        while (_send.HasMore)
        {
            sent.Add(_send.Next().Address);
        }

        Assert.Contains(FirstLane + LaneDistance + 4096 + (9 * 2048), sent);
        Assert.All(sent, address => Assert.InRange(address, FirstLane + 4096, FirstLane + LaneDistance + 4096 + (63 * 2048)));
        while (_receive.HasMore)
        {
            Assert.InRange(_receive.Next().Address, Packets, Packets + (127 * 2048));
        }
    }

    /// <summary>A stack that sends as much as it can leaves others their part.</summary>
    [Fact]
    public void Stacks_SendInTurns()
    {
        for (uint buffer = 0; buffer < LinkPage.SendBuffers; buffer++)
        {
            Assert.True(_stacks[0].TrySend(buffer, 60));
        }

        Assert.True(_stacks[2].TrySend(0, 60));
        Assert.True(_stacks[2].TrySend(1, 60));
        Assert.True(Turn().HasMore);
        List<ulong> lanes = [.. Enumerable.Range(0, 4).Select(_ => (_send.Next().Address - FirstLane) / LaneDistance)];
        Assert.Equal([0ul, 2ul, 0ul, 2ul], lanes);
        Assert.Equal(64, _send.Available);
    }

    [Fact]
    public void StackThatTakesNothing_LosesFrames_AndTheDeviceKeepsItsBuffers()
    {
        _ = Turn();
        LinkPage.Received(_stacks[1].Lane).Fill(1);
        Come(share: 1, Together);
        _ = Turn();
        Assert.False(TakeNews(1));
        Assert.Equal(((ulong)Together, 64 + Together), (_transfer.Counters.Refused, _receive.Available));
    }

    /// <summary>Nobody has room: the device has to drop what comes, because the driver would work in vain. Who has taken what it had is given more.</summary>
    [Fact]
    public void Frames_StayWithTheDevice_WhileAllStacksAreBehind()
    {
        _ = Turn();
        for (uint stack = 0; stack < Stacks; stack++)
        {
            Come(stack, LinkPage.BehindFrames);
        }

        _ = Turn();
        Come(share: 1, 3);
        _ = Turn();
        Assert.Equal((3ul * LinkPage.BehindFrames, 0ul), (_transfer.Counters.Received, _transfer.Counters.Refused));

        // It rests although there is something, and says that it wants to be rung.
        Assert.True(_transfer.TryRest(_receive.Page, _send.Page, receives: true));
        Assert.All(_stacks, stack => Assert.True(LinkPage.Holds(stack.Lane)));
        Assert.False(_transfer.HasWork(0) || _transfer.HasWork(1) || _transfer.HasWork(2));

        Assert.NotNull(_stacks[2].Received());
        Assert.True(_transfer.HasWork(2));
        Assert.False(_transfer.HasWork(1));
        _ = Turn();
        Assert.Equal((3ul * LinkPage.BehindFrames) + 3, _transfer.Counters.Received);
        Assert.True(_transfer.TryRest(_receive.Page, _send.Page, receives: true));
        Assert.All(_stacks, stack => Assert.False(LinkPage.Holds(stack.Lane)));
    }

    [Fact]
    public void StackThatBegins_KnowsWhetherTheDriverHolds()
    {
        _transfer.Close(0);
        _transfer.Close(1);
        _ = Turn();
        Come(share: 2, LinkPage.BehindFrames);
        _ = Turn();
        Assert.True(_transfer.TryRest(_receive.Page, _send.Page, receives: true));
        Assert.True(Open(0));
        Assert.True(LinkPage.Holds(_stacks[0].Lane));
        Assert.True(_transfer.HasWork(0));
        Assert.True(_transfer.TryRest(_receive.Page, _send.Page, receives: true));
        Assert.False(LinkPage.Holds(_stacks[0].Lane));
    }

    /// <summary>One that takes nothing, or gives nothing back, costs the others neither frames nor buffers.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void StackThatIsBehind_StopsNoOther(bool takes)
    {
        _ = Turn();
        for (int round = 0; round < 10; round++)
        {
            Come(share: 0, 8);
            Come(share: 1, 8);
            Come(share: 2, 4);
            _ = Turn();
            for (int frame = 0; frame < 4; frame++)
            {
                _stacks[2].GiveBack(_stacks[2].Received()!.Value.Buffer);
            }

            while (takes && (_stacks[0].Received() ?? _stacks[1].Received()) is not null)
            {
            }

            Assert.True(_transfer.TryRest(_receive.Page, _send.Page, receives: true));
            Assert.False(LinkPage.Holds(_stacks[2].Lane));
        }

        // Two that give nothing back have 48 each: 32 are left.
        Assert.Equal((48ul + 48 + 40, 32ul + 32), (_transfer.Counters.Received, _transfer.Counters.Refused));
    }

    /// <summary>What a dead stack had is good for the others, whom its peers talk to from now on.</summary>
    [Fact]
    public void StackThatDies_LosesWhatItHad_AndItsFlowsGoToTheNext()
    {
        _ = Turn();
        Come(share: 2, 40);
        _ = Turn();

        // 40 buffers are with the stack, and of those that are left the device has as many as it takes.
        Come(share: 2, 64);
        _transfer.Close(2);
        _ = Turn();
        Assert.Equal(64 + 40 + 64, _receive.Available);
        _ = Come(Frame(FlowOf(share: 2)));
        _ = Turn();
        Assert.True(TakeNews(0));
        Assert.NotNull(_stacks[0].Received());
    }

    /// <summary>A stack has its share of callers once somebody listens over it; connections that others took before stay with them, and are over with them.</summary>
    [Fact]
    public void Callers_GoToWhoServes_AndConnectionsStayWhereTheyBegan()
    {
        _ = Turn();
        LinkPage.SetServes(_stacks[2].Lane, serves: true);
        ushort early = FlowOf(share: 1);
        Assert.Equal(2u, Taker(Frame(early, Tcp, Syn)));
        Assert.Equal(2u, Taker(Frame(early, Tcp, Ack)));
        Assert.Equal(2u, Taker(Frame(FlowOf(share: 1))));
        LinkPage.SetServes(_stacks[1].Lane, serves: true);

        // From now on its share is its own, but for what another has.
        ushort late = FlowOf(share: 1, after: early);
        Assert.Equal(1u, Taker(Frame(late, Tcp, Syn)));
        Assert.Equal(1u, Taker(Frame(FlowOf(share: 1))));
        Assert.Equal(2u, Taker(Frame(early, Tcp, Ack)));

        // The driver's next life knows it, too.
        _transfer.Begin(Packets, _receivedMemory, Stacks, _flows);
        for (uint stack = 0; stack < Stacks; stack++)
        {
            Assert.True(Open(stack));
            LinkPage.SetServes(_stacks[stack].Lane, serves: true);
        }

        _receive = new LyingDevice(128, isWritten: true);
        _transfer.BeginReceive(_receive.Page, 0x1000, 128, hasEvents: true);
        _ = Turn();
        Assert.Equal(2u, Taker(Frame(early, Tcp, Ack)));
        _transfer.Close(2);
        Assert.Equal(1u, Taker(Frame(early, Tcp, Ack)));
        Assert.True(Open(2));
        LinkPage.SetServes(_stacks[2].Lane, serves: true);
        Assert.Equal(1u, Taker(Frame(early, Tcp, Ack)));
    }

    /// <summary>What a stack has asked for comes to it, whether anybody listens there or not; and with nobody who listens its share is its own, to be reset.</summary>
    [Fact]
    public void WhatIsNoCall_GoesToItsShare_WhoeverServes()
    {
        _ = Turn();
        Assert.Equal(1u, Taker(Frame(FlowOf(share: 1), Tcp, Syn)));
        LinkPage.SetServes(_stacks[2].Lane, serves: true);
        byte[] answer = Frame(80, Tcp, Ack);
        (answer[36], answer[37]) = (0xC0, 0x01);
        Assert.Equal(1u, FlowSteering.Of(answer, Stacks).Share);
        Assert.Equal(1u, Taker(answer));
        Assert.Equal(0u, Taker(Frame(1000, protocol: 1, 0)));
    }

    /// <summary>A stack begins: what its earlier life said of callers is forgotten.</summary>
    [Fact]
    public void StackThatBegins_ServesNobodyYet()
    {
        LinkPage.SetServes(_stacks[1].Lane, serves: true);
        _transfer.Close(1);
        Assert.True(Open(1));
        Assert.False(LinkPage.Serves(_stacks[1].Lane));
    }

    [Fact]
    public void StackThatBegins_WaitsForWhatTheDeviceHasOfItsEarlierLife()
    {
        Assert.True(_stacks[1].TrySend(3, 60));
        _ = Turn();
        _transfer.Close(1);
        Assert.False(Open(1));
        _send.Use(_send.Next().Head, 0);
        _ = Turn();
        Assert.True(Open(1));
        Assert.Null(_stacks[1].Received());
        Assert.True(_stacks[1].TrySend(3, 60));
        _ = Turn();
        Assert.True(_send.HasMore);
    }

    [Fact]
    public void ArpReplies_AreNewsForAll_AndRequestsAreNot()
    {
        _ = Turn();
        byte[] reply = new byte[60];
        (reply[12], reply[13], reply[21], reply[41]) = (8, 6, 2, 77);
        byte[] request = [.. reply];
        request[21] = 1;
        _ = Come(request);
        _ = Come(reply);
        _ = Turn();
        Assert.Equal(1, _transfer.NeighborCount);
        byte[] told = new byte[LinkMessage.NeighborBytes];
        var news = _transfer.NeighborAt(0);
        LinkMessage.Unpack(in news, told);
        Assert.Equal(reply[..42], told);
        Assert.NotNull(_stacks[0].Received());
        Assert.NotNull(_stacks[0].Received());
        _transfer.ClearNeighbors();
        Assert.Equal(0, _transfer.NeighborCount);
    }

    [Fact]
    public void LieOfTheDevice_EndsTheTurn_AndABeginningGivesItItsBuffersAgain()
    {
        Assert.True(_stacks[0].TrySend(7, 60));
        _ = Turn();
        _receive.SetUsed(77);
        TurnOutcome outcome = Turn();
        Assert.Equal(QueueTake.IndexTooFar, outcome.Device);
        Assert.False(outcome.IsHonest);

        LyingDevice again = new(128, isWritten: true);
        _transfer.BeginReceive(again.Page, 0x1000, 128, hasEvents: true);
        _transfer.BeginSend(_send.Page, 0x2000, 128, hasEvents: true);
        for (int turn = 0; turn < 3; turn++)
        {
            Assert.True(_transfer.Turn(again.Page, _send.Page, FrameTransfer.AllStacks, receives: true).IsHonest);
        }

        Assert.Equal(64, again.Available);
        Assert.Equal(64, Enumerable.Range(0, 64).Select(_ => again.Next().Address).Distinct().Count());
        Assert.Equal(7u, _stacks[0].Sent());

        // With what it has, and with what is free, there are as many as there ever were.
        for (int frame = 0; frame < 64; frame++)
        {
            again.Use((uint)(frame * 2), 12 + 60);
        }

        Assert.True(_transfer.Turn(again.Page, _send.Page, FrameTransfer.AllStacks, receives: true).IsHonest);
        Assert.Equal(128, again.Available);
    }

    private bool Open(uint stack)
    {
        _stacks[stack].Begin();
        return _transfer.TryOpen(stack, _stacks[stack].Lane, FirstLane + (stack * LaneDistance) + LinkPage.SendOffset);
    }

    private TurnOutcome Turn() => _transfer.Turn(_receive.Page, _send.Page, FrameTransfer.AllStacks, receives: true);

    private bool TakeNews(int stack)
    {
        _news |= _transfer.TakeNews();
        bool hasNews = (_news & (1u << stack)) != 0;
        _news &= ~(1u << stack);
        return hasNews;
    }

    // A frame comes in the next buffer that the device has.
    private uint Come(byte[] frame)
    {
        var empty = _receive.Next();
        uint buffer = (uint)((empty.Address - Packets) / 2048);
        frame.CopyTo(LinkPage.ReceiveBuffer(_receivedMemory, buffer));
        _receive.Use(empty.Head, 12 + (uint)frame.Length);
        return buffer;
    }

    private void Come(uint share, int count)
    {
        for (int frame = 0; frame < count; frame++)
        {
            _ = Come(Frame(FlowOf(share)));
        }
    }

    // Buffers that the device has and has not used.
    private List<uint> Returned()
    {
        List<uint> returned = [];
        while (_receive.HasMore)
        {
            returned.Add((uint)((_receive.Next().Address - Packets) / 2048));
        }

        return returned;
    }

    // As a driver does that only the device has interrupted.
    private void Look() => _ = _transfer.Turn(_receive.Page, _send.Page, stacks: 0, receives: true);

    // Which stack has a frame that comes now, and gives its buffer back.
    private uint Taker(byte[] frame)
    {
        _ = Come(frame);
        _ = Turn();
        uint taker = Stacks;
        for (uint stack = 0; stack < Stacks; stack++)
        {
            if (_stacks[stack].Received() is { } taken)
            {
                _stacks[stack].GiveBack(taken.Buffer);
                taker = stack;
            }
        }

        return taker;
    }

    private static ushort FlowOf(uint share, ushort after = 999) =>
        Enumerable.Range(after + 1, 1000).Select(port => (ushort)port).First(port => FlowSteering.OfFlow(0x0A00_0202, port, 7, Stacks) == share);

    // From a port of 10.0.2.2 to port 7: a UDP datagram, if nothing else is said.
    private static byte[] Frame(ushort port, byte protocol = 17, byte flags = 0)
    {
        byte[] frame = new byte[60];
        (frame[12], frame[14], frame[23], frame[47]) = (8, 0x45, protocol, flags);
        byte[] addresses = [10, 0, 2, 2, 10, 0, 2, 15, (byte)(port >> 8), (byte)port, 0, 7];
        addresses.CopyTo(frame, 26);
        return frame;
    }

    /// <summary>A stack's end of its rings.</summary>
    private sealed class FakeStack
    {
        private FrameRing _empty;
        private FrameRing _received;
        private FrameRing _toSend;
        private FrameRing _sent;

        public MemoryRegion Lane { get; } = HostRegion.Make(LinkPage.LaneBytes);

        public void Begin() => (_empty, _received, _toSend, _sent) = (default, default, default, default);

        public bool TrySend(uint buffer, int length) => _toSend.TryPut(LinkPage.ToSend(Lane), buffer, length);

        public void GiveBack(uint buffer) => Assert.True(_empty.TryPut(LinkPage.Empty(Lane), buffer, 0));

        public (uint Buffer, int Length)? Received() =>
            _received.TryTake(LinkPage.Received(Lane), out uint buffer, out int length) ? (buffer, length) : null;

        public uint? Sent() => _sent.TryTake(LinkPage.Sent(Lane), out uint buffer, out _) ? buffer : null;
    }
}
