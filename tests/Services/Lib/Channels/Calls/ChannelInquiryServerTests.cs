using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Tests.Lib.Channels.Calls;

/// <summary>Calls over a channel by who waits for something else (<see cref="ChannelInquiry"/>), against the server's own code.</summary>
public sealed class ChannelInquiryServerTests
{
    private const int BytesMost = (MessageHeader.WordsMax - 2) * 8;

    [Fact]
    public void Question_IsAskedOnce_AndItsAnswerTakenWhenItIsThere()
    {
        using CallMachine machine = Machine();
        PairClient<ChannelInquiry> client = machine.Inquiry(0);
        Assert.True(client.Transport.Begin());
        for (ulong number = 0; number < 200; number++)
        {
            for (int turn = 0; turn < 3; turn++)
            {
                Assert.Equal(CallResult.Busy, client.Next(number, out _));
            }

            machine.Serve();
            Assert.Equal(CallResult.Ok, client.Next(number, out ulong next));
            Assert.Equal(number + 1, next);
        }

        Assert.Equal(200, machine.Asked.Count);
    }

    [Fact]
    public void Bytes_OfAnyLength_ComeBack()
    {
        using CallMachine machine = Machine();
        PairClient<ChannelInquiry> client = machine.Inquiry(0);
        Assert.True(client.Transport.Begin());
        for (int count = 0; count <= BytesMost; count++)
        {
            byte[] bytes = [.. Enumerable.Range(0, count).Select(index => (byte)((index * 7) + count))];
            byte[] back = new byte[count];
            Assert.Equal(CallResult.Busy, client.Mirror(bytes, back, out _, out _));
            machine.Serve();
            Assert.Equal(CallResult.Ok, client.Mirror(bytes, back, out uint length, out PairAnswer answer));
            Assert.Equal((PairAnswer.Done, (uint)count), (answer, length));
            Assert.Equal(bytes.Reverse(), back);
        }
    }

    /// <summary>Between question and answer the thread asks somebody else, in the same message buffer.</summary>
    [Fact]
    public void TwoServers_AreAskedAtOnce()
    {
        using CallMachine machine = Machine(clients: 2);
        PairClient<ChannelInquiry> first = machine.Inquiry(0);
        PairClient<ChannelInquiry> second = machine.Inquiry(1);
        Assert.True(first.Transport.Begin() && second.Transport.Begin());
        Assert.Equal(CallResult.Busy, first.Next(1, out _));
        Assert.Equal(CallResult.Busy, second.Next(10, out _));
        machine.Serve();
        Assert.Equal(CallResult.Ok, second.Next(10, out ulong next));
        Assert.Equal(11ul, next);
        Assert.Equal(CallResult.Ok, first.Next(1, out next));
        Assert.Equal(2ul, next);
    }

    /// <summary>An answer that comes behind a new question is not taken for its answer.</summary>
    [Fact]
    public void AnswerToWhatWasGivenUp_IsDropped()
    {
        using CallMachine machine = Machine();
        PairClient<ChannelInquiry> client = machine.Inquiry(0);
        Assert.True(client.Transport.Begin());
        Assert.Equal(CallResult.Busy, client.Next(1, out _));
        Assert.True(client.Transport.Begin());
        Assert.Equal(CallResult.Busy, client.Next(10, out _));
        machine.Serve();
        Assert.Equal(CallResult.Ok, client.Next(10, out ulong next));
        Assert.Equal(11ul, next);
        Assert.Equal(2, machine.Asked.Count);
    }

    /// <summary>One that came before is taken, and the server is rung: nothing else tells it that there is room.</summary>
    [Fact]
    public void LateAnswer_IsTaken_AndTheServerHearsOfTheRoom()
    {
        using CallMachine machine = Machine();
        PairClient<ChannelInquiry> client = machine.Inquiry(0);
        Assert.True(client.Transport.Begin());
        Assert.Equal(CallResult.Busy, client.Next(1, out _));
        machine.Serve();
        int before = machine.Rings;
        Assert.True(client.Transport.Begin());
        Assert.Equal(CallResult.Busy, client.Next(10, out _));
        Assert.Equal(2, machine.Rings - before);
        machine.Serve();
        Assert.Equal(CallResult.Ok, client.Next(10, out ulong next));
        Assert.Equal(11ul, next);
    }

    /// <summary>Questions that nobody reads fill the ring; nothing waits, and what is left of them spoils no other.</summary>
    [Fact]
    public void RingThatNobodyReads_IsBusy_AndWorksAgain()
    {
        using CallMachine machine = Machine();
        PairClient<ChannelInquiry> client = machine.Inquiry(0);
        byte[] bytes = new byte[BytesMost];
        for (int round = 0; round < 10; round++)
        {
            Assert.True(client.Transport.Begin());
            Assert.Equal(CallResult.Busy, client.Mirror(bytes, bytes, out _, out _));
        }

        machine.Serve();
        Assert.True(client.Transport.Begin());
        Assert.Equal(CallResult.Busy, client.Next(1, out _));
        machine.Serve();
        Assert.Equal(CallResult.Ok, client.Next(1, out ulong next));
        Assert.Equal(2ul, next);
    }

    /// <summary>Nobody tells of a death: whoever begins finds it, and asks for the next life.</summary>
    [Fact]
    public void DeathOfTheServer_IsFoundByWhoBegins()
    {
        using CallMachine machine = Machine();
        PairClient<ChannelInquiry> client = machine.Inquiry(0);
        Assert.True(client.Transport.Begin());
        Assert.Equal(CallResult.Busy, client.Next(1, out _));
        machine.States[0] = ChannelState.Asking;
        Assert.Equal(CallResult.Busy, client.Next(1, out _));
        Assert.False(client.Transport.Begin());
        Assert.Equal(1, machine.Reopened);
        Assert.False(client.Transport.Begin());
        Assert.Equal(CallResult.PeerDied, client.Next(1, out _));
    }

    /// <summary>One that died before anybody looked.</summary>
    [Fact]
    public void ServerThatIsDeadAtFirst_IsNoAnswer()
    {
        using CallMachine machine = Machine();
        machine.States[0] = ChannelState.PeerDied;
        PairClient<ChannelInquiry> client = machine.Inquiry(0);
        Assert.True(client.Transport.Begin());
        Assert.Equal(CallResult.PeerDied, client.Next(1, out _));
    }

    [Fact]
    public void EndThatIsNotGiven_AsksNobody()
    {
        using CallMachine machine = Machine();
        GrantRecord none = default;
        Assert.False(ChannelInquiry.Of(in none, HostRegion.Make(ChannelInquiry.SizeBytes), 0).Begin());
    }

    private static CallMachine Machine(int clients = 1) => new(clients) { WhenWaiting = () => throw new InvalidOperationException("an inquiry waits") };
}
