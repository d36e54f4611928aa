using System;
using System.Runtime.CompilerServices;

namespace Atoll.Services.Net.Stack;

/// <summary>A range of sequence numbers: from <see cref="Start"/> up to but without <see cref="End"/>.</summary>
internal struct SequenceRange
{
    public uint Start;
    public uint End;

    public readonly uint Length => End - Start;
}

/// <summary>Ranges of a SACK option: as many as fit into 40 bytes of options.</summary>
[InlineArray(Count)]
internal struct SackBlocks
{
    public const int Count = 4;

    private SequenceRange _first;
}

/// <summary>What a TCP header and its options say. Source: RFC 9293, "Header Format"; options: RFC 7323, RFC 2018.</summary>
internal struct TcpSegment
{
    public const int HeaderBytes = 20;

    public ushort SourcePort;
    public ushort DestinationPort;
    public uint Sequence;
    public uint Acknowledgment;
    public int HeaderLength;
    public TcpFlags Flags;
    public ushort Window;
    public int PayloadBytes;

    /// <summary>Maximum segment size; 0: no such option.</summary>
    public ushort Mss;
    public bool HasWindowScale;
    public byte WindowScale;
    public bool IsSackPermitted;
    public bool HasTimestamp;
    public uint TimestampValue;
    public uint TimestampEcho;
    public int SackCount;
    public SackBlocks Sack;

    public readonly bool Has(TcpFlags flag) => (Flags & flag) != 0;

    /// <summary>Octets of sequence space that it takes.</summary>
    public readonly uint Length => (uint)PayloadBytes + (Has(TcpFlags.Syn) ? 1u : 0) + (Has(TcpFlags.Fin) ? 1u : 0);

    /// <summary>The sequence number behind it.</summary>
    public readonly uint End => Sequence + Length;

    /// <summary>Reads a segment; the answer is <see cref="FrameOutcome.None"/> if it is a right one.</summary>
    public static FrameOutcome Read(ReadOnlySpan<byte> bytes, in Ipv4Header ip, out TcpSegment segment)
    {
        segment = default;
        if (bytes.Length < HeaderBytes)
        {
            return FrameOutcome.TcpTooShort;
        }

        segment.HeaderLength = (bytes[12] >> 4) * 4;
        if (segment.HeaderLength < HeaderBytes || segment.HeaderLength > bytes.Length)
        {
            return FrameOutcome.TcpBadLength;
        }

        uint sum = Checksum.PseudoHeader(ip.Source, ip.Destination, Ipv4Header.ProtocolTcp, bytes.Length);
        if (Checksum.Finish(Checksum.Add(sum, bytes)) != 0)
        {
            return FrameOutcome.TcpBadChecksum;
        }

        ReadFields(bytes, ref segment);
        TcpOptions.Read(bytes.Slice(HeaderBytes, segment.HeaderLength - HeaderBytes), ref segment);
        return FrameOutcome.None;
    }

    private static void ReadFields(ReadOnlySpan<byte> bytes, ref TcpSegment segment)
    {
        segment.SourcePort = BigEndian.ReadUInt16(bytes, 0);
        segment.DestinationPort = BigEndian.ReadUInt16(bytes, 2);
        segment.Sequence = BigEndian.ReadUInt32(bytes, 4);
        segment.Acknowledgment = BigEndian.ReadUInt32(bytes, 8);
        segment.Flags = (TcpFlags)(bytes[13] & 0x3F);
        segment.Window = BigEndian.ReadUInt16(bytes, 14);
        segment.PayloadBytes = bytes.Length - segment.HeaderLength;
    }
}
