using System.Text;
using Atoll.Services.Iperf;

namespace Atoll.Services.Tests.Iperf;

/// <summary>What iperf3's client says, as version 3.12 writes it, and as nobody should.</summary>
public sealed class TestOrderServerTests
{
    private const string Plain =
        """{"tcp":true,"omit":0,"time":10,"num":0,"blockcount":0,"parallel":1,"len":131072,"pacing_timer":1000,"client_version":"3.12"}""";

    private const string Results =
        """{"cpu_util_total":1.5,"sender_has_retransmits":1,"congestion_used":"cubic","streams":[{"id":1,"bytes":104857600,"retransmits":3,"jitter":0,"errors":0,"packets":0,"start_time":0,"end_time":2.0},{"id":3,"bytes":7,"retransmits":0}]}""";

    [Fact]
    public void OrderOfTheClient_IsRead()
    {
        Assert.Equal((true, 1u), Read(Plain));
        Assert.Equal((true, 8u), Read(Plain.Replace("\"parallel\":1", "\"parallel\": 8", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("\"tcp\":true", "\"udp\":true")]
    [InlineData("\"tcp\":true", "\"tcp\":false")]
    [InlineData("\"tcp\":true", "\"tcp\":tru")]
    [InlineData("\"omit\":0", "\"omit\":1")]
    [InlineData("\"parallel\":1", "\"parallel\":0")]
    [InlineData("\"parallel\":1", "\"parallel\":9")]
    [InlineData("\"parallel\":1", "\"parallel\":4294967297")]
    [InlineData("\"parallel\":1", "\"parallel\":x")]
    [InlineData("\"time\":10", "\"bidirectional\":true")]
    [InlineData("\"time\":10", "\"reverse\":true")]
    public void WhatIsNotServed_IsRefused(string part, string instead) => Assert.False(Read(Plain.Replace(part, instead, StringComparison.Ordinal)).Served);

    [Fact]
    public void BytesOfAllStreams_AreAdded() =>
        Assert.Equal((104_857_607ul, 0ul, 1ul), (Sum(Results, "bytes"), Sum(Results, "byte"), JsonFields.Number(Encoding.UTF8.GetBytes(Results), "id"u8)));

    /// <summary>Any bytes: cut anywhere, and with any byte changed. Nothing is read beyond them, and nothing ends the program.</summary>
    [Fact]
    public void Noise_IsAnswered()
    {
        Random random = new(1);
        foreach (string text in (string[])[Plain, Results, "\"bytes\":", "\"bytes\"", "\"", ""])
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            for (int end = 0; end <= bytes.Length; end++)
            {
                _ = TestOrder.TryRead(bytes.AsSpan(0, end), out _);
                _ = JsonFields.Sum(bytes.AsSpan(0, end), "bytes"u8);
            }

            for (int round = 0; round < 20_000 && bytes.Length != 0; round++)
            {
                byte[] changed = [.. bytes];
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
                changed[random.Next(changed.Length)] = (byte)"\":{}09t "[random.Next(8)];
                bool isServed = TestOrder.TryRead(changed, out TestOrder order);
                Assert.True(!isServed || order.Streams is > 0 and <= TestOrder.StreamsMax);
                _ = JsonFields.Sum(changed, "bytes"u8);
            }
        }
    }

    private static (bool Served, uint Streams) Read(string text)
    {
        bool isServed = TestOrder.TryRead(Encoding.UTF8.GetBytes(text), out TestOrder order);
        return (isServed, order.Streams);
    }

    private static ulong Sum(string text, string name) => JsonFields.Sum(Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(name));
}
