using Atoll.Abi;
using Atoll.Services.Directory;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Tests.Directory;

/// <summary>A switchboard that says anything it likes harms its own programs only (docs/trust.md).</summary>
public sealed class DirectoryServerTests
{
    private const uint Cores = 5;
    private const uint Hostile = 1;
    private readonly Random _random = new(1);
    private DirectoryState _state;

    public DirectoryServerTests() => _state.Begin(
        HostRegion.Make(ListenerRow.SizeBytes * DirectoryLimits.Listeners * (int)Cores),
        HostRegion.Make(CallRow.SizeBytes * DirectoryLimits.Calls * (int)Cores),
        HostRegion.Make(CoreRow.SizeBytes * (int)Cores),
        Cores,
        1);

    /// <summary>Between its messages two others connect, again and again: what they are told is what they would be told without it.</summary>
    [Fact]
    public void HostileSwitchboard_ChangesNothingForOthers()
    {
        Hear(2, DirectoryRequest.Announce, 0x100, 7, 'a');
        for (int round = 0; round < 2000; round++)
        {
            Lie();
            Hear(0, DirectoryRequest.Connect, 3 | (2UL << 32), 7, 'a', badge: 9);
            RingMessage route = Next(0, DirectoryOrder.Route);
            RingMessage arrive = Next(2, DirectoryOrder.Arrive);
            Assert.Equal((3ul, 2ul), (route.Payload.Word0, route.Payload.Word2));
            Assert.Equal((route.Payload.Word1, 0x100ul, 0ul, 9ul), (arrive.Payload.Word1, arrive.Payload.Word2, arrive.Payload.Word3, arrive.Payload.Word4));
            Lie();

            // It may know the ticket and the number.
            Say(Hostile, DirectoryMessages.Of((uint)DirectoryRequest.Refused, arrive.Payload.Word0, route.Payload.Word1, 1));
            Say(Hostile, DirectoryMessages.Of((uint)DirectoryRequest.Fail, 3, route.Payload.Word1));
            Say(Hostile, DirectoryMessages.Of((uint)DirectoryRequest.Withdraw, 0x100));
            Say(2, DirectoryMessages.Of((uint)DirectoryRequest.Given, arrive.Payload.Word0, route.Payload.Word1));
            Assert.Equal((ulong)ConnectAnswer.Done, Next(0, DirectoryOrder.Answer).Payload.Word1);
            Assert.True(_state.IsSettled(0));
        }

        Assert.NotEqual(0ul, _state.Refused);
    }

    /// <summary>What a server's switchboard says of a call that was cancelled says nothing of the next in its place.</summary>
    [Fact]
    public void LateWord_OfACancelledCall_SettlesNothing()
    {
        Hear(2, DirectoryRequest.Announce, 0x100, 7, 'a');
        Hear(0, DirectoryRequest.Connect, 3 | (2UL << 32), 7, 'a');
        ulong late = Next(0, DirectoryOrder.Route).Payload.Word1;
        ulong ticket = Next(2, DirectoryOrder.Arrive).Payload.Word0;
        Say(0, DirectoryMessages.Of((uint)DirectoryRequest.Fail, 3, late));
        _ = Next(2, DirectoryOrder.Cancel);
        _ = Next(0, DirectoryOrder.Answer);
        Hear(0, DirectoryRequest.Connect, 3 | (2UL << 32), 7, 'a');
        ulong connection = Next(0, DirectoryOrder.Route).Payload.Word1;
        _ = Next(2, DirectoryOrder.Arrive);

        Say(2, DirectoryMessages.Of((uint)DirectoryRequest.Refused, ticket, late, (ulong)ConnectAnswer.NoRoom));
        Assert.False(_state.Owes(0));
        Say(2, DirectoryMessages.Of((uint)DirectoryRequest.Given, ticket, connection));
        Assert.Equal((ulong)ConnectAnswer.Done, Next(0, DirectoryOrder.Answer).Payload.Word1);
    }

