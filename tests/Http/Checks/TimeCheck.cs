using System.Text;
using Atoll.Http.Tests.Machine;
using Atoll.Services.Http.Engine;

namespace Atoll.Http.Tests.Checks;

/// <summary>What happens to slow clients, and to those who leave. Each says what is wrong, or null.</summary>
public static class TimeCheck
{
    private const ulong Second = 1_000_000;
    private static readonly HttpSettings s_settings = HttpSettings.For(HttpServer.BufferBytesMin);

    /// <summary>All of them.</summary>
    public static string? All() =>
        new[] { SilentClient, SlowHead, SlowContent, SteadyContent, StoppedContent, SlowReader, SteadyReader, Lingering, LeavingClient }
        .Select(check => check()).FirstOrDefault(wrong => wrong is not null);

    /// <summary>A client that asks nothing is let go when it has been idle for so long, and not before.</summary>
    public static string? SilentClient()
    {
        HostServer<Sample> server = Open(out int index);
        server.Now = s_settings.IdleTime;
        server.Run(index);
        bool isEarly = server.View.IsOver(index);
        server.Now = server.View.NextDeadline();
        server.Run(index);
        return isEarly || !server.View.IsOver(index) || server.Counters.Of(HttpEvent.IdleEnds) != 1 ? "a silent client" : null;
    }

    /// <summary>A head that comes one byte a second is refused when its time is over: more bytes do not make it longer.</summary>
    public static string? SlowHead()
    {
        HostServer<Sample> server = Open(out int index);
        List<byte> answer = [];
        int seconds = 0;
        while (answer.Count == 0 && seconds < 100)
        {
            server.Now += Second;
            server.Feed(index, "X"u8, answer);
            seconds++;
        }

        ulong time = (ulong)(seconds - 1) * Second;
        return time > s_settings.HeadTime || time < s_settings.HeadTime - Second ? $"a slow head ends after {seconds} s"
            : Ends(answer, 408);
    }

    /// <summary>Content that comes one byte a second is refused.</summary>
    public static string? SlowContent()
    {
        HostServer<Sample> server = Open(out int index);
        List<byte> answer = [];
        server.Feed(index, "POST /sum HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\n"u8, answer);
        for (int second = 0; second < 30 && answer.Count == 0; second++)
        {
            server.Now += Second;
            server.Feed(index, "X"u8, answer);
        }

        return Ends(answer, 408);
    }

    /// <summary>Content that comes steadily may take as long as it takes.</summary>
    public static string? SteadyContent()
    {
        HostServer<Sample> server = Open(out int index);
        List<byte> answer = [];
        server.Feed(index, "POST /sum HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\n"u8, answer);
        for (int second = 0; second < 250; second++)
        {
            server.Now += Second;
            server.Feed(index, new byte[200], answer);
        }

        return AnswerReader.ReadAll(answer.ToArray()) is [{ Status: 200 }] ? null : "steady content is refused";
    }

    /// <summary>Much content at first is no credit for later.</summary>
    public static string? StoppedContent()
    {
        HostServer<Sample> server = Open(out int index);
        List<byte> answer = [];
        server.Feed(index, "POST /sum HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\n"u8, answer);
        server.Feed(index, new byte[40_000], answer);
        for (int second = 0; second < 30 && answer.Count == 0; second++)
        {
            server.Now += Second;
            server.Feed(index, [], answer);
        }

        return Ends(answer, 408);
    }

    /// <summary>A client that takes one byte a second is cut.</summary>
    public static string? SlowReader() => Read(1, 30) is { } seconds && seconds is >= 10 and <= 20 ? null : "a slow reader";

    /// <summary>A client that takes its time, but takes, is not.</summary>
    public static string? SteadyReader() => Read(300, 300) == 300 ? null : "a steady reader";

    /// <summary>After the last answer the peer's end is waited for, and not for ever.</summary>
    public static string? Lingering()
    {
        HostServer<Sample> server = Open(out int index);
        server.Feed(index, "GET / HTTP/1.0\r\n\r\n"u8, []);
        bool isEarly = server.View.IsOver(index) || !server.View.IsSendingOver(index);
        server.Feed(index, new byte[100_000], []);
        isEarly |= server.View.IsOver(index);
        server.Now += s_settings.LingerTime;
        server.Run(index);
        return isEarly || !server.View.IsOver(index) ? "lingering" : null;
    }

    /// <summary>A client that sends no more is answered what it has asked; half a request is none.</summary>
    public static string? LeavingClient()
    {
        HostServer<Sample> server = Open(out int index);
        List<byte> answer = [];
        ReadOnlySpan<byte> requests = "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /big HTTP/1.1\r\nHost: a\r\n\r\nGET /"u8;
        requests.CopyTo(server.View.Room(index));
        server.View.Received(index, requests.Length);
        server.View.PeerEnded(index);
        server.Feed(index, [], answer);
        bool isOver = server.View.IsOver(index);
        HostServer<Sample> other = Open(out int half);
        other.Feed(half, "POST /sum HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc"u8, answer);
        other.View.PeerEnded(half);
        other.Feed(half, [], answer);
        return isOver && other.View.IsOver(half) && AnswerReader.ReadAll(answer.ToArray()) is [{ Status: 200 }, { Status: 200 }]
            ? null
            : "a client that leaves";
    }

    private static int? Read(int bytesASecond, int secondsMax)
    {
        HostServer<Sample> server = Open(out int index);
        "GET /big HTTP/1.1\r\nHost: a\r\n\r\n"u8.CopyTo(server.View.Room(index));
        server.View.Received(index, 30);
        for (int second = 0; second < secondsMax; second++)
        {
            server.Run(index);
            if (server.View.IsOver(index))
            {
                return second;
            }

            server.View.Sent(index, Math.Min(bytesASecond, server.View.Pending(index).Length));
            server.Now += Second;
        }

        return secondsMax;
    }

    private static string? Ends(List<byte> answer, int status)
    {
        IReadOnlyList<ReadAnswer> answers = AnswerReader.ReadAll(answer.ToArray());
        return answers is [{ IsLast: true } only] && only.Status == status
            ? null
            : $"not {status}: {Encoding.Latin1.GetString(answer.ToArray())}";
    }

    private static HostServer<Sample> Open(out int index)
    {
        var server = new HostServer<Sample>(default);
        index = server.View.Open();
        return server;
    }
}
