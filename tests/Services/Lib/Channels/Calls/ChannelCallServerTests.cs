using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Tests.Lib.Channels.Calls;

/// <summary>Calls of a protocol over a channel (docs/protocols.md, "Over channels"): both ends' own code, and each end against one that lies.</summary>
public sealed class ChannelCallServerTests
{
    private const ulong Soon = 5000;
    private const uint First = 1U << 31;
    private const uint Slots = 28;

    // Two words of lengths come before the bytes of a question, the same before those of an answer.
    private const int BytesMost = (MessageHeader.WordsMax - 2) * 8;

    [Fact]
    public void Answers_AreThoseOfTheirQuestions()
    {
        using CallMachine machine = new();
        PairClient<ChannelTransport> client = machine.Client(0);
        for (ulong number = 0; number < 200; number++)
        {
            Assert.Equal(CallResult.Ok, client.Next(number, out ulong next));
            Assert.Equal(number + 1, next);
        }
    }

    /// <summary>Every length: the words end everywhere in the first piece, in the last, and just at the end of each.</summary>
    [Fact]
    public void Bytes_OfAnyLength_ComeBack()
    {
        using CallMachine machine = new();
        PairClient<ChannelTransport> client = machine.Client(0);
        for (int count = 0; count <= BytesMost; count++)
        {
            byte[] bytes = [.. Enumerable.Range(0, count).Select(index => (byte)((index * 7) + count))];
            byte[] back = new byte[count];
            Assert.Equal(CallResult.Ok, client.Mirror(bytes, back, out uint length, out PairAnswer answer));
            Assert.Equal((PairAnswer.Done, (uint)count), (answer, length));
            Assert.Equal(bytes.Reverse(), back);
        }

        Assert.Equal(CallResult.TooLong, client.Mirror(new byte[BytesMost + 1], [], out _, out _));
    }

    [Fact]
    public void Clients_AreToldApart()
    {
        using CallMachine machine = new(clients: 3);
        for (int client = 2; client >= 0; client--)
        {
            Assert.Equal(CallResult.Ok, machine.Client(client).Next(5, out _));
        }

        Assert.Equal([3ul, 2, 1], machine.Asked);
    }

    /// <summary>The answer to a call that was given up is not taken for that of the next one.</summary>
    [Fact]
    public void LateAnswer_IsDropped()
    {
        using CallMachine machine = new();
        PairClient<ChannelTransport> client = machine.Client(0, Soon);
        machine.ServerWorks = false;
        Assert.Equal(CallResult.TimedOut, client.Next(1, out ulong none));
        Assert.Equal(0ul, none);
        machine.ServerWorks = true;
        Assert.Equal(CallResult.Ok, client.Next(10, out ulong next));
        Assert.Equal(11ul, next);
        Assert.Equal([1ul, 1], machine.Asked);
    }

    /// <summary>Questions that nobody reads fill the ring; then the call says so, and nothing of it is left that could spoil the next.</summary>
    [Fact]
    public void RingThatNobodyReads_IsBusy_AndWorksAgain()
    {
        using CallMachine machine = new() { ServerWorks = false };
        PairClient<ChannelTransport> client = machine.Client(0, Soon);
        byte[] bytes = new byte[BytesMost];
        Assert.Equal(CallResult.TimedOut, client.Mirror(bytes, bytes, out _, out _));
        Assert.Equal(CallResult.Busy, client.Mirror(bytes, bytes, out _, out _));
        Assert.Equal(CallResult.Busy, client.Next(1, out _));
        machine.Serve();
        machine.ServerWorks = true;
        Assert.Equal(CallResult.Ok, client.Next(1, out ulong next));
        Assert.Equal(2ul, next);
        Assert.Equal([1ul, 1], machine.Asked);
    }

    /// <summary>Answers that nobody took stop the server; who asks again takes them first, and rings: nothing else tells the server that there is room.</summary>
    [Fact]
    public void LateAnswers_AreTaken_AndTheServerHearsOfTheRoom()
    {
        using CallMachine machine = new() { ServerWorks = false };
        PairClient<ChannelTransport> client = machine.Client(0, Soon);
        byte[] bytes = new byte[BytesMost];
        Assert.Equal(CallResult.TimedOut, client.Mirror(bytes, bytes, out _, out _));
        machine.Serve();
        int before = machine.Rings;
        Assert.Equal(CallResult.TimedOut, client.Mirror(bytes, bytes, out _, out _));
        Assert.Equal(2, machine.Rings - before);
    }

    [Fact]
    public void DeathOfTheServer_EndsTheCall_AndTheNextLifeIsAsked()
    {
        using CallMachine machine = new();
        PairClient<ChannelTransport> client = machine.Client(0);
        machine.WhenWaiting = () => machine.States[0] = ChannelState.PeerDied;
        machine.ServerWorks = false;
        machine.WaitEnds = SystemResult.Ok;
        Assert.Equal(CallResult.PeerDied, client.Next(1, out _));
    }