    /// <summary>An answer that means nothing is told as none.</summary>
    [Theory]
    [InlineData(0ul)]
    [InlineData(99ul)]
    [InlineData(ulong.MaxValue)]
    public void Refusal_WithoutAMeaning_IsUnavailable(ulong reason)
    {
        Hear(2, DirectoryRequest.Announce, 0x100, 7, 'a');
        Hear(0, DirectoryRequest.Connect, ConnectCore.Any * (1UL << 32), 7, 'a');
        ulong connection = Next(0, DirectoryOrder.Route).Payload.Word1;
        ulong ticket = Next(2, DirectoryOrder.Arrive).Payload.Word0;
        Say(2, DirectoryMessages.Of((uint)DirectoryRequest.Refused, ticket, connection, reason));
        Assert.Equal((ulong)ConnectAnswer.Unavailable, Next(0, DirectoryOrder.Answer).Payload.Word1);
    }

    /// <summary>As many connections as a server's switchboard can hold are on their way to it; the next is told to come again.</summary>
    [Fact]
    public void Arrivals_AreCounted()
    {
        uint[] askers = [0, 1, 3];
        Hear(2, DirectoryRequest.Announce, 0x100, 7, 'a');
        for (uint call = 0; call < DirectoryLimits.Arrivals; call++)
        {
            uint asker = askers[call / DirectoryLimits.Calls];
            Hear(asker, DirectoryRequest.Connect, (call % DirectoryLimits.Calls) | (2UL << 32), 7, 'a');
            _ = Next(asker, DirectoryOrder.Route);
        }

        Hear(4, DirectoryRequest.Connect, 2UL << 32, 7, 'a');
        Assert.Equal((ulong)ConnectAnswer.Busy, Next(4, DirectoryOrder.Answer).Payload.Word1);
        RingMessage first = Next(2, DirectoryOrder.Arrive);
        for (uint arrival = 1; arrival < DirectoryLimits.Arrivals; arrival++)
        {
            _ = Next(2, DirectoryOrder.Arrive);
        }

        // The first is taken back: as soon as that is told there is room for another.
        Say(0, DirectoryMessages.Of((uint)DirectoryRequest.Fail, 0, first.Payload.Word1));
        Hear(4, DirectoryRequest.Connect, 2UL << 32, 7, 'a');
        Assert.Equal((ulong)ConnectAnswer.Busy, Next(4, DirectoryOrder.Answer).Payload.Word1);
        Assert.Equal(first.Payload.Word1, Next(2, DirectoryOrder.Cancel).Payload.Word1);
        Assert.Equal((ulong)ConnectAnswer.NoEnds, Next(0, DirectoryOrder.Answer).Payload.Word1);
        Hear(4, DirectoryRequest.Connect, 2UL << 32, 7, 'a');
        _ = Next(4, DirectoryOrder.Route);
        _ = Next(2, DirectoryOrder.Arrive);
    }

    private void Lie()
    {
        for (int lies = _random.Next(20); lies > 0; lies--)
        {
            uint core = (uint)_random.Next((int)Cores);
            ulong word = _random.Next(3) == 0 ? (ulong)_random.NextInt64() : (ulong)_random.Next(40);
            Hear(Hostile, (DirectoryRequest)_random.Next(8), word | ((ulong)core << 32), (ulong)_random.Next(9), 'b', badge: word);

            // What it is owed it takes or leaves; what it has done to cores of which it is the asker reaches them.
            if (_random.Next(2) == 0 && _state.Owes(Hostile))
            {
                _state.Say(Hostile);
            }
        }
    }

    private void Hear(uint core, DirectoryRequest request, ulong word0, ulong key, char name, ulong badge = 0)
    {
        NameWords words = new() { Word0 = name };
        Say(core, DirectoryMessages.Of(request, word0, key, in words, badge));
    }

    private void Say(uint core, RingMessage message) => _state.Hear(core, in message);

    private RingMessage Next(uint core, DirectoryOrder order)
    {
        RingMessage message = Take(core);
        Assert.Equal((uint)order, message.Meta);
        return message;
    }

    private RingMessage Take(uint core)
    {
        Assert.True(_state.TryPeek(core, out RingMessage message));
        _state.Say(core);
        return message;
    }
}
