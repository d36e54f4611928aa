using System.Buffers.Binary;
using Atoll.Abi;
using Atoll.Services.Protocols;
using Atoll.Services.Tests.Machine;

namespace Atoll.Services.Tests.Net;

/// <summary>A program with a socket for datagrams, a step at a time: it asks, reads, gives places back and sends; it sleeps, and does nothing then before it is rung; it dies.</summary>
/// <remarks>It keeps to the rules of docs/channels.md: it ends its turn before it sleeps, and looks once more behind saying so.</remarks>
internal sealed class TurnOrderClient(NetRoom room, int number, Random random)
{
    /// <summary>Of each kind: questions that it asks, datagrams that it sends and is sent in a life.</summary>
    public const int Quota = 12;

    private const int PayloadBytes = 8;
    private const int Record = SocketArea.HeaderBytes + PayloadBytes;
    private readonly Queue<RingPayload> _held = [];
    private uint _question;
    private uint _opening;
    private uint _taken;
    private bool _owesRing;
    private int _rings;

    /// <summary>Its port.</summary>
    public ushort Port => (ushort)(1000 + number);

    /// <summary>Which life it is in; 0: none began.</summary>
    public int Life { get; private set; }

    public bool IsAlive { get; private set; }

    public bool IsAsleep { get; private set; }

    /// <summary>Its socket; 0: not open yet.</summary>
    public uint Socket { get; private set; }

    /// <summary>Questions that were answered in this life.</summary>
    public int Answered { get; private set; }

    /// <summary>Questions that it has asked in this life.</summary>
    public int Asked { get; private set; }

    /// <summary>Datagrams that it was sent in this life, and those that came.</summary>
    public int SentTo { get; set; }

    /// <summary>See <see cref="SentTo"/>.</summary>
    public int Came { get; private set; }

    /// <summary>Datagrams that it has sent in this life.</summary>
    public int Sent { get; private set; }

    /// <summary>Whether the stack was rung.</summary>
    public bool HasRung { get; set; }

    private ChannelPair Line => room.Line(number);

    /// <summary>Whether it has done all that it is for, and knows it.</summary>
    public bool IsDone => IsAlive && Answered == Quota && Sent == Quota && Came == Quota;

    /// <summary>A life begins.</summary>
    public void Begin()
    {
        room.GiveByHand(number);
        (IsAlive, IsAsleep, Life, _rings) = (true, false, Life + 1, Line.Rings[NetRoom.ServerEnd]);
        (Socket, Answered, Asked, SentTo, Came, Sent, _opening, _taken, _owesRing) = (0, 0, 0, 0, 0, 0, 0, 0, false);
        _held.Clear();
    }

    /// <summary>A life ends, at any moment.</summary>
    public void Die()
    {
        Line.Leave(NetRoom.ClientEnd);
        IsAlive = false;
    }

    /// <summary>Does one thing, or sleeps on.</summary>
    public void Step()
    {
        if (!IsAlive || !Line.IsOpen)
        {
            return;
        }

        if (IsAsleep)
        {
            if (_rings == Line.Rings[NetRoom.ServerEnd])
            {
                return;
            }

            Rise();
        }

        switch (random.Next(7))
        {
            case 0:
                Hear();
                break;
            case 1:
                GiveBack();
                break;
            case 2:
                Ask();
                break;
            case 3:
                Send();
                break;
            case 4:
                EndTurn();
                break;
            case 5 when random.Next(3) == 0:
                Sleep();
                break;
        }
    }

    /// <summary>Does all that it can, and sleeps. Who sleeps with something to do of its own wakes for that, as by a deadline.</summary>
    public void Finish()
    {
        if (IsAsleep && (_opening == 0 || Asked < Quota || MaySend()))
        {
            Rise();
        }

        for (int step = 0; step < 200 && IsAlive && Line.IsOpen && !IsAsleep; step++)
        {
            while (Hear())
            {
            }

            bool acts = GiveBack() | Ask() | Send();
            if (!acts)
            {
                Sleep();
            }
        }
    }

    private void Rise()
    {
        _rings = Line.Rings[NetRoom.ServerEnd];
        IsAsleep = false;
        Line.Sleep(NetRoom.ClientEnd, false);
    }

