using System;
using Atoll.Services.Lib;

namespace Atoll.Services.Iperf;

/// <summary>What the server has counted, as iperf3's client reads it. Source: iperf 3.12, <c>get_results</c> in <c>src/iperf_api.c</c>.</summary>
internal static class TestReport
{
    private const ulong MillisecondsPerSecond = 1000;

    /// <summary>Writes it.</summary>
    /// <param name="to">Room for it.</param>
    /// <param name="streams">The streams.</param>
    /// <param name="milliseconds">How long they lasted.</param>
    /// <returns>Its length.</returns>
    internal static int Write(Span<byte> to, ref TestStreams streams, ulong milliseconds)
    {
        TextBuffer text = default;
        text.Add("{\"cpu_util_total\":0,\"cpu_util_user\":0,\"cpu_util_system\":0,\"sender_has_retransmits\":0,\"streams\":["u8);
        int length = Append(to, 0, ref text);
        for (int index = 0; index < streams.Count; index++)
        {
            text.Add(index == 0 ? "{\"id\":"u8 : ",{\"id\":"u8);

            // The first is 1, the second 3: so the client counts them.
            text.Add(index == 0 ? 1 : (ulong)index + 2);
            text.Add(",\"bytes\":"u8);
            text.Add(TestStreams.At(ref streams, index).Bytes);
            text.Add(",\"retransmits\":-1,\"jitter\":0,\"errors\":0,\"packets\":0,\"start_time\":0,\"end_time\":"u8);
            text.Add(milliseconds / MillisecondsPerSecond);
            text.Add("."u8);
            ulong rest = milliseconds % MillisecondsPerSecond;
            text.Add(rest < 10 ? "00"u8 : rest < 100 ? "0"u8 : default);
            text.Add(rest);
            text.Add("}"u8);
            length = Append(to, length, ref text);
        }

        text.Add("]}"u8);
        return Append(to, length, ref text);
    }

    private static int Append(Span<byte> to, int at, ref TextBuffer text)
    {
        ReadOnlySpan<byte> view = TextBuffer.View(in text);
        view.CopyTo(to.Slice(at, view.Length));
        text.Clear();
        return at + view.Length;
    }
}