    /// <summary>Of a server that writes what no end writes nothing is waited for.</summary>
    [Fact]
    public void GarbageOfTheServer_EndsTheCall()
    {
        using CallMachine machine = new() { ServerWorks = false, WaitEnds = SystemResult.Ok };
        PairClient<ChannelTransport> client = machine.Client(0);
        machine.WhenWaiting = () => machine.Spoil(0);
        Assert.Equal(CallResult.AnswerInvalid, client.Next(1, out _));
        machine.WhenWaiting = () => throw new InvalidOperationException("it waits for what never comes");
        Assert.Equal(CallResult.AnswerInvalid, client.Next(1, out _));
    }

    [Fact]
    public void DeathOfAClient_MakesRoomForTheNext()
    {
        using CallMachine machine = new(clients: 2);
        PairClient<ChannelTransport> client = machine.Client(0);
        Assert.Equal(CallResult.Ok, client.Next(1, out _));
        machine.States[0] = ChannelState.PeerDied;
        machine.Serve();
        Assert.Equal(1, machine.Reopened);
        Assert.Equal(CallResult.Ok, machine.Client(1).Next(1, out _));
    }

    /// <summary>A client that asks and takes no answer: the server asks nobody to wait for it, and goes on when there is room.</summary>
    [Fact]
    public void ClientThatTakesNoAnswer_CostsOnlyItself()
    {
        using CallMachine machine = new(clients: 2);
        RingChannel greedy = machine.Raw(0);
        Assert.Equal(ChannelResult.Done, greedy.TryOpen());
        ulong asked = 0;
        for (int round = 0; round < 10; round++)
        {
            while (Ask(ref greedy, (uint)asked, PairProtocol.NextId, asked))
            {
                asked++;
            }

            machine.Serve();
        }

        // The answers fill their ring, one more waits at the server, and the other ring is full of questions.
        Assert.Equal(Slots + 1ul, (ulong)machine.Asked.Count);
        Assert.Equal(Slots + 1 + Slots, asked);
        Assert.Equal(CallResult.Ok, machine.Client(1).Next(7, out ulong next));
        Assert.Equal(8ul, next);

        for (uint number = 0; number < asked; number++)
        {
            if (greedy.TryReceive(out RingMessage answer) != ChannelResult.Done)
            {
                machine.Serve();
                Assert.Equal(ChannelResult.Done, greedy.TryReceive(out answer));
            }

            Assert.Equal((First | number, number + 1ul), (answer.Meta, answer.Payload.Word1));
        }
    }

    /// <summary>An answer that finds room for a part of it goes on where it stopped.</summary>
    [Fact]
    public void AnswerInParts_IsWholeAndOnce()
    {
        const uint pieces = 18;
        using CallMachine machine = new();
        RingChannel slow = machine.Raw(0);
        Assert.Equal(ChannelResult.Done, slow.TryOpen());
        for (uint number = 1; number <= 2; number++)
        {
            Send(ref slow, First | number, MessageHeader.WordsMax | ((ulong)PairProtocol.MirrorId << 12), BytesMost, BytesMost);
            for (uint piece = 1; piece < pieces; piece++)
            {
                Send(ref slow, number, 0, 0);
            }

            machine.Serve();
        }

        List<uint> came = [];
        while (came.Count < 2 * pieces)
        {
            if (slow.TryReceive(out RingMessage answer) == ChannelResult.Done)
            {
                came.Add(answer.Meta);
            }
            else
            {
                int before = came.Count;
                machine.Serve();
                Assert.True(slow.HasMessage(), $"after {before} pieces no more came");
            }
        }

        Assert.Equal(ChannelResult.WouldBlock, slow.TryReceive(out _));
        Assert.Equal(new uint[] { 1, 2 }.SelectMany(number => Enumerable.Range(0, (int)pieces).Select(piece => piece == 0 ? First | number : number)), came);
    }

    /// <summary>Messages that no client of the library sends: each is refused by name or dropped, and the next good one is answered.</summary>
    [Theory]
    [InlineData(First | 3, 127ul | (2ul << 12))]
    [InlineData(First | 3, 1ul | (1ul << 7) | (1ul << 12))]
    [InlineData(First | 3, 1ul | (1ul << 11) | (1ul << 12))]
    [InlineData(First | 3, 2ul | (1ul << 12))]
    public void MessageOfNoClient_IsMalformed(uint meta, ulong header)
    {
        using CallMachine machine = new();
        RingChannel liar = machine.Raw(0);
        Assert.Equal(ChannelResult.Done, liar.TryOpen());
        Send(ref liar, meta, header, 0);
        machine.Serve();
        Assert.Equal(ChannelResult.Done, liar.TryReceive(out RingMessage answer));
        Assert.Equal((First | 3, (ulong)Refusal.Malformed << 12), (answer.Meta, answer.Payload.Word0));
        Assert.Empty(machine.Asked);
    }

