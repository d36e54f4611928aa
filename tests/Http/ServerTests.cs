using System.Text;
using Atoll.Http.Tests.Checks;
using Atoll.Http.Tests.Machine;
using Atoll.Services.Http.Engine;

namespace Atoll.Http.Tests;

/// <summary>Places, settings, and what an application may not do.</summary>
public sealed class ServerTests
{
    // Typed in from RFC 9110, "Date/Time Formats", and from calendars.
    [Theory]
    [InlineData(784_111_777UL, "Sun, 06 Nov 1994 08:49:37 GMT")]
    [InlineData(951_782_400UL, "Tue, 29 Feb 2000 00:00:00 GMT")]
    [InlineData(1UL, "Thu, 01 Jan 1970 00:00:01 GMT")]
    [InlineData(4_107_542_399UL, "Sun, 28 Feb 2100 23:59:59 GMT")]
    [InlineData(4_107_542_400UL, "Mon, 01 Mar 2100 00:00:00 GMT")]
    public void Date_IsWrittenAsRfc9110Says(ulong seconds, string text)
    {
        HttpSettings settings = HttpSettings.For(HttpServer.BufferBytesMin);
        settings.EpochSeconds = seconds;
        byte[] answer = new HostServer<Sample>(default, settings: settings).Answer([Get()], out _);

        Assert.Equal(text, AnswerReader.ReadAll(answer)[0].Field("Date"));
    }

    [Fact]
    public void Date_IsLeftOutWithoutClock() =>
        Assert.Null(AnswerReader.ReadAll(new HostServer<Sample>(default).Answer([Get()], out _))[0].Field("Date"));

    [Theory]
    [InlineData("/", "6")]
    [InlineData("/big", "100000")]
    [InlineData("/stream", null)]
    [InlineData("/none", "14")]
    public void Head_HasTheSameFieldsAndNoContent(string path, string? length)
    {
        byte[] get = new HostServer<Sample>(default).Answer([Encoding.Latin1.GetBytes($"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n")], out _);
        byte[] head = new HostServer<Sample>(default).Answer([Encoding.Latin1.GetBytes($"HEAD {path} HTTP/1.1\r\nHost: a\r\n\r\n")], out _);
        ReadAnswer answer = Assert.Single(AnswerReader.ReadAll(head, 0));

        Assert.Equal(AnswerReader.ReadAll(get)[0].Head, answer.Head);
        Assert.Equal(length, answer.Field("Content-Length"));
    }

    [Fact]
    public void BrokenApplication_IsSeenByItsClient()
    {
        var server = new HostServer<Sample>(default);
        byte[] answer = server.Answer([Encoding.Latin1.GetBytes("GET /broken HTTP/1.1\r\nHost: a\r\n\r\n")], out bool isOver);

        Assert.True(isOver);
        Assert.Throws<FormatException>(() => AnswerReader.ReadAll(answer));
        Assert.Equal(1UL, server.Counters.Of(HttpEvent.ApplicationFaults));
    }

    [Fact]
    public void Places_AreTakenAndGivenBack()
    {
        var server = new HostServer<Sample>(default, connections: 2);
        int first = server.View.Open();
        server.Now = 5;
        int second = server.View.Open();
        Assert.Equal(HttpServer.None, server.View.Open());

        Assert.True(server.View.TryFindIdle(out int idle));
        Assert.Equal(first, idle);
        server.Feed(first, "GET"u8, []);
        Assert.True(server.View.TryFindIdle(out idle));
        Assert.Equal(second, idle);
        server.Feed(second, "GET"u8, []);
        Assert.False(server.View.TryFindIdle(out _));

        server.View.Close(first);
        server.View.Close(first);
        Assert.Equal(first, server.View.Open());
        Assert.Equal(3UL, server.Counters.Of(HttpEvent.ConnectionsOpened));
        Assert.Equal(1UL, server.Counters.Of(HttpEvent.ConnectionsClosed));
    }

    [Fact]
    public void ConnectionWithoutPlace_IsRefusedByName()
    {
        var server = new HostServer<Sample>(default);
        byte[] room = new byte[512];
        int length = server.View.Refuse(room);
        ReadAnswer answer = Assert.Single(AnswerReader.ReadAll(room.AsSpan(0, length)));

        Assert.Equal(503, answer.Status);
        Assert.True(answer.IsLast);
        Assert.Equal(1UL, server.Counters.Of(RequestFault.NoPlace));
    }

    [Fact]
    public void EveryFault_HasItsSentenceAndNoOtherHasIt()
    {
        string[] sentences = [.. Enumerable.Range(1, (int)RequestFault.Count - 1)
            .Select(fault => Encoding.ASCII.GetString(RequestFaults.SentenceOf((RequestFault)fault)))];

        Assert.Distinct(sentences);
        Assert.DoesNotContain(Encoding.ASCII.GetString(RequestFaults.SentenceOf(RequestFault.None)), sentences);
    }

    [Fact]
    public void BadSettings_AreRefused()
    {
        Assert.Equal(HttpSetup.BadTime, Setup((ref HttpSettings settings) => settings.LingerTime = 0));
        Assert.Equal(HttpSetup.BadLimit, Setup((ref HttpSettings settings) => settings.HeadBytesMax++));
        Assert.Equal(HttpSetup.BadLimit, Setup((ref HttpSettings settings) => settings.TargetBytesMax = settings.HeadBytesMax));
        Assert.Equal(HttpSetup.BufferTooSmall, Setup((ref HttpSettings _) => { }, bytes: HttpServer.BufferBytesMin - 1));
        Assert.Equal(HttpSetup.PoolTooSmall, Setup((ref HttpSettings _) => { }, connections: 2));
        Assert.Equal(HttpSetup.PoolTooSmall, Setup((ref HttpSettings _) => { }, connections: 0));
        Assert.Equal(HttpSetup.Ready, Setup((ref HttpSettings _) => { }));
    }

    private delegate void Change(ref HttpSettings settings);

    private static HttpSetup Setup(Change change, int bytes = HttpServer.BufferBytesMin, int connections = 1)
    {
        HttpState state = default;
        HttpSettings settings = HttpSettings.For(bytes);
        change(ref settings);
        HttpPools pools = new()
        {
            Connections = new HttpConnection[connections],
            InputBytes = new byte[bytes],
            OutputBytes = new byte[bytes],
            InputBytesEach = bytes,
            OutputBytesEach = bytes,
        };
        return new HttpServer(ref state, pools, 0).Begin(settings);
    }

    private static byte[] Get() => Encoding.Latin1.GetBytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
}
