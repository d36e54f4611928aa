using Atoll.Abi;
using Atoll.Protocols.Tests.Sample;
using Atoll.Services.Lib;

namespace Atoll.Protocols.Tests.Talking;

/// <summary>A client over an endpoint: what goes into registers, what into the buffer, and what the kernel's results become.</summary>
public sealed class EndpointTests : IHostKernel
{
    private CallFrame _asked;
    private CallFrame _answer;
    private (ulong Node, ulong Index) _receives;

    public EndpointTests() => HostKernel.Current = this;

    ulong IHostKernel.Now => 0;

    void IHostKernel.Do(ref CallFrame frame)
    {
        _asked = frame;
        _receives = (ThreadBuffer.Buffer.ReceiveNode, ThreadBuffer.Buffer.ReceiveIndex);
        frame = _answer;
    }

    [Fact]
    public void FirstFourWords_TravelInRegisters()
    {
        _answer = new CallFrame { Header = MessageHeader.Of(0, 1).Raw, Word0 = 99 };
        Assert.Equal(CallResult.Ok, new SampleClient(12).Unsigned(1, 2, 3, 4, true, out ulong result));
        Assert.Equal(99UL, result);
        Assert.Equal(
            [(ulong)SystemCall.Call, 12UL, MessageHeader.Of(SampleProtocol.UnsignedId, 5).Raw, 1UL, 2UL, 3UL, 4UL, 1UL],
            [_asked.Number, _asked.Address, _asked.Header, _asked.Word0, _asked.Word1, _asked.Word2, _asked.Word3, ThreadBuffer.Words[4]]);
    }

    [Fact]
    public void Capabilities_AreNamedInTheBuffer_AndMayComeDuringTheCallOnly()
    {
        SlotRow row = Inbox.Open(FakeSpace.Slots);
        OwnSlot first = row.Take();
        OwnSlot second = row.Take();
        _answer = new CallFrame { Number = (ulong)SystemResult.PeerDied };
        Assert.Equal(CallResult.PeerDied, new SampleClient(12).Trade(new(40), 5, new(41), ref first, out _, out _, ref second, out _, out _));
        Assert.Equal(MessageHeader.Of(SampleProtocol.TradeId, 1, 2).Raw, _asked.Header);
        Assert.Equal((40UL, 41UL), (ThreadBuffer.Buffer.Capabilities[0], ThreadBuffer.Buffer.Capabilities[1]));
        Assert.Equal((9UL, 10UL), _receives);
        Assert.Equal((0UL, 0UL), (ThreadBuffer.Buffer.ReceiveNode, ThreadBuffer.Buffer.ReceiveIndex));

        Assert.Equal(CallResult.PeerDied, new SampleClient(12).Nothing());
        Assert.Equal((0UL, 0UL), _receives);
        Assert.Equal(MessageHeader.Of(SampleProtocol.NothingId, 0).Raw, _asked.Header);
    }

    [Fact]
    public void Deadline_IsPassedOn()
    {
        _answer = new CallFrame { Number = (ulong)SystemResult.TimedOut };
        Assert.Equal(CallResult.TimedOut, new SampleClient(12, deadline: 777).Nothing());
        Assert.Equal((ulong)SystemCall.Call | SystemCallFlags.HasDeadline, _asked.Number);
        Assert.Equal(777UL, _asked.Deadline);
    }

    [Theory]
    [InlineData(SystemResult.SlotEmpty, CallResult.SlotEmpty)]
    [InlineData(SystemResult.RightMissing, CallResult.RightMissing)]
    [InlineData(SystemResult.PeerDied, CallResult.PeerDied)]
    [InlineData(SystemResult.Cancelled, CallResult.Cancelled)]
    public void KernelsResult_IsTheOutcome(SystemResult said, CallResult expected)
    {
        _answer = new CallFrame { Number = (ulong)said, Header = MessageHeader.Of(0, 1).Raw, Word0 = 99 };
        Assert.Equal(expected, new SampleClient(12).Unsigned(1, 2, 3, 4, true, out ulong result));
        Assert.Equal(0UL, result);
    }

    /// <summary>MessageHeader has seven bits for words: an answer can say 127.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(120)]
    [InlineData(121)]
    [InlineData(127)]
    public void WrongNumberOfWords_IsNoAnswer(uint words)
    {
        _answer = new CallFrame { Header = MessageHeader.Of(0, words).Raw };
        Assert.Equal(CallResult.AnswerInvalid, new SampleClient(12).Unsigned(1, 2, 3, 4, true, out _));
    }

    [Theory]
    [InlineData(1, CallResult.MethodUnknown)]
    [InlineData(2, CallResult.Malformed)]
    [InlineData(3, CallResult.Busy)]
    [InlineData(4, CallResult.AnswerInvalid)]
    [InlineData(5, CallResult.AnswerInvalid)]
    [InlineData(0xF_FFFF_FFFF_FFFF, CallResult.AnswerInvalid)]
    public void Label_IsTheRefusal(ulong label, CallResult expected)
    {
        _answer = new CallFrame { Header = MessageHeader.Of(label, 1).Raw };
        Assert.Equal(expected, new SampleClient(12).Unsigned(1, 2, 3, 4, true, out _));
    }
}