    /// <summary>A piece without its beginning, and a beginning without its end, are dropped.</summary>
    [Fact]
    public void PiecesWithoutTheirOthers_AreDropped()
    {
        using CallMachine machine = new();
        RingChannel liar = machine.Raw(0);
        Assert.Equal(ChannelResult.Done, liar.TryOpen());
        Send(ref liar, 5, 1 | ((ulong)PairProtocol.NextId << 12), 1);
        Send(ref liar, First | 6, 20 | ((ulong)PairProtocol.MirrorId << 12), 1);
        Send(ref liar, 6, 0, 0);
        Send(ref liar, 7, 0, 0);
        Assert.True(Ask(ref liar, 8, PairProtocol.NextId, 41));
        Send(ref liar, 8, 1 | ((ulong)PairProtocol.NextId << 12), 50);
        machine.Serve();
        Assert.Equal(ChannelResult.Done, liar.TryReceive(out RingMessage answer));
        Assert.Equal((First | 8, 42ul), (answer.Meta, answer.Payload.Word1));
        Assert.Equal(ChannelResult.WouldBlock, liar.TryReceive(out _));
        Assert.Equal([1ul], machine.Asked);
    }

    /// <summary>Answers that no server of the library gives.</summary>
    [Theory]
    [InlineData(First | 1, 127ul, CallResult.AnswerInvalid)]
    [InlineData(First | 1, 1ul | (1ul << 7), CallResult.AnswerInvalid)]
    [InlineData(First | 1, 0ul, CallResult.AnswerInvalid)]
    [InlineData(First | 1, 1ul | (99ul << 12), CallResult.AnswerInvalid)]
    [InlineData(First | 1, 2ul << 12, CallResult.Malformed)]
    [InlineData(First | 2, 1ul, CallResult.TimedOut)]
    [InlineData(1u, 1ul, CallResult.TimedOut)]
    public void AnswerOfNoServer_IsNotBelieved(uint meta, ulong header, CallResult expected)
    {
        using CallMachine machine = new() { ServerWorks = false };
        PairClient<ChannelTransport> client = machine.Client(0, Soon);
        RingChannel liar = machine.RawServer(0);
        Assert.Equal(ChannelResult.Done, liar.TryOpen());
        bool isSent = false;
        machine.WhenWaiting = () =>
        {
            if (!isSent)
            {
                Send(ref liar, meta, header, 77);
            }

            isSent = true;
        };
        Assert.Equal(expected, client.Next(1, out ulong next));
        Assert.Equal(0ul, next);
    }

    /// <summary>Any words from one client: no exception, no question more than there were beginnings, and another client is served after each.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AnyWords_HarmNobodyElse(int seed)
    {
        using CallMachine machine = new(clients: 2);
        RingChannel liar = machine.Raw(0);
        Assert.Equal(ChannelResult.Done, liar.TryOpen());
        PairClient<ChannelTransport> honest = machine.Client(1);
        Random random = new(seed);
        for (int step = 0; step < 2000; step++)
        {
            RingMessage message = default;
            message.Meta = (uint)random.Next(4) | (random.Next(2) == 0 ? First : 0);
            message.Payload.Word0 = (uint)random.Next(130) | ((ulong)(uint)random.Next(4) << 12) | (random.Next(20) == 0 ? (ulong)random.NextInt64() : 0);
            message.Payload.Word1 = (ulong)random.NextInt64() >> random.Next(64);
            message.Payload.Word2 = (ulong)random.NextInt64() >> random.Next(64);
            _ = liar.TrySend(in message);
            if (random.Next(3) == 0)
            {
                _ = liar.TryReceive(out _);
            }

            machine.States[0] = ChannelState.Open;
            Assert.Equal(CallResult.Ok, honest.Next((ulong)step, out ulong next));
            Assert.Equal((ulong)step + 1, next);
        }
    }

    private static bool Ask(ref RingChannel channel, uint number, ulong method, ulong word) => TrySend(ref channel, First | number, 1 | (method << 12), word);

    private static void Send(ref RingChannel channel, uint meta, ulong header, ulong word, ulong next = 0) =>
        Assert.True(TrySend(ref channel, meta, header, word, next));

    private static bool TrySend(ref RingChannel channel, uint meta, ulong header, ulong word, ulong next = 0)
    {
        RingMessage message = default;
        message.Meta = meta;
        message.Payload.Word0 = header;
        message.Payload.Word1 = word;
        message.Payload.Word2 = next;
        return channel.TrySend(in message) == ChannelResult.Done;
    }
}
