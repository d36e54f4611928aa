using Atoll.Net.Tests.Simulation;
using Atoll.Services.Net.Stack;

namespace Atoll.Net.Tests.Wire;

/// <summary>Values that the documents print.</summary>
public sealed class VectorTests
{
    // RFC 1071, section 3: 00 01 f2 03 f4 f5 f6 f7 sums to ddf2.
    [Fact]
    public void Checksum_OfRfc1071() => Assert.Equal(
        unchecked((ushort)~0xDDF2), Checksum.Finish(Checksum.Add(0, new byte[] { 0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7 })));

    // The same bytes and one more: it counts as the upper half of a word (RFC 1071, section 1).
    [Fact]
    public void Checksum_OfOddLength() => Assert.Equal(
        FrameForge.Sum(0, [1, 2, 3]), Checksum.Finish(Checksum.Add(0, new byte[] { 1, 2, 3 })));

    // Whatever the length, and whatever stands before: the sum of 16-bit words, the first byte the higher.
    [Fact]
    public void Checksum_OfEveryLength()
    {
        byte[] bytes = new byte[1600];
        new Random(1).NextBytes(bytes);
        bytes.AsSpan(0, 1200).Fill(0xFF);
        for (int length = 0; length <= bytes.Length; length++)
        {
            ulong sum = 0xABCD;
            for (int at = 0; at < length; at++)
            {
                sum += (ulong)bytes[at] << (at % 2 == 0 ? 8 : 0);
            }

            while (sum > 0xFFFF)
            {
                sum = (sum & 0xFFFF) + (sum >> 16);
            }

            Assert.Equal((ushort)~sum, Checksum.Finish(Checksum.Add(0xABCD, bytes.AsSpan(0, length))));
        }
    }

    // The SipHash paper's key 00..0f: its appendix has the input 00..0e; these two are from the reference implementation's
    // table of vectors, inputs of 16 and 24 bytes 00, 01, 02 ...
    [Fact]
    public void SipHash_OfTheReferenceVectors()
    {
        var key = new SecretKey { Low = 0x0706050403020100, High = 0x0F0E0D0C0B0A0908 };

        Assert.Equal(0x3F2ACC7F57C29BDBul, SipHash.Of(key, 0x0706050403020100, 0x0F0E0D0C0B0A0908));
        Assert.Equal(0xB8AD50C6F649AF94ul, SipHash.Of(key, 0x0706050403020100, 0x0F0E0D0C0B0A0908, 0x1716151413121110));
    }

    // RFC 6298, section 2: first sample R gives SRTT = R, RTTVAR = R/2, RTO = 3R; the next ones alpha 1/8, beta 1/4.
    [Fact]
    public void RetransmissionTimeout_OfRfc6298()
    {
        RttEstimate estimate = default;
        estimate.Begin(RttEstimate.RetransmitInitial);
        Assert.Equal(1_000_000ul, estimate.Timeout);

        estimate.Sample(400_000, least: 0);
        Assert.Equal((400_000ul, 1_200_000ul), (estimate.Smoothed, estimate.Timeout));

        // RTTVAR = 3/4 * 200000 + 1/4 * |400000 - 800000| = 250000; SRTT = 7/8 * 400000 + 1/8 * 800000 = 450000.
        estimate.Sample(800_000, least: 0);
        Assert.Equal((450_000ul, 1_450_000ul), (estimate.Smoothed, estimate.Timeout));

        estimate.BackOff();
        Assert.Equal(2_900_000ul, estimate.Timeout);
        for (int time = 0; time < 30; time++)
        {
            estimate.BackOff();
        }

        Assert.Equal(60_000_000ul, estimate.Timeout);
    }

    // RFC 2018, section 4, case 2: segments of 500 bytes from 5000 on, the first lost. Each block grows at its end.
    [Fact]
    public void SackBlocks_OfRfc2018_Case2()
    {
        ReceivedRanges ranges = default;
        for (uint start = 5500; start < 8500; start += 500)
        {
            Assert.True(ranges.TryAdd(start, start + 500));
            Assert.Equal((1, 5500u, start + 500), (ranges.Count, ranges[0].Start, ranges[0].End));
        }
    }

    // Case 3: the 2nd, 4th, 6th and 8th are lost; the latest block comes first. Then the 4th comes, then the 2nd.
    [Fact]
    public void SackBlocks_OfRfc2018_Case3()
    {
        ReceivedRanges ranges = default;
        foreach (uint start in new uint[] { 6000, 7000, 8000 })
        {
            Assert.True(ranges.TryAdd(start, start + 500));
        }

        Assert.Equal([(8000u, 8500u), (7000u, 7500u), (6000u, 6500u)], Blocks(ranges));
        Assert.True(ranges.TryAdd(6500, 7000));
        Assert.Equal([(6000u, 7500u), (8000u, 8500u)], Blocks(ranges));
        Assert.True(ranges.TryTake(6000, out uint end));
        Assert.Equal(7500u, end);
        Assert.Equal([(8000u, 8500u)], Blocks(ranges));
    }

    [Fact]
    public void OptionList_ThatEndsEarlyOrLies_CountsUpToThere()
    {
        TcpSegment segment = default;
        TcpOptions.Read(new byte[] { 1, 2, 4, 0x05, 0xB4, 3, 3, 7, 8, 40, 0, 0 }, ref segment);

        Assert.Equal((1460, true, 7, false), (segment.Mss, segment.HasWindowScale, segment.WindowScale, segment.HasTimestamp));
    }

    private static (uint, uint)[] Blocks(ReceivedRanges ranges) =>
        [.. Enumerable.Range(0, ranges.Count).Select(index => (ranges[index].Start, ranges[index].End))];
}
