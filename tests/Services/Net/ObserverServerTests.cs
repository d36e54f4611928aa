using System.Text;
using System.Text.RegularExpressions;
using Atoll.Services.Lib;
using Atoll.Services.Net;
using Atoll.Services.Net.Stack;
using Atoll.Services.Protocols;

namespace Atoll.Services.Tests.Net;

/// <summary>Who may look sees everything and can do nothing; who may not, sees nothing of others.</summary>
public sealed class ObserverServerTests
{
    private static readonly Caller s_client = new(NetRoom.Badge);
    private static readonly Caller s_observer = new(NetRoom.ObserverBadge);
    private readonly NetRoom _room = new();

    [Fact]
    public void Observer_SeesSockets_AndWhoseTheyAre()
    {
        Assert.Equal(SocketAnswer.Done, _room.Begin(NetRoom.Badge));
        Assert.Equal(SocketAnswer.Done, _room.Server.Listen(s_client, 80, 4, out _));
        Assert.Equal(SocketAnswer.Done, _room.Server.Open(s_client, 53, out _));
        Assert.Equal(SocketAnswer.Done, _room.Server.Connect(s_client, NetRoom.PeerAddress, 9, out _));
        Assert.Equal(
            [(SocketSort.Connection, 9, NetRoom.Badge), (SocketSort.Listener, 80, NetRoom.Badge), (SocketSort.Datagrams, 53, NetRoom.Badge)], Sockets());
    }

    [Fact]
    public void Observer_CanDoNothing()
    {
        Assert.Equal(SocketAnswer.NoClient, _room.Begin(NetRoom.ObserverBadge));
        Assert.Equal(SocketAnswer.NoClient, _room.Server.Listen(s_observer, 80, 4, out _));
        Assert.Equal(SocketAnswer.NoClient, _room.Server.Connect(s_observer, NetRoom.PeerAddress, 9, out _));
        Assert.Equal(SocketAnswer.NoClient, _room.Server.Open(s_observer, 53, out _));
    }

    [Fact]
    public void Client_SeesNothingOfOthers()
    {
        Assert.Equal(SocketAnswer.Done, _room.Begin(NetRoom.Badge));
        Assert.Equal(
            SocketAnswer.NoClient, _room.Server.Describe(s_client, 0, out _, out _, out _, out _, out _, out _, out _, out _, out _));
        Assert.Equal(SocketAnswer.NoClient, _room.Server.Places(s_client, out _, out _));
        Assert.Equal((41u, SocketAnswer.NoClient), Ping(s_client, NetRoom.PeerAddress));
    }

    [Fact]
    public void HostThatIsThere_Answers_AndNobodyDoesNot()
    {
        _room.Run(1_000);
        Assert.Equal((41u, SocketAnswer.Done), Ping(s_observer, NetRoom.PeerAddress));
        Assert.Equal((41u, SocketAnswer.TimedOut), Ping(s_observer, NetRoom.PeerAddress + 1));
        Assert.Equal((41u, SocketAnswer.NoRoute), Ping(s_observer, 0x0808_0808));
        Assert.Equal((41u, SocketAnswer.BadArgument), Ping(s_observer, 0xE000_0001));
    }

    /// <summary>There are eight places for requests, and none is lost.</summary>
    [Fact]
    public void PlacesOfRequests_ComeBack()
    {
        _room.Run(1_000);
        for (int round = 0; round < 20; round++)
        {
            Assert.Equal((41u, SocketAnswer.TimedOut), Ping(s_observer, NetRoom.PeerAddress + 1));
        }

        Assert.Equal((41u, SocketAnswer.Done), Ping(s_observer, NetRoom.PeerAddress));
    }

    [Fact]
    public void Counters_HaveTheNamesOfTheirEnumerations()
    {
        foreach (FrameOutcome outcome in Enum.GetValues<FrameOutcome>())
        {
            Assert.Equal(outcome == FrameOutcome.Count ? "" : InWords(outcome.ToString()), Encoding.ASCII.GetString(OutcomeNames.Of(outcome)));
        }

        foreach (StackEvent counted in Enum.GetValues<StackEvent>())
        {
            Assert.Equal(counted == StackEvent.Count ? "" : InWords(counted.ToString()), Encoding.ASCII.GetString(EventNames.Of(counted)));
        }
    }

    [Fact]
    public void SortsAndStates_HaveTheNumbersOfTheStack()
    {
        foreach (TcpState state in Enum.GetValues<TcpState>())
        {
            Assert.Equal(state.ToString(), ((ConnectionState)(uint)state).ToString());
        }

        Assert.Equal(((uint)SocketKind.Listener, (uint)SocketKind.Connection, (uint)SocketKind.Udp), ((uint)SocketSort.Listener, (uint)SocketSort.Connection, (uint)SocketSort.Datagrams));
    }

    private static string InWords(string name) => Regex.Replace(name, "(?<=.)[A-Z]", match => " " + match.Value).ToLowerInvariant();

    private List<(SocketSort, int, ulong)> Sockets()
    {
        List<(SocketSort, int, ulong)> found = [];
        uint place = 0;
        while (_room.Server.Describe(
            s_observer, place, out place, out ulong owner, out SocketSort sort, out _, out ushort port, out _, out ushort peer, out _, out _) == SocketAnswer.Done)
        {
            found.Add((sort, sort == SocketSort.Connection ? peer : port, owner));
            place++;
        }

        return found;
    }

    private (uint, SocketAnswer) Ping(Caller caller, uint address)
    {
        List<SocketAnswer> answers = [];
        ThreadBuffer.Replies.Hold(41);
        _room.Machine.OnSend[41] = () => answers.Add((SocketAnswer)(int)ThreadBuffer.Words[0]);
        _room.Server.Ping(caller, 41, address, 100_000);
        for (int time = 0; time < 30 && answers.Count == 0; time++)
        {
            _room.Run(10_000);
        }

        return (41, Assert.Single(answers));
    }
}
