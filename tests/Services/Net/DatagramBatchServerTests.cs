using System.Buffers.Binary;
using Atoll.Services.Lib;
using Atoll.Services.Net.Stack;
using Atoll.Services.Protocols;

namespace Atoll.Services.Tests.Net;

/// <summary>Many datagrams in a call; what a flood of them costs; how seldom the driver is told of anything.</summary>
public sealed class DatagramBatchServerTests
{
    private const uint Area = 32 * 1024;
    private const int Payload = 64;
    private const int Record = 8 + Payload;

    // A socket has 8 KiB each way.
    private const int FitInASocket = 8192 / Record;
    private static readonly Caller s_client = new(NetRoom.Badge);
    private readonly NetRoom _room = new();
    private readonly uint _socket;
    private readonly SocketHandle _peer;

    public DatagramBatchServerTests()
    {
        Assert.Equal(SocketAnswer.Done, _room.Begin(NetRoom.Badge));
        Assert.Equal(SocketAnswer.Done, _room.Server.Open(s_client, 7, out _socket));
        Assert.Equal(SocketResult.Done, UdpSockets.Open(_room.Peer, 99, out _peer));
        _room.Run(1_000);

        // Then both know the other's station.
        SendFromPeer(1);
        _room.Run(5_000);
        Assert.Equal(SocketAnswer.Done, _room.Server.ReceiveBatch(s_client, _socket, 0, Area, out _));
    }

    [Fact]
    public void Batch_IsWhatCame_EachWithItsSender_AndGoesBackAsItIs()
    {
        SendFromPeer(5);
        _room.Run(5_000);
        Assert.Equal(SocketAnswer.Done, _room.Server.ReceiveBatch(s_client, _socket, 16384, 16384, out uint received));
        Assert.Equal(5u * Record, received);
        Span<byte> batch = _room.Area.Bytes.Slice(16384, (int)received);
        for (int number = 0; number < 5; number++)
        {
            Span<byte> record = batch.Slice(number * Record, Record);
            Assert.Equal(NetRoom.PeerAddress, BinaryPrimitives.ReadUInt32BigEndian(record));
            Assert.Equal(99, BinaryPrimitives.ReadUInt16BigEndian(record[4..]));
            Assert.Equal(Payload, BinaryPrimitives.ReadUInt16BigEndian(record[6..]));
            Assert.Equal(number, record[8]);
        }

        Assert.Equal(SocketAnswer.Done, _room.Server.SendBatch(s_client, _socket, 16384, received, out uint sent));
        Assert.Equal(received, sent);
        _room.Run(5_000);
        byte[] back = new byte[100];
        for (int number = 0; number < 5; number++)
        {
            Assert.Equal(SocketResult.Done, UdpSockets.Receive(_room.Peer, _peer, back, out _, out int length));
            Assert.Equal((Payload, number), (length, back[0]));
        }
    }

    [Fact]
    public void WhatDoesNotFit_StaysWhole()
    {
        SendFromPeer(3);
        _room.Run(5_000);
        Assert.Equal(SocketAnswer.TooLarge, _room.Server.ReceiveBatch(s_client, _socket, 0, Record - 1, out uint received));
        Assert.Equal(0u, received);
        Assert.Equal(SocketAnswer.Done, _room.Server.ReceiveBatch(s_client, _socket, 0, (2 * Record) + 5, out received));
        Assert.Equal(2u * Record, received);
        Assert.Equal(SocketAnswer.Done, _room.Server.ReceiveBatch(s_client, _socket, 0, Area, out received));
        Assert.Equal((uint)Record, received);
        Assert.Equal(SocketAnswer.WouldBlock, _room.Server.ReceiveBatch(s_client, _socket, 0, Area, out _));
    }

