using System.Buffers;
using System.Globalization;
using System.Text;
using Atoll.Http.Tests.Checks;
using Atoll.Services.Http.Engine;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http;

namespace Atoll.Http.Tests.Hostile;

/// <summary>
/// What two readers see in one head must be the same, or a request can be smuggled past one of them: every head that the engine
/// accepts, Kestrel's parser accepts too, with the same method, target, end and fields.
/// </summary>
public sealed class KestrelReaderTests
{
    [Fact]
    public void AcceptedHead_IsTheSameForKestrel()
    {
        int accepted = 0;
        foreach (int seed in Seeds.From(0, Seeds.Count(20)))
        {
            var mutations = new MutationCheck(seed);
            for (int round = 0; round < 1000; round++)
            {
                string text = mutations.Mutate();
                string? wrong = Compare(text, ref accepted);
                Assert.True(wrong is null, $"seed {seed}, request {round}: {wrong}\n{text}");
            }
        }

        Assert.True(accepted > 1000 || Seeds.Count(20) < 20, $"only {accepted} heads were accepted");
    }

    private static string? Compare(string text, ref int accepted)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        HttpSettings settings = HttpSettings.For(HttpServer.BufferBytesMin);
        HeadScanner scanner = default;
        if (scanner.Advance(bytes, settings) != RequestFault.None || scanner.End == 0)
        {
            return null;
        }

        byte[] head = bytes[scanner.Start..scanner.End];
        byte[] original = [.. head];
        if (HeadReader.Read(head, out RequestFacts facts) != RequestFault.None)
        {
            return null;
        }

        // The one thing that Kestrel does otherwise: RFC 9110, "Protocol Version", has higher minor versions read as the highest known.
        if (original.AsSpan(0, original.AsSpan().IndexOf((byte)'\r'))[^1] is not ((byte)'0' or (byte)'1'))
        {
            return null;
        }

        accepted++;
        Reading kestrel = new();
        try
        {
            long end = Read(original, kestrel);
            return end == original.Length ? Difference(new HttpRequest(head, facts), facts, kestrel) : $"Kestrel ends at {end}";
        }
        catch (Exception error) when (error is Microsoft.AspNetCore.Http.BadHttpRequestException)
        {
            return $"Kestrel refuses it: {error.Message}";
        }
    }

    private static long Read(byte[] head, Reading reading)
    {
        var parser = new HttpParser<Reading>();
        var reader = new SequenceReader<byte>(new ReadOnlySequence<byte>(head));
        if (!parser.ParseRequestLine(reading, ref reader) || !parser.ParseHeaders(reading, ref reader))
        {
            return -1;
        }

        return reader.Consumed;
    }

    private static string? Difference(HttpRequest request, in RequestFacts facts, Reading kestrel)
    {
        if (!string.Equals(kestrel.Method, request.Method.ToString(), StringComparison.OrdinalIgnoreCase))
        {
            return $"method {kestrel.Method}";
        }

        if (facts.IsHttp11 != (kestrel.Version == Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http.HttpVersion.Http11))
        {
            return $"version {kestrel.Version}";
        }

        foreach ((string name, string value) in kestrel.Fields.DistinctBy(field => field.Name))
        {
            string? ours = request.TryFind(Encoding.Latin1.GetBytes(name), out ReadOnlySpan<byte> found) ? Encoding.Latin1.GetString(found)
                : null;
            if (ours != value)
            {
                return $"field {name}: {value}, and here {ours}";
            }
        }

        string? length = kestrel.Fields.Where(field => field.Name == "content-length").Select(field => field.Value).SingleOrDefault();
        bool isChunked = kestrel.Fields.Any(field => field.Name == "transfer-encoding");
        string expected = isChunked ? "chunked" : length is null ? "0"
            : System.Numerics.BigInteger.Parse(length, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
        string actual = facts.Framing switch
        {
            ContentFraming.Chunked => "chunked",
            ContentFraming.Length when facts.ContentLength == ulong.MaxValue => expected,
            ContentFraming.Length => facts.ContentLength.ToString(CultureInfo.InvariantCulture),
            _ => "0",
        };
        return expected == actual ? null : $"content {expected}, and here {actual}";
    }

    private sealed class Reading : IHttpRequestLineHandler, IHttpHeadersHandler
    {
        public string Method { get; private set; } = "";

        public Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http.HttpVersion Version { get; private set; }

        public List<(string Name, string Value)> Fields { get; } = [];

        public void OnStartLine(HttpVersionAndMethod versionAndMethod, TargetOffsetPathLength targetPath, Span<byte> startLine)
        {
            Method = versionAndMethod.Method.ToString();
            Version = versionAndMethod.Version;
        }

        public void OnHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
            Fields.Add((Encoding.Latin1.GetString(name).ToLowerInvariant(), Encoding.Latin1.GetString(value)));

        public void OnHeadersComplete(bool endStream)
        {
        }

        public void OnStaticIndexedHeader(int index)
        {
        }

        public void OnStaticIndexedHeader(int index, ReadOnlySpan<byte> value)
        {
        }
    }
}
