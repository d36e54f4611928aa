using Atoll.Abi;
using Atoll.Protocols.Tests.Sample;
using Atoll.Services.Lib;

namespace Atoll.Protocols.Tests.Talking;

/// <summary>The loop over an endpoint: which system calls it makes, and with which reply object.</summary>
public sealed class ServerLoopTests
{
    private const ulong Endpoint = 40;
    private const uint FirstReply = 8;
    private readonly List<string> _log = [];
    private readonly FakeKernel _kernel = new();

    [Fact]
    public void Answer_GoesOutWithTheNextReceive()
    {
        _kernel.Message(7, SampleProtocol.UnsignedId, 1, 2, 3, 4, 1).Message(9, SampleProtocol.NothingId);
        Serve(replies: 1);
        Assert.Equal(["7: unsigned 1 2 3 4 True", "9: nothing"], _log);
        Assert.Equal(["Receive 40 with 8", "ReplyReceive 40 with 8", "ReplyReceive 40 with 8"], _kernel.Calls);
        Assert.Equal(["8: None [b]", "8: None []"], _kernel.AnswerLines);
    }

    [Fact]
    public void Refusal_IsTheLabelOfAnEmptyAnswer()
    {
        _kernel.Message(7, 8).Message(7, SampleProtocol.NothingId, 1).Message(7, SampleProtocol.WaitId, 0);
        Serve(replies: 1);
        Assert.Empty(_log);
        Assert.Equal(["8: MethodUnknown []", "8: Malformed []", "8: Busy []"], _kernel.AnswerLines);
    }

    [Fact]
    public void CallerThatWaits_KeepsItsReplyObject_AndTheLastIsKeptFree()
    {
        _kernel.Message(1, SampleProtocol.WaitId, 0).Message(2, SampleProtocol.FetchId, 3, 9).Message(3, SampleProtocol.WaitId, 0).Message(4, SampleProtocol.NothingId);
        Serve(replies: 3);
        Assert.Equal(["1: wait  in 8", "2: fetch 3 9 in 9", "4: nothing"], _log);
        Assert.Equal(
            ["Receive 40 with 8", "Receive 40 with 9", "Receive 40 with 10", "ReplyReceive 40 with 10", "ReplyReceive 40 with 10"], _kernel.Calls);
        Assert.Equal(["10: Busy []", "10: None []"], _kernel.AnswerLines);
    }

    [Fact]
    public void LateAnswer_FreesItsReplyObject_AndASecondIsNotSent()
    {
        _kernel.Message(1, SampleProtocol.FetchId, 3, 9).Message(2, SampleProtocol.JoinId, 0, 1, 0).Message(3, SampleProtocol.WaitId, 0);
        SampleServer server = new(_log) { AnswersAtOnce = false };
        Queue<uint> waiting = server.Waiting;
        server.Meanwhile = () =>
        {
            uint reply = waiting.Dequeue();
            Assert.Equal(SystemResult.Ok, SampleReply.Fetch(reply, Shade.Dark, "abc"u8, 5));
            Assert.Equal(SystemResult.NoCaller, SampleReply.Fetch(reply, Shade.Dark, "abc"u8, 5));
        };
        Serve(ref server, replies: 2);
        Assert.Equal(["Receive 40 with 8", "Receive 40 with 9", "Send 8", "ReplyReceive 40 with 9", "Receive 40 with 8"], _kernel.Calls);
        Assert.Equal(["8: None [fffffffffffffffe 3 5 636261]", "9: None [0]"], _kernel.AnswerLines);
    }

    [Fact]
    public void ReplyThatNobodyHolds_IsNotSent()
    {
        _kernel.Outcome(SystemResult.SlotEmpty);
        Serve(replies: 2);
        foreach (uint reply in new uint[] { 0, 7, 8, 9, 10, 72, uint.MaxValue })
        {
            Assert.Equal(SystemResult.NoCaller, SampleReply.Wait(reply));
        }

        Assert.Single(_kernel.Calls);
    }

    [Fact]
    public void TooLongLateAnswer_RefusesTheCaller()
    {
        _kernel.Message(1, SampleProtocol.FetchId, 3, 9);
        SampleServer server = new(_log) { AnswersAtOnce = false };
        Serve(ref server, replies: 2);
        Assert.Equal(SystemResult.ArgumentInvalid, SampleReply.Fetch(server.Waiting.Dequeue(), Shade.Dark, new byte[SampleProtocol.FetchRoomMax + 1], 5));
        Assert.Equal(["8: AnswerInvalid []"], _kernel.AnswerLines);
    }

