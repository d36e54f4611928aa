using Atoll.Services.Lib;
using Atoll.Services.VirtioNet;

namespace Atoll.Services.Tests.VirtioNet;

/// <summary>Buffers move between a stack and a device, each at one place at a time, whatever either of them says.</summary>
public sealed class FrameTransferServerTests
{
    private const ulong Packets = 0x4000_0000;
    private readonly MemoryRegion _rings = HostRegion.Make(LinkPage.Bytes);
    private readonly LyingDevice _receive = new(128, isWritten: true);
    private readonly LyingDevice _send = new(128, isWritten: false);
    private FrameTransfer _transfer;
    private FrameRing _empty;
    private FrameRing _received;
    private FrameRing _toSend;
    private FrameRing _sent;

    public FrameTransferServerTests()
    {
        _transfer.Begin(Packets, _rings);
        _transfer.BeginReceive(_receive.Page, 0x1000, 128, hasEvents: true);
        _transfer.BeginSend(_send.Page, 0x2000, 128, hasEvents: true, _rings);
    }

    [Fact]
    public void Frames_ComeAndGo()
    {
        Assert.True(_empty.TryPut(LinkPage.Empty(_rings), 5, 0));
        Assert.True(_toSend.TryPut(LinkPage.ToSend(_rings), 70, 1514));
        TurnOutcome outcome = Turn();
        Assert.True(outcome.IsHonest && !outcome.WakesStack && outcome.NotifiesReceive && outcome.NotifiesSend);

        var empty = _receive.Next();
        Assert.Equal((Packets + (5 * 2048), 1514u, true), (empty.Address, empty.Bytes, empty.IsWritten));
        var full = _send.Next();
        Assert.Equal((Packets + (70 * 2048), 1514u, false), (full.Address, full.Bytes, full.IsWritten));
        _receive.Use(empty.Head, 12 + 60);
        _send.Use(full.Head, 0);

        Assert.True(Turn().WakesStack);
        Assert.True(_received.TryTake(LinkPage.Received(_rings), out uint buffer, out int length));
        Assert.Equal((5u, 60), (buffer, length));
        Assert.True(_sent.TryTake(LinkPage.Sent(_rings), out buffer, out _));
        Assert.Equal(70u, buffer);
        Assert.Equal((1ul, 1ul, 0ul), (_transfer.Counters.Received, _transfer.Counters.Sent, _transfer.Counters.Refused));
    }

    /// <summary>The stack finds buffers that went back when it runs; it is woken before it may have none.</summary>
    [Fact]
    public void BuffersThatGoBack_WakeTheStack_BeforeItMayHaveNone()
    {
        int wakes = 0;
        for (uint buffer = 64; buffer < 128; buffer++)
        {
            Assert.True(_toSend.TryPut(LinkPage.ToSend(_rings), buffer, 60));
            _ = Turn();
            _send.Use(_send.Next().Head, 0);
            wakes += Turn().WakesStack ? 1 : 0;
        }

        Assert.Equal(64 / LinkPage.Untold, wakes);
    }

    [Theory]
    [InlineData(LinkPage.Untold, false)]
    [InlineData(LinkPage.Untold + 1, true)]
    public void InterruptOfWhatWent_IsWantedOnly_WhenTheStackMayWaitForIt(int underWay, bool isWanted)
    {
        for (uint buffer = 64; buffer < 64 + underWay; buffer++)
        {
            Assert.True(_toSend.TryPut(LinkPage.ToSend(_rings), buffer, 60));
        }

        _ = Turn();
        _send.Use(_send.Next().Head, 0);
        Assert.Equal(!isWanted, _transfer.TryRest(_receive.Page, _send.Page));
    }

    [Theory]
    [InlineData(128u, 60)]
    [InlineData(0xFFFF_FFFFu, 60)]
    [InlineData(70u, 13)]
    [InlineData(70u, 1515)]
    [InlineData(70u, 0)]
    public void WhatNoStackMaySay_GoesNowhere(uint buffer, int length)
    {
        Assert.True(_toSend.TryPut(LinkPage.ToSend(_rings), buffer, length));
        Assert.True(Turn().IsHonest);
        Assert.False(_send.HasMore);
        Assert.Equal(1ul, _transfer.Counters.Refused);
    }

