using Atoll.Net.Tests.Simulation;
using Atoll.Net.Tests.Wire;
using Atoll.Services.Net.Stack;

namespace Atoll.Net.Tests.Dns;

/// <summary>The DNS client against messages written from RFC 1035.</summary>
public sealed class DnsTests
{
    private readonly Bench _bench = new();

    [Fact]
    public void Name_IsFound_ThroughAnAlias_AndCompression()
    {
        Assert.Equal(NameResult.Waiting, NameResolver.Ask(_bench.View, "www.example.org"u8, out NameQuery query));
        Sent asked = _bench.Take();
        new SecondReader().Check(asked.Frame);
        byte[] question = asked.IpPayload[8..];
        Assert.Equal([3, .. "www"u8, 7, .. "example"u8, 3, .. "org"u8, 0, 0, 1, 0, 1], question[12..]);

        // www.example.org is an alias of web.example.org (pointer to "example.org" at 16), which has 192.0.2.80.
        byte[] records =
        [
            0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 6, 3, .. "web"u8, 0xC0, 16,
            3, .. "WEB"u8, 0xC0, 16, 0, 1, 0, 1, 0, 0, 0, 30, 0, 4, 192, 0, 2, 80,
        ];
        Assert.Equal(FrameOutcome.DnsAccepted, Answer(asked, 0x8180, 2, records));
        Assert.Equal(NameResult.Found, NameResolver.Poll(_bench.View, query, out Ipv4Address address, out uint seconds));
        Assert.Equal((0xC000_0250u, 30u), (address.Value, seconds));
        NameResolver.Release(_bench.View, query);
        Assert.Equal(NameResult.BadHandle, NameResolver.Poll(_bench.View, query, out _, out _));
    }

    [Theory]
    [InlineData(0x8183, NameResult.NotFound)]
    [InlineData(0x8182, NameResult.ServerFailed)]
    [InlineData(0x8380, NameResult.ServerFailed)]
    [InlineData(0x8180, NameResult.NotFound)]
    public void AnswerWithoutAddress_SaysWhy(int flags, NameResult expected)
    {
        Assert.Equal(NameResult.Waiting, NameResolver.Ask(_bench.View, "a.b"u8, out NameQuery query));
        Assert.Equal(FrameOutcome.DnsAccepted, Answer(_bench.Take(), flags, 0, []));
        Assert.Equal(expected, NameResolver.Poll(_bench.View, query, out _, out _));
    }

    [Fact]
    public void PointersInACircle_EndTheAnswer()
    {
        Assert.Equal(NameResult.Waiting, NameResolver.Ask(_bench.View, "a.b"u8, out NameQuery query));
        Sent asked = _bench.Take();
        int here = asked.IpPayload.Length - 8;
        Answer(asked, 0x8180, 2, [0xC0, (byte)here, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 1, 2, 3, 4, 0xC0, 12, 0, 5, 0, 1, 0, 0, 0,
            1, 0, 2, 0xC0, 12]);
        Assert.Equal(NameResult.ServerFailed, NameResolver.Poll(_bench.View, query, out _, out _));
    }

    // RFC 5452: number, port and question must be those that were asked.
    [Fact]
    public void ForgedAnswer_IsIgnored_AndTheQuestionIsRepeatedElsewhere()
    {
        Assert.Equal(NameResult.Waiting, NameResolver.Ask(_bench.View, "a.b"u8, out NameQuery query));
        Sent asked = _bench.Take();
        byte[] record = [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 6, 6, 6, 6];
        Assert.Equal(FrameOutcome.DnsIgnored, Answer(asked, 0x8180, 1, record, message => message[0] ^= 1));
        Assert.Equal(FrameOutcome.DnsIgnored, Answer(asked, 0x8180, 1, record, message => message[13] ^= 1));
        Assert.Equal(FrameOutcome.DnsIgnored, Answer(asked, 0x0100, 1, record));

        _bench.Wait(1_100_000);
        Sent again = _bench.Take();
        Assert.NotEqual((asked.SourcePort, asked.IpPayload[8], asked.IpPayload[9]), (again.SourcePort, again.IpPayload[8],
            again.IpPayload[9]));
        _bench.Wait(30_000_000);
        Assert.Equal(NameResult.TimedOut, NameResolver.Poll(_bench.View, query, out _, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a..b")]
    [InlineData("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg.org")]
    public void WhatIsNoName_IsRefused(string name) =>
        Assert.Equal(NameResult.BadName, NameResolver.Ask(_bench.View, System.Text.Encoding.ASCII.GetBytes(name), out _));

    private FrameOutcome Answer(Sent asked, int flags, byte answers, ReadOnlySpan<byte> records, Action<byte[]>? change = null)
    {
        byte[] message = [.. asked.IpPayload[8..], .. records];
        (message[2], message[3], message[7]) = ((byte)(flags >> 8), (byte)flags, answers);
        change?.Invoke(message);
        return _bench.Receive(FrameForge.Udp(53, asked.SourcePort, message));
    }
}
