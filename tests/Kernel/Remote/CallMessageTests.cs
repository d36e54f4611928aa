using Atoll.Abi;
using Atoll.Arch;
using Atoll.Ipc;
using Atoll.Links;
using Atoll.Programs;
using Atoll.Remote;

namespace Atoll.Kernel.Tests.Remote;

/// <summary>How calls that cross travel: what is said is heard, and what a hostile kernel says fits the numbers that there are.</summary>
public sealed class CallMessageTests
{
    [Theory]
    [InlineData(0u, 0u, true, true, 0ul, 0u)]
    [InlineData(16383u, 31u, true, false, 0xFFFF_FFFFul, 4u)]
    [InlineData(258u, 17u, false, true, 0x8000_0001ul, 3u)]
    public void Call_IsHeardAsItIsSaid(uint home, uint number, bool isCall, bool mayWait, ulong label, uint words)
    {
        RemoteCall call = new()
        {
            HomeNumber = home, Number = number, IsCall = isCall, MayWait = mayWait, Header = MessageHeader.Of(label, words).Raw, Word0 = 1, Word1 = 2, Word2 = 3, Word3 = ulong.MaxValue,
        };
        LinkMessage message = CallMessage.Ask(in call);
        Assert.Equal((uint)KernelMessage.CallEndpoint, message.Kind);
        CallMessage.Decode(in message, out RemoteCall heard);
        Assert.Equal(call, heard);
    }

    /// <summary>A capability in a header is none any more: it has not crossed.</summary>
    [Fact]
    public void Call_CarriesNoCapability()
    {
        RemoteCall call = new() { Header = MessageHeader.Of(label: 5, words: 2, capabilities: 3).Raw };
        LinkMessage message = CallMessage.Ask(in call);
        CallMessage.Decode(in message, out RemoteCall heard);
        Assert.Equal(MessageHeader.Of(5, 2).Raw, heard.Header);
    }

    /// <summary>Labels of answers have all their 52 bits.</summary>
    [Theory]
    [InlineData(0u, 0ul, 0u)]
    [InlineData(31u, 0xF_FFFF_FFFF_FFFFul, 4u)]
    public void Answer_IsHeardAsItIsSaid(uint number, ulong label, uint words)
    {
        ForeignCaller caller = default;
        caller.Number = number;
        caller.Thread.Context.Rsi = MessageHeader.Of(label, words).Raw;
        (caller.Thread.Context.Rdx, caller.Thread.Context.R10, caller.Thread.Context.R8, caller.Thread.Context.R9) = (9, 8, 7, 6);
        LinkMessage message = CallMessage.Answer(in caller);
        CallMessage.Decode(in message, out RemoteAnswer answer);
        Assert.Equal(
            new RemoteAnswer { Number = number, Result = SystemResult.Ok, Header = MessageHeader.Of(label, words).Raw, Word0 = 9, Word1 = 8, Word2 = 7, Word3 = 6 }, answer);
    }

    [Theory]
    [InlineData(SystemResult.WouldBlock, SystemResult.WouldBlock)]
    [InlineData(SystemResult.Cancelled, SystemResult.Cancelled)]
    [InlineData(SystemResult.AddressInvalid, SystemResult.AddressInvalid)]
    [InlineData(SystemResult.OperationUnknown, SystemResult.OperationUnknown)]
    [InlineData(SystemResult.ArgumentInvalid, SystemResult.ArgumentInvalid)]
    [InlineData(SystemResult.Unaligned, SystemResult.Unaligned)]
    [InlineData(SystemResult.WrongState, SystemResult.WrongState)]
    [InlineData(SystemResult.BufferMissing, SystemResult.BufferMissing)]
    [InlineData(SystemResult.AuthorityMissing, SystemResult.AuthorityMissing)]
    [InlineData(SystemResult.Again, SystemResult.PeerDied)]
    [InlineData(SystemResult.TimedOut, SystemResult.PeerDied)]
    [InlineData((SystemResult)32, SystemResult.PeerDied)]
    [InlineData((SystemResult)(32 + SystemResult.WouldBlock), SystemResult.PeerDied)]
    [InlineData(SystemResult.PeerDied, SystemResult.PeerDied)]
    [InlineData(SystemResult.Ok, SystemResult.PeerDied)]
    [InlineData((SystemResult)1234, SystemResult.PeerDied)]
    public void Refusal_IsOneThatAHomeMaySay(SystemResult said, SystemResult heard)
    {
        LinkMessage message = CallMessage.Refuse(21, said);
        CallMessage.Decode(in message, out RemoteAnswer answer);
        Assert.Equal(new RemoteAnswer { Number = 21, Result = heard }, answer);
    }

    /// <summary>Whatever bits come: the numbers are those of a record, and no more words than registers carry.</summary>
    [Fact]
    public void HostileWords_StayInBounds()
    {
        LinkMessage message = default;
        message.Operation = ulong.MaxValue;
        CallMessage.Decode(in message, out RemoteCall call);
        Assert.Equal((31u, 4u, 0u), (call.Number, new MessageHeader(call.Header).Words, new MessageHeader(call.Header).Capabilities));
        Assert.False(new MessageHeader(call.Header).IsSignal);

        message.Operation &= ~(1ul << 9);
        CallMessage.Decode(in message, out RemoteAnswer answer);
        Assert.Equal((31u, 4u, 0u), (answer.Number, new MessageHeader(answer.Header).Words, new MessageHeader(answer.Header).Capabilities));
        Assert.False(new MessageHeader(answer.Header).IsSignal);
    }
}