    private void Sleep()
    {
        EndTurn();
        _rings = Line.Rings[NetRoom.ServerEnd];
        IsAsleep = true;
        Line.Sleep(NetRoom.ClientEnd, true);
        if (Hear())
        {
            Rise();
        }
    }

    private void EndTurn()
    {
        HasRung |= _owesRing && Line.TryRing(NetRoom.ServerEnd);
        _owesRing = false;
    }

    private bool Say(RingMessage message)
    {
        bool isSaid = Line.TryPut(NetRoom.ServerEnd, in message);
        _owesRing |= isSaid;
        return isSaid;
    }

    private bool Hear()
    {
        if (!Line.TryTake(NetRoom.ServerEnd, out RingMessage message))
        {
            return false;
        }

        _taken = (uint)message.Payload.Word6;
        switch ((SocketNotice)message.Meta)
        {
            case SocketNotice.Answer when SocketMessage.Low(message.Payload.Word1) == _opening:
                Assert.Equal((uint)SocketAnswer.Done, SocketMessage.High(message.Payload.Word1));
                Socket = SocketMessage.Low(message.Payload.Word0);
                break;
            case SocketNotice.Answer:
                Assert.Equal((uint)SocketAnswer.BadArgument, SocketMessage.High(message.Payload.Word1));
                Answered++;
                break;
            case SocketNotice.Data:
                Take(message.Payload);
                break;
            case SocketNotice.Taken:
                break;
            default:
                Assert.Fail($"{(SocketNotice)message.Meta} is no answer to anything");
                break;
        }

        return true;
    }

    // What came to an earlier life may still come, before what came to this one.
    private void Take(RingPayload words)
    {
        _held.Enqueue(words);
        Span<byte> batch = SocketArea.Received(number == 0 ? room.Area : room.OtherArea, SocketMessage.Low(words.Word1))[..(int)SocketMessage.High(words.Word1)];
        for (; batch.Length != 0; batch = batch[Record..])
        {
            if (BinaryPrimitives.ReadInt32LittleEndian(batch[SocketArea.HeaderBytes..]) == Life)
            {
                Assert.Equal(Came++, BinaryPrimitives.ReadInt32LittleEndian(batch[(SocketArea.HeaderBytes + 4)..]));
            }
        }
    }

    private bool GiveBack()
    {
        if (!_held.TryPeek(out RingPayload words) || !Say(SocketMessage.Of(SocketRequest.Read, SocketMessage.Low(words.Word1), SocketMessage.High(words.Word1))))
        {
            return false;
        }

        _ = _held.Dequeue();
        return true;
    }

    // The first question opens the socket; to the others the answer is that nobody listens at port 0.
    private bool Ask()
    {
        if (_opening == 0)
        {
            bool isSaid = Say(SocketMessage.Of(SocketRequest.Open, _question + 1, SocketMessage.Pair(Port, 0)));
            _opening = isSaid ? ++_question : 0;
            return isSaid;
        }

        if (Asked == Quota || !Say(SocketMessage.Of(SocketRequest.Listen, _question + 1, SocketMessage.Pair(0, 0))))
        {
            return false;
        }

        _question++;
        Asked++;
        return true;
    }

    private bool MaySend() => Socket != 0 && Sent != Quota && (uint)Sent - _taken < SocketArea.Places;

    private bool Send()
    {
        if (!MaySend())
        {
            return false;
        }

        Span<byte> record = SocketArea.ToSend(number == 0 ? room.Area : room.OtherArea, (uint)Sent)[..Record];
        BinaryPrimitives.WriteUInt32BigEndian(record, NetRoom.PeerAddress);
        BinaryPrimitives.WriteUInt16BigEndian(record[4..], TurnOrder.PeerPort);
        BinaryPrimitives.WriteUInt16BigEndian(record[6..], PayloadBytes);
        BinaryPrimitives.WriteInt32LittleEndian(record[8..], Life);
        BinaryPrimitives.WriteInt32LittleEndian(record[12..], (number * Quota) + Sent);
        if (!Say(SocketMessage.Of(SocketRequest.Send, Socket, SocketMessage.Pair((uint)Sent % SocketArea.Places, Record))))
        {
            return false;
        }

        Sent++;
        return true;
    }
}
