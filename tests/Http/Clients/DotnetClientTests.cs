using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using Atoll.Http.Tests.Machine;

namespace Atoll.Http.Tests.Clients;

/// <summary>.NET's client, which reads answers by itself, over sockets of this machine.</summary>
public sealed class DotnetClientTests : IDisposable
{
    private readonly SocketServer<Sample> _server = new(default);
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(60) };

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task Content_ArrivesWhole()
    {
        byte[] big = await _client.GetByteArrayAsync(_server.Address + "/big");
        byte[] stream = await _client.GetByteArrayAsync(_server.Address + "/stream");

        Assert.Equal(Pattern(Sample.BigBytes), big);
        Assert.Equal(Pattern(Sample.StreamBytes), stream);
        Assert.Equal(Sample.Hello, await _client.GetStringAsync(_server.Address));
    }

    [Fact]
    public async Task Parts_MakeTheWhole()
    {
        List<byte> whole = [];
        while (whole.Count < Sample.BigBytes)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, _server.Address + "/big");
            request.Headers.Range = new RangeHeaderValue(whole.Count, whole.Count + 9_999);
            using HttpResponseMessage answer = await _client.SendAsync(request);
            Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
            Assert.Equal(whole.Count, answer.Content.Headers.ContentRange!.From);
            whole.AddRange(await answer.Content.ReadAsByteArrayAsync());
        }

        Assert.Equal(Pattern(Sample.BigBytes), whole);
    }

    [Theory]
    [InlineData(0, false, false)]
    [InlineData(5, false, true)]
    [InlineData(90_000, false, false)]
    [InlineData(90_000, true, false)]
    [InlineData(90_000, true, true)]
    public async Task Content_IsTaken(int bytes, bool isChunked, bool isAsking)
    {
        byte[] content = new byte[bytes];
        new Random(bytes).NextBytes(content);
        using HttpRequestMessage request = new(HttpMethod.Post, _server.Address + "/sum") { Content = new ByteArrayContent(content) };
        request.Headers.TransferEncodingChunked = isChunked;
        request.Headers.ExpectContinue = isAsking;
        using HttpResponseMessage answer = await _client.SendAsync(request);

        Assert.Equal(Sample.SumOf(content), await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task RefusalOfContent_IsRead()
    {
        using HttpResponseMessage answer = await _client.PostAsync(_server.Address + "/sum", new ByteArrayContent(new byte[3_000_000]));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("413 Content Too Large: the content is too large\n", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task SixtyFourClients_AreServedAtOnce()
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 64 };
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(60) };
        byte[][] answers = await Task.WhenAll(Enumerable.Range(0, 256).Select(_ => client.GetByteArrayAsync(_server.Address + "/stream")));

        Assert.All(answers, answer => Assert.Equal(Sample.StreamBytes, answer.Length));
    }

    private static byte[] Pattern(int count) => [.. Enumerable.Range(0, count).Select(place => Sample.Pattern((ulong)place))];
}
