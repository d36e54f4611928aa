using System.Buffers.Binary;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Net;
using Atoll.Services.Net.Stack;

namespace Atoll.Services.Tests.Net;

/// <summary>Programs, driver and stack in an order that a seed chooses, also in the middle of the stack's turns: whoever sleeps does nothing before it is rung.</summary>
/// <remarks>
/// Time hardly passes, so what nobody is rung for is never found: the stack's look once a second does not come. At the end everybody goes on until all sleep; then all that was asked is
/// answered, and all that was sent is there, or a ring was lost.
/// </remarks>
internal sealed class TurnOrder : IDisposable
{
    /// <summary>Port of the other host.</summary>
    public const ushort PeerPort = 99;

    // Datagrams to each program: all find room. With one, nobody else's frame brings to light what was overlooked.
    private const int MostUnderWay = 8;
    private const int Steps = 400;
    private const int LastSteps = 20_000;
    private const ulong DriverBit = 1;
    private const ulong MostTicks = 400_000_000;

    // As long as this a deadline is the stack's own, and not a look for what it has not heard of.
    private const ulong Soon = 2_000_000;
    private readonly NetRoom _room = new();
    private readonly Random _random;
    private readonly bool _looksAtAll;
    private readonly int _underWay;
    private readonly TurnOrderClient[] _clients;
    private readonly ulong[] _opened = new ulong[2];
    private readonly SocketHandle _peer;
    private readonly byte[] _bytes = new byte[64];
    private readonly HashSet<(int Life, int Number)> _arrived = [];
    private ulong _pending;
    private int _driverRings;
    private int _deaths;
    private bool _isInTurn;

    private TurnOrder(int seed, bool looksAtAll)
    {
        _random = new Random(seed);
        _looksAtAll = looksAtAll;
        _underWay = _random.Next(1, MostUnderWay + 1);
        _clients = [new(_room, 0, _random), new(_room, 1, _random)];
        Assert.Equal(SocketResult.Done, UdpSockets.Open(_room.Peer, PeerPort, out _peer));
        MeetPeer();
        _room.Machine.Meanwhile = Meanwhile;
        foreach (TurnOrderClient client in _clients)
        {
            client.Begin();
        }
    }

    /// <summary>Runs it.</summary>
    /// <param name="seed">Chooses the order.</param>
    /// <param name="looksAtAll">Whether every turn of the stack looks at everyone, whoever has rung.</param>
    /// <returns>What is missing at the end; null: nothing.</returns>
    public static string? Run(int seed, bool looksAtAll)
    {
        using HostRegion.Scope memory = HostRegion.Begin();
        using TurnOrder order = new(seed, looksAtAll);
        for (int step = 0; step < Steps; step++)
        {
            order.Act();
            order.MayTurn();
            order._room.Machine.Now += (ulong)order._random.Next(2_000);
        }

        order.GoOn();
        return order.Missing();
    }

    public void Dispose() => _room.Dispose();

    // Each knows the other's station from now on: nothing waits for an answer of ARP.
    private void MeetPeer()
    {
        _room.BeginByHand(0);
        var to = new Endpoint { Address = new Ipv4Address(NetRoom.ServerAddress), Port = 9 };
        Assert.Equal(SocketResult.Done, UdpSockets.Send(_room.Peer, _peer, to, "?"u8));
        _room.Run(2_000);
        _room.Kill(0);
        _room.Turn();
        _room.RingOwed();
        _driverRings = _room.Machine.Channel.Rings;
    }

    // What others do while the stack is in a turn.
    private void Meanwhile()
    {
        if (_isInTurn && _random.Next(2) == 0)
        {
            _isInTurn = false;
            for (int act = _random.Next(4); act >= 0; act--)
            {
                Act();
            }

            _isInTurn = true;
        }
    }

    private void Act()
    {
        int chosen = _random.Next(12);
        TurnOrderClient client = _clients[_random.Next(2)];
        switch (chosen)
        {
            case < 6:
                client.Step();
                break;
            case 6 or 7:
                SendTo(client);
                break;
            case 8:
                DriverSends();
                break;
            case 9 or 10:
                DriverReceives();
                break;
            default:
                BeginOrEnd(client);
                break;
        }

        Gather();
    }

    private void BeginOrEnd(TurnOrderClient client)
    {
        int number = Array.IndexOf(_clients, client);
        if (!client.IsAlive)
        {
            client.Begin();
        }
        else if (_deaths < 3 && _random.Next(20) == 0 && _room.Line(number).IsOpen)
        {
            _deaths++;
            client.Die();
            _pending |= NetRoom.BitOf(number) | ChannelNews.ChangedBit;
        }
    }

