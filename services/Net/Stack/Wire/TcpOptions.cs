using System;

namespace Atoll.Services.Net.Stack;

/// <summary>The options of a TCP header: reading what peers send, writing our own.</summary>
/// <remarks>Source: RFC 9293 "Specific Option Definitions", RFC 7323 (kinds 3 and 8), RFC 2018 (kinds 4 and 5).</remarks>
internal static class TcpOptions
{
    public const int TimestampBytes = 12;
    private const byte KindEnd = 0;
    private const byte KindNone = 1;
    private const byte KindMss = 2;
    private const byte KindWindowScale = 3;
    private const byte KindSackPermitted = 4;
    private const byte KindSack = 5;
    private const byte KindTimestamp = 8;

    /// <summary>RFC 7323, "Using the Window Scale Option": a greater shift counts as 14.</summary>
    private const byte WindowScaleMax = 14;

    /// <summary>Reads a list of options. An option of a wrong length ends the list; what came before it counts.</summary>
    public static void Read(ReadOnlySpan<byte> options, ref TcpSegment segment)
    {
        int offset = 0;
        while (offset < options.Length && options[offset] != KindEnd)
        {
            if (options[offset] == KindNone)
            {
                offset++;
                continue;
            }

            if (offset + 1 >= options.Length)
            {
                return;
            }

            int length = options[offset + 1];
            if (length < 2 || length > options.Length - offset)
            {
                return;
            }

            ReadOne(options.Slice(offset, length), ref segment);
            offset += length;
        }
    }

    public static int WriteMss(Span<byte> to, int offset, int mss)
    {
        to[offset] = KindMss;
        to[offset + 1] = 4;
        BigEndian.WriteUInt16(to, offset + 2, mss);
        return offset + 4;
    }

    public static int WriteWindowScale(Span<byte> to, int offset, byte shift)
    {
        to[offset] = KindNone;
        to[offset + 1] = KindWindowScale;
        to[offset + 2] = 3;
        to[offset + 3] = shift;
        return offset + 4;
    }

    public static int WriteSackPermitted(Span<byte> to, int offset)
    {
        to[offset] = KindNone;
        to[offset + 1] = KindNone;
        to[offset + 2] = KindSackPermitted;
        to[offset + 3] = 2;
        return offset + 4;
    }

    public static int WriteTimestamp(Span<byte> to, int offset, uint value, uint echo)
    {
        to[offset] = KindNone;
        to[offset + 1] = KindNone;
        to[offset + 2] = KindTimestamp;
        to[offset + 3] = 10;
        BigEndian.WriteUInt32(to, offset + 4, value);
        BigEndian.WriteUInt32(to, offset + 8, echo);
        return offset + TimestampBytes;
    }

    /// <summary>Bytes of a SACK option with so many blocks, padding included.</summary>
    public static int SackBytes(int blocks) => blocks == 0 ? 0 : 4 + (8 * blocks);

    public static int WriteSack(Span<byte> to, int offset, in ReceivedRanges ranges, int blocks)
    {
        if (blocks == 0)
        {
            return offset;
        }

        to[offset] = KindNone;
        to[offset + 1] = KindNone;
        to[offset + 2] = KindSack;
        to[offset + 3] = (byte)(2 + (8 * blocks));
        for (int index = 0; index < blocks; index++)
        {
            SequenceRange range = ranges[index];
            BigEndian.WriteUInt32(to, offset + 4 + (8 * index), range.Start);
            BigEndian.WriteUInt32(to, offset + 8 + (8 * index), range.End);
        }

        return offset + SackBytes(blocks);
    }

    // An option of a length that its kind does not have is passed over.
    private static void ReadOne(ReadOnlySpan<byte> option, ref TcpSegment segment)
    {
        switch (option[0])
        {
            case KindMss when option.Length == 4:
                segment.Mss = BigEndian.ReadUInt16(option, 2);
                break;
            case KindWindowScale when option.Length == 3:
                segment.HasWindowScale = true;
                segment.WindowScale = option[2] > WindowScaleMax ? WindowScaleMax : option[2];
                break;
            case KindSackPermitted when option.Length == 2:
                segment.IsSackPermitted = true;
                break;
            case KindSack:
                ReadSack(option, ref segment);
                break;
            case KindTimestamp when option.Length == 10:
                segment.HasTimestamp = true;
                segment.TimestampValue = BigEndian.ReadUInt32(option, 2);
                segment.TimestampEcho = BigEndian.ReadUInt32(option, 6);
                break;
            default:
                break;
        }
    }

    private static void ReadSack(ReadOnlySpan<byte> option, ref TcpSegment segment)
    {
        int blocks = (option.Length - 2) / 8;
        if (option.Length != 2 + (8 * blocks) || blocks > SackBlocks.Count)
        {
            return;
        }

        for (int index = 0; index < blocks; index++)
        {
            segment.Sack[index].Start = BigEndian.ReadUInt32(option, 2 + (8 * index));
            segment.Sack[index].End = BigEndian.ReadUInt32(option, 6 + (8 * index));
        }

        segment.SackCount = blocks;
    }
}
