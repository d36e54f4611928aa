using System.Text;
using System.Text.RegularExpressions;
using Atoll.Services.Lib;
using Atoll.Services.Lib.Sockets;
using Atoll.Services.Net;
using Atoll.Services.Net.Stack;
using Atoll.Services.Protocols;

namespace Atoll.Services.Tests.Net;

/// <summary>Who may look sees everything; who may not, nothing.</summary>
public sealed class ObserverServerTests : IDisposable
{
    private static readonly Caller s_client = new(NetRoom.Badge);
    private static readonly Caller s_observer = new(NetRoom.ObserverBadge);
    private readonly NetRoom _room = new();

    public void Dispose() => _room.Dispose();

    [Fact]
    public void Observer_SeesSockets_AndWhoseTheyAre()
    {
        SocketLibrary sockets = default;
        _room.Begin(0, ref sockets);
        Assert.Equal(Atoll.Services.Lib.Sockets.SocketResult.Done, sockets.Listen(80, 4, out _));
        Assert.Equal(Atoll.Services.Lib.Sockets.SocketResult.Done, sockets.OpenDatagrams(53, out _));
        Assert.Equal(Atoll.Services.Lib.Sockets.SocketResult.Done, sockets.Connect(new RemotePort(NetRoom.PeerAddress, 9), out _));
        Assert.Equal(
            [(SocketSort.Connection, 9, NetRoom.Badge), (SocketSort.Listener, 80, NetRoom.Badge), (SocketSort.Datagrams, 53, NetRoom.Badge)], Sockets());
    }

    [Fact]
    public void WhoMayNotLook_SeesNothing()
    {
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