    [Fact]
    public void Signal_IsTold_AndNobodyAnswered()
    {
        _kernel.Signal(0x81).Message(7, SampleProtocol.NothingId).Signal(2);
        Serve(replies: 1);
        Assert.Equal(["signal 81", "7: nothing", "signal 2"], _log);
        Assert.Equal(["Receive 40 with 8", "Receive 40 with 8", "ReplyReceive 40 with 8", "Receive 40 with 8"], _kernel.Calls);
    }

    [Fact]
    public void Deadline_EndsTheWait_AlsoBehindAnAnswer()
    {
        _kernel.Message(7, SampleProtocol.NothingId).Outcome(SystemResult.TimedOut).Outcome(SystemResult.Cancelled).Signal(1);
        SampleServer server = new(_log) { NextDeadline = 1000 };
        Serve(ref server, replies: 1);
        Assert.Equal(["7: nothing", "elapsed 1000", "signal 1"], _log);
        Assert.Equal(
            ["Receive 40 with 8 until 1000", "ReplyReceive 40 with 8 until 1000", "Receive 40 with 8", "Receive 40 with 8", "Receive 40 with 8"],
            _kernel.Calls);
        Assert.Single(_kernel.Answers);
    }

    /// <summary>Words from the fifth on travel in the thread's buffer, which a call of another server uses, too.</summary>
    [Fact]
    public void CallInTheMiddle_ChangesNothingOfTheMessage()
    {
        byte[] text = [.. Enumerable.Range(1, 40).Select(value => (byte)value)];
        ulong[] words = [.. text.Chunk(8).Select(chunk => BitConverter.ToUInt64(chunk))];
        _kernel.Message(7, SampleProtocol.TurnId, [40, 40, .. words]).Message(7, SampleProtocol.JoinId, [40, 0, 0, .. words]);
        _kernel.OnCall = _ => [.. Enumerable.Repeat(ulong.MaxValue, MessageHeader.WordsMax)];
        SampleServer server = new(_log);
        server.Meanwhile = () =>
            Assert.Equal(CallResult.AnswerInvalid, new SampleClient(50).Join(Enumerable.Repeat((byte)0xAA, 900).ToArray(), 1, default, out _));
        Serve(ref server, replies: 1);
        byte[] turned = [.. _kernel.Answers[0].Words.Skip(3).SelectMany(BitConverter.GetBytes)];
        Assert.Equal(text.Reverse(), turned);
        Assert.Equal([unchecked((ulong)-40L), 40UL, 40UL], _kernel.Answers[0].Words.Take(3));
        Assert.Equal([$"7: join {Convert.ToHexString(text)} 0 "], _log);
    }

    /// <summary>What the server does not keep is deleted before it receives again; a signal or a loop of another protocol brings nothing.</summary>
    [Fact]
    public void CapabilitiesThatNobodyKeeps_AreDeleted()
    {
        _ = Inbox.Open(FakeSpace.Slots);
        _kernel.Carrying(7, SampleProtocol.NothingId, capabilities: 2).Message(8, SampleProtocol.NothingId).Carrying(7, 99, capabilities: 3);
        _kernel.OnCall = _ => [];
        Serve(replies: 1);
        Assert.Equal(["8: nothing"], _log);
        Assert.Equal(["8: Malformed []", "8: None []", "8: MethodUnknown []"], _kernel.AnswerLines);
        Assert.Equal([10UL, 11UL, 10UL, 11UL, 12UL], _kernel.Operations.Select(words => words[0]));
        Assert.Equal([true, true, true, true], _kernel.Admitted);
        Assert.Equal(0UL, ThreadBuffer.Buffer.ReceiveNode);
    }

    [Fact]
    public void WordsThatNoMessageHas_AreRefused()
    {
        // The kernel lets an answer's header say up to 127; a question's it checks. Neither may be believed.
        _kernel.Message(7, SampleProtocol.NothingId, [.. Enumerable.Repeat(0UL, 120)]);
        Serve(replies: 1);
        Assert.Equal((ulong)Refusal.Malformed, _kernel.Answers.Single().Label);
    }

    [Fact]
    public void SixtyFourReplyObjects_AllButOneCanHold()
    {
        for (int caller = 0; caller < 70; caller++)
        {
            _kernel.Message((ulong)caller, SampleProtocol.WaitId, 0);
        }

        Serve(replies: 80);
        Assert.Equal(63, _log.Count);
        Assert.Equal(7, _kernel.Answers.Count(answer => answer.Label == (ulong)Refusal.Busy && answer.Reply == FirstReply + 63));
    }

    private void Serve(uint replies)
    {
        SampleServer server = new(_log) { AnswersAtOnce = false };
        Serve(ref server, replies);
    }

    private void Serve(ref SampleServer server, uint replies)
    {
        HostKernel.Current = _kernel;
        Assert.Equal(SystemResult.SlotEmpty, SampleDispatch.Run(ref server, Endpoint, ReplySet.Of(FirstReply, replies)));
    }
}
