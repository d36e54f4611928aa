using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Atoll.TestVm.Scenarios;

namespace Atoll.TestVm.Guest;

/// <summary>The host's end of talks with a web server in the machine: .NET's client, curl, and requests that no client sends.</summary>
/// <param name="port">The host's port that leads to it.</param>
public sealed class WebHost(int port) : IDisposable
{
    private const int ReceiveMilliseconds = 60_000;
    private static readonly string[] s_paths = ["/", "/page.css", "/page.js", "/icon.svg", "/metrics", "/api/instances"];
    private readonly HttpClient _client = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>Where it is.</summary>
    public string Address => $"http://127.0.0.1:{port}";

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>Asks for everything that there is.</summary>
    /// <returns>Answers that were as they should be.</returns>
    public int Resources(Expectations expect)
    {
        foreach (string path in s_paths)
        {
            using HttpResponseMessage answer = _client.GetAsync(path).Result;
            expect.That(answer.StatusCode == HttpStatusCode.OK
                && answer.Content.ReadAsStringAsync().Result.Length > 100, $"{path}: {answer.StatusCode}");
            expect.That(answer.Headers.Date is { } date
                && Math.Abs((date - DateTimeOffset.UtcNow).TotalHours) < 1, $"{path}: the date is {answer.Headers.Date}");
        }

        using JsonDocument told = JsonDocument.Parse(_client.GetStringAsync("/api/instances").Result);
        JsonElement[] programs = [.. told.RootElement.GetProperty("instances")[0].GetProperty("programs").EnumerateArray()];
        expect.That(
            programs.Any(program =>
                program.GetProperty("name").GetString() == "http" && program.GetProperty("state").GetString() == "running"),
            $"the server is not among its programs: {told.RootElement}");
        return s_paths.Length + 1;
    }

    /// <summary>Fetches parts of what has a byte for each place, sends content, counted and in chunks.</summary>
    public int Contents(Expectations expect, int bytes)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/data");
        request.Headers.Range = new RangeHeaderValue(1_000_000, 1_000_000 + bytes - 1);
        using HttpResponseMessage part = _client.SendAsync(request).Result;
        byte[] got = part.Content.ReadAsByteArrayAsync().Result;
        expect.That(
            part.StatusCode == HttpStatusCode.PartialContent
            && got.AsSpan().SequenceEqual(Enumerable.Range(1_000_000, bytes).Select(place => (byte)(place + (place >> 8))).ToArray()),
            $"a part of {bytes} bytes: {part.StatusCode}, {got.Length} came");
        byte[] content = new byte[bytes];
        new Random(bytes).NextBytes(content);
        foreach (bool isChunked in new[] { false, true })
        {
            using HttpRequestMessage post = new(HttpMethod.Post, "/sum") { Content = new ByteArrayContent(content) };
            post.Headers.TransferEncodingChunked = isChunked;
            using HttpResponseMessage answer = _client.SendAsync(post).Result;
            string sum = answer.Content.ReadAsStringAsync().Result;
            expect.That(sum == $"{{\"bytes\":{bytes},\"sum\":{content.Sum(value => (long)value)}}}\n",
                $"{bytes} bytes sent, chunked {isChunked}: {sum}");
        }

        return 3;
    }

    /// <summary>What curl says, where it is installed: several over one connection, HEAD, a part, what has not changed, a wrong request.</summary>
    public int Curl(Expectations expect)
    {
        string tag = _client.GetAsync("/page.js").Result.Headers.ETag!.Tag;
        return Curl(expect, "200 1|200 0|404 0|", ["-w", "%{http_code} %{num_connects}|", "-o", "/dev/null", "-o", "/dev/null", "-o",
            "/dev/null",
                Address, $"{Address}/metrics", $"{Address}/none"])
            + Curl(expect, "200 1073741824", ["-I", "-w", "%{http_code} %header{content-length}", "-o", "/dev/null", $"{Address}/data"])
            + Curl(expect, "206 3", ["-r", "1-3", "-w", "%{http_code} %{size_download}", "-o", "/dev/null", Address])
            + Curl(expect, "304", ["-H", $"If-None-Match: {tag}", "-w", "%{http_code}", $"{Address}/page.js"])
            + Curl(expect, "{\"bytes\":3,\"sum\":294}\n", ["-H", "Expect: 100-continue", "-d", "abc", $"{Address}/sum"])
            + Curl(expect, "400 Bad Request: Host is missing\n", ["-H", "Host:", Address]);
    }

    /// <summary>Requests that no client sends.</summary>
    public int WrongRequests(Expectations expect)
    {
        (string Request, string Status)[] wrong =
        [
            ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", "400"),
            ("GET / HTTP/1.1\nHost: a\n\n", "400"),
            ("\u0016\u0003\u0001\u0002\0\u0001\0", "400"),
            ("BREW / HTTP/1.1\r\nHost: a\r\n\r\n", "501"),
            ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", "505"),
            ($"GET /{new string('a', 5000)} HTTP/1.1\r\nHost: a\r\n\r\n", "414"),
            ($"GET / HTTP/1.1\r\nHost: a\r\nX: {new string('a', 9000)}\r\n\r\n", "431"),
            ("POST /sum HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", "413"),
        ];
        foreach ((string request, string status) in wrong)
        {
            string answer = AskRaw(request);
            expect.That(answer.StartsWith($"HTTP/1.1 {status} ", StringComparison.Ordinal), $"not {status}: '{answer}' to '{request}'");
        }

        return wrong.Length;
    }

    /// <summary>Many clients at once, each with several requests.</summary>
    public int Crowd(Expectations expect, int clients, int requestsEach)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = clients };
        using var client = new HttpClient(handler) { BaseAddress = _client.BaseAddress, Timeout = TimeSpan.FromSeconds(120) };
        int[] lengths = Task.WhenAll(Enumerable.Range(0, clients * requestsEach).Select(async _ =>
            (await client.GetByteArrayAsync("/page.js")).Length)).Result;
        expect.That(lengths.Distinct().Count() == 1, $"{clients} clients at once do not get the same");
        return lengths.Length;
    }

    private static int Curl(Expectations expect, string expected, string[] arguments)
    {
        string? told = CurlClient.Ask(arguments);
        expect.That(told is null || told == expected, $"curl {string.Join(' ', arguments)}: {told}");
        return told is null ? 0 : 1;
    }

    private string AskRaw(string request)
    {
        using TcpClient client = new() { ReceiveTimeout = ReceiveMilliseconds };
        client.Connect(IPAddress.Loopback, port);
        NetworkStream stream = client.GetStream();
        stream.Write(Encoding.Latin1.GetBytes(request));
        client.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return reader.ReadToEnd();
    }
}