    // What the kernel signals: rings, and channels that were opened.
    private void Gather()
    {
        for (int number = 0; number < 2; number++)
        {
            bool isNew = _room.Line(number).Epoch != _opened[number];
            _opened[number] = _room.Line(number).Epoch;
            _pending |= isNew ? NetRoom.BitOf(number) | ChannelNews.ChangedBit : 0;
            _pending |= _clients[number].HasRung ? NetRoom.BitOf(number) : 0;
            _clients[number].HasRung = false;
        }
    }

    private void SendTo(TurnOrderClient client)
    {
        if (client.Socket == 0 || !client.IsAlive || client.SentTo == TurnOrderClient.Quota || client.SentTo - client.Came >= _underWay)
        {
            return;
        }

        BinaryPrimitives.WriteInt32LittleEndian(_bytes, client.Life);
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(4), client.SentTo);
        var to = new Endpoint { Address = new Ipv4Address(NetRoom.ServerAddress), Port = client.Port };
        Assert.Equal(SocketResult.Done, UdpSockets.Send(_room.Peer, _peer, to, _bytes.AsSpan(0, 8)));
        client.SentTo++;
    }

    // A driver looks at a stack that has rung.
    private void DriverSends()
    {
        if (_driverRings != _room.Machine.Channel.Rings)
        {
            _driverRings = _room.Machine.Channel.Rings;
            _ = _room.CarryOut();
            while (UdpSockets.Receive(_room.Peer, _peer, _bytes, out _, out int length) == SocketResult.Done && length == 8)
            {
                Assert.True(_arrived.Add((BinaryPrimitives.ReadInt32LittleEndian(_bytes), BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(4)))));
            }
        }
    }

    private void DriverReceives()
    {
        if (_room.CarryIn() != 0 && _room.Machine.Channel.TryRing())
        {
            _pending |= DriverBit;
        }
    }

    private bool MayTurn()
    {
        ulong bits = _pending;
        if (bits == 0 && _room.Server.NextDeadline > _room.Machine.Now)
        {
            return false;
        }

        _pending = 0;
        _isInTurn = true;

        // The bit is of all channels: another's may have changed.
        bits |= bits != 0 && _random.Next(2) == 0 ? ChannelNews.ChangedBit : 0;
        bits |= _looksAtAll ? DriverBit | NetRoom.BitOf(0) | NetRoom.BitOf(1) : 0;
        if (bits == 0)
        {
            _room.Server.Elapsed();
        }
        else
        {
            _room.Server.Signalled(bits);
        }

        _isInTurn = false;
        _room.RingOwed();
        Gather();
        return true;
    }

    // Until nobody has anything to do: all sleep.
    private void GoOn()
    {
        bool goesOn = true;
        for (int step = 0; step < LastSteps && goesOn; step++)
        {
            goesOn = false;
            foreach (TurnOrderClient client in _clients)
            {
                if (!client.IsAlive)
                {
                    client.Begin();
                    goesOn = true;
                }

                client.Step();
                client.Finish();
                int before = client.SentTo;
                SendTo(client);
                goesOn |= before != client.SentTo;
            }

            int rings = _driverRings;
            DriverSends();
            DriverReceives();
            Gather();
            bool isSoon = _room.Server.NextDeadline <= _room.Machine.Now + Soon;
            _room.Machine.Now = isSoon && _pending == 0 ? ulong.Max(_room.Machine.Now, _room.Server.NextDeadline) : _room.Machine.Now + 1;
            goesOn |= MayTurn() || rings != _driverRings;
        }

        Assert.False(goesOn || _room.Machine.Now > MostTicks, "nobody comes to rest");
    }

    private string? Missing()
    {
        for (int number = 0; number < 2; number++)
        {
            TurnOrderClient client = _clients[number];
            int arrived = Enumerable.Range(number * TurnOrderClient.Quota, TurnOrderClient.Quota).Count(sent => _arrived.Contains((client.Life, sent)));
            if (!client.IsDone || arrived != TurnOrderClient.Quota || _room.Line(number).IsOrphan(NetRoom.ServerEnd))
            {
                return $"program {number} (life {client.Life}, asleep {client.IsAsleep}, rung {_pending:x}) of {TurnOrderClient.Quota} each: "
                    + $"answers {client.Answered} of {client.Asked}, came {client.Came} of {client.SentTo}, arrived {arrived} of {client.Sent}";
            }
        }

        return null;
    }
}