    [Fact]
    public void BufferThatTheDriverHas_IsNotTakenAgain()
    {
        Assert.True(_empty.TryPut(LinkPage.Empty(_rings), 5, 0));
        Assert.True(_empty.TryPut(LinkPage.Empty(_rings), 5, 0));
        Assert.True(_toSend.TryPut(LinkPage.ToSend(_rings), 5, 60));
        _ = Turn();
        Assert.Equal(1, _receive.Available);
        Assert.False(_send.HasMore);
        Assert.Equal(2ul, _transfer.Counters.Refused);
    }

    [Fact]
    public void Noise_InTheRings_IsCounted()
    {
        Random random = new(1);
        for (int word = 0; word < _rings.LongWords.Length; word++)
        {
            _rings.LongWords[word] = (ulong)random.NextInt64();
        }

        for (int turn = 0; turn < 10; turn++)
        {
            Assert.True(Turn().IsHonest);
        }

        while (_receive.HasMore)
        {
            Assert.InRange(_receive.Next().Address, Packets, Packets + (127 * 2048));
        }
    }

    [Fact]
    public void TurnHasABudget_AndSaysThatThereIsMore()
    {
        for (uint buffer = 0; buffer < 64; buffer++)
        {
            Assert.True(_empty.TryPut(LinkPage.Empty(_rings), buffer, 0));
        }

        Assert.True(Turn().HasMore);
        Assert.False(Turn().HasMore);
        for (uint buffer = 64; buffer < 128; buffer++)
        {
            Assert.True(_toSend.TryPut(LinkPage.ToSend(_rings), buffer, 60));
        }

        Assert.True(Turn().HasMore);
        Assert.False(Turn().HasMore);
        Assert.Equal((64, 64), (_receive.Available, _send.Available));
    }

    [Fact]
    public void StackThatTakesNothing_LosesFrames_AndTheDeviceKeepsItsBuffers()
    {
        LinkPage.Received(_rings).Fill(1);
        Assert.True(_empty.TryPut(LinkPage.Empty(_rings), 5, 0));
        _ = Turn();
        _receive.Use(_receive.Next().Head, 12 + 60);
        Assert.False(Turn().WakesStack);
        Assert.Equal(Packets + (5 * 2048), _receive.Next().Address);
        Assert.Equal(1ul, _transfer.Counters.Refused);
    }

    [Fact]
    public void LieOfTheDevice_EndsTheTurn_AndABeginningGivesItItsBuffersAgain()
    {
        Assert.True(_empty.TryPut(LinkPage.Empty(_rings), 5, 0));
        Assert.True(_empty.TryPut(LinkPage.Empty(_rings), 6, 0));
        Assert.True(_toSend.TryPut(LinkPage.ToSend(_rings), 70, 60));
        _ = Turn();
        _receive.SetUsed(77);
        TurnOutcome outcome = Turn();
        Assert.Equal(QueueTake.IndexTooFar, outcome.Device);
        Assert.False(outcome.IsHonest);

        LyingDevice again = new(128, isWritten: true);
        _transfer.BeginReceive(again.Page, 0x1000, 128, hasEvents: true);
        _transfer.BeginSend(_send.Page, 0x2000, 128, hasEvents: true, _rings);
        Assert.True(_transfer.Turn(again.Page, _send.Page, _rings).IsHonest);
        Assert.Equal([Packets + (5 * 2048), Packets + (6 * 2048)], new[] { again.Next().Address, again.Next().Address }.Order());
        Assert.True(_sent.TryTake(LinkPage.Sent(_rings), out uint lost, out _));
        Assert.Equal(70u, lost);
    }

    private TurnOutcome Turn() => _transfer.Turn(_receive.Page, _send.Page, _rings);
}