    [Theory]
    [InlineData(0, 64, SocketAnswer.BadArgument, 0)]
    [InlineData(7, 64, SocketAnswer.BadArgument, 0)]
    [InlineData(Record - 1, 64, SocketAnswer.BadArgument, 0)]
    [InlineData(Record, 65, SocketAnswer.BadArgument, 0)]
    [InlineData(Record, 65535, SocketAnswer.BadArgument, 0)]
    [InlineData(Record, 64, SocketAnswer.Done, Record)]
    [InlineData(Record + 7, 64, SocketAnswer.Done, Record)]
    [InlineData(2 * Record, 64, SocketAnswer.Done, Record)]
    [InlineData(3000, 2000, SocketAnswer.TooLarge, 0)]
    public void LengthsAreCompared_WithWhatIsThere(int bytes, int length, SocketAnswer expected, int taken)
    {
        // A second record is all zeros: port 0 is nobody's.
        Span<byte> record = _room.Area.Bytes[..3000];
        record.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(record, NetRoom.PeerAddress);
        BinaryPrimitives.WriteUInt16BigEndian(record[4..], 99);
        BinaryPrimitives.WriteUInt16BigEndian(record[6..], (ushort)length);
        Assert.Equal(expected, _room.Server.SendBatch(s_client, _socket, 0, (uint)bytes, out uint sent));
        Assert.Equal((uint)taken, sent);
    }

    /// <summary>Where one reader is behind, nothing is carried up in vain but the one by which that is known.</summary>
    [Fact]
    public void FramesForAReaderThatIsBehind_AreLeftWhereTheyAre()
    {
        SendFromPeer(FitInASocket / 2);
        _room.Run(5_000);
        SendFromPeer(FitInASocket - (FitInASocket / 2));
        _room.Run(5_000);
        SendFromPeer(10);
        _room.Carry();
        _room.Server.Signalled(1);
        Assert.Equal(1ul, Dropped());
        Assert.NotEqual(0ul, _room.Server.NextDeadline);

        Assert.Equal(SocketAnswer.Done, _room.Server.ReceiveBatch(s_client, _socket, 0, 16384, out uint received));
        Assert.Equal((uint)(FitInASocket * Record), received);
        Assert.Equal(0ul, _room.Server.NextDeadline);
        _room.Server.Elapsed();
        Assert.Equal(SocketAnswer.Done, _room.Server.ReceiveBatch(s_client, _socket, 0, 16384, out received));
        Assert.Equal((9u * Record, 1ul), (received, Dropped()));
    }

    /// <summary>A frame to send is told of at once; buffers that go back only before the driver may run out of them.</summary>
    [Fact]
    public void DriverIsSignalled_ForWhatItIsToDo_AndSeldomForBuffers()
    {
        int rings = _room.Rings;
        for (int frames = 0; frames < LinkPage.UntoldEmpty && _room.Rings == rings; frames++)
        {
            Receive(1);
        }

        Receive(LinkPage.UntoldEmpty - 1);
        Assert.Equal(rings + 1, _room.Rings);
        Receive(1);
        Assert.Equal(rings + 2, _room.Rings);
        Assert.Equal(SocketAnswer.Done, _room.Server.SendTo(s_client, _socket, NetRoom.PeerAddress, 99, 0, 1));
        Assert.Equal(rings + 3, _room.Rings);
    }

    private void Receive(int count)
    {
        SendFromPeer(count);
        _room.Carry();
        _room.Server.Signalled(1);
        Assert.Equal(SocketAnswer.Done, _room.Server.ReceiveBatch(s_client, _socket, 0, Area, out _));
    }

    private ulong Dropped()
    {
        Assert.Equal(SocketAnswer.Done, _room.Server.Count(s_client, (uint)FrameOutcome.UdpBufferFull, out ulong dropped));
        return dropped;
    }

    private void SendFromPeer(int count)
    {
        byte[] payload = new byte[Payload];
        for (int number = 0; number < count; number++)
        {
            payload[0] = (byte)number;
            var to = new Endpoint { Address = new Ipv4Address(NetRoom.ServerAddress), Port = 7 };
            while (UdpSockets.Send(_room.Peer, _peer, to, payload) == SocketResult.WouldBlock)
            {
                _room.Run(1_000);
            }
        }
    }
}
