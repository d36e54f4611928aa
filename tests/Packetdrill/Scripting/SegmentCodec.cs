using System.Buffers.Binary;
using System.Globalization;
using Atoll.Net.Tests.Simulation;

namespace Atoll.Packetdrill.Scripting;

/// <summary>Segments between the text of a script and the bytes of a packet.</summary>
public static class SegmentCodec
{
    /// <summary>Writes an IP packet.</summary>
    public static byte[] Write(
        SegmentText text, ushort sourcePort, ushort destinationPort, uint sequence, uint acknowledgment, ReadOnlySpan<byte> options)
    {
        byte[] segment = new byte[20 + options.Length + text.Length];
        BinaryPrimitives.WriteUInt16BigEndian(segment, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), destinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(4), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(8), acknowledgment);
        segment[12] = (byte)((20 + options.Length) / 4 << 4);
        segment[13] = Flags(text.Flags);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(14), (ushort)(text.Window ?? 0));
        options.CopyTo(segment.AsSpan(20));
        ulong pseudo = Words(ScriptAddresses.Remote) + Words(ScriptAddresses.Local) + 6 + (ulong)segment.Length;
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(16), FrameForge.Sum(pseudo, segment));
        return Packet(6, segment);
    }

    /// <summary>Writes an ICMP error about a segment of ours.</summary>
    public static byte[] WriteUnreachable(byte code, int mtu, ushort localPort, ushort remotePort, uint sequence)
    {
        byte[] message = new byte[8 + 20 + 8];
        message[0] = 3;
        message[1] = code;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), (ushort)mtu);
        message[8] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(10), 1500);
        message[17] = 6;
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(20), ScriptAddresses.Local);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(24), ScriptAddresses.Remote);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(28), localPort);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(30), remotePort);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(32), sequence);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), FrameForge.Sum(0, message));
        return Packet(1, message);
    }

    /// <summary>Writes options; numbers of time stamps and blocks are mapped by the caller.</summary>
    public static byte[] WriteOptions(IEnumerable<string> options, Func<uint, uint> mapEcho, Func<uint, uint> mapBlock)
    {
        List<byte> bytes = [];
        foreach (string[] words in options.Select(option => option.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            switch (words[0])
            {
                case "nop":
                    bytes.Add(1);
                    break;
                case "mss":
                    int mss = int.Parse(words[1], CultureInfo.InvariantCulture);
                    bytes.AddRange([2, 4, (byte)(mss >> 8), (byte)mss]);
                    break;
                case "wscale":
                    bytes.AddRange([3, 3, byte.Parse(words[1], CultureInfo.InvariantCulture)]);
                    break;
                case "sackOK":
                    bytes.AddRange([4, 2]);
                    break;
                case "TS":
                    bytes.AddRange([8, 10, .. Bytes(Number(words[2])), .. Bytes(mapEcho(Number(words[4])))]);
                    break;
                case "sack":
                    uint[] edges = [.. words[1..].SelectMany(block => block.Split(':')).Select(Number)];
                    bytes.AddRange([5, (byte)(2 + (4 * edges.Length)), .. edges.SelectMany(edge => Bytes(mapBlock(edge)))]);
                    break;
                default:
                    throw new FormatException($"no such option: {string.Join(' ', words)}");
            }
        }

        while (bytes.Count % 4 != 0)
        {
            bytes.Add(0);
        }

        return [.. bytes];
    }

    /// <summary>Reads the options of a segment of ours as a script would write them.</summary>
    public static IReadOnlyList<string> ReadOptions(ReadOnlySpan<byte> options, Func<uint, uint> mapValue)
    {
        List<string> text = [];
        for (int offset = 0; offset < options.Length;)
        {
            if (options[offset] is 0 or 1)
            {
                text.Add(options[offset] == 1 ? "nop" : "eol");
                offset++;
                continue;
            }

            ReadOnlySpan<byte> value = options.Slice(offset + 2, options[offset + 1] - 2);
            text.Add(options[offset] switch
            {
                2 => $"mss {BinaryPrimitives.ReadUInt16BigEndian(value)}",
                3 => $"wscale {value[0]}",
                4 => "sackOK",
                5 => "sack " + string.Join(' ', Blocks(value)),
                8 => $"TS val {mapValue(Word(value, 0))} ecr {Word(value, 4)}",
                _ => $"kind {options[offset]}",
            });
            offset += options[offset + 1];
        }

        return text;
    }

    public static byte Flags(string text) => (byte)text.Sum(letter => letter switch
    {
        'F' => 1,
        'S' => 2,
        'R' => 4,
        'P' => 8,
        '.' => 16,
        _ => throw new FormatException($"no such flag: {letter}"),
    });

    public static string FlagText(byte flags) => string.Concat("FSRP.".Where((_, bit) => (flags & (1 << bit)) != 0));

    private static List<string> Blocks(ReadOnlySpan<byte> value)
    {
        List<string> blocks = [];
        for (int offset = 0; offset + 8 <= value.Length; offset += 8)
        {
            blocks.Add($"{Word(value, offset)}:{Word(value, offset + 4)}");
        }

        return blocks;
    }

    private static uint Word(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32BigEndian(bytes[offset..]);

    private static byte[] Packet(byte protocol, ReadOnlySpan<byte> payload) =>
        FrameForge.Ipv4(protocol, payload, ScriptAddresses.Remote, ScriptAddresses.Local)[14..];

    private static byte[] Bytes(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private static uint Number(string text) => uint.Parse(text, CultureInfo.InvariantCulture);

    private static ulong Words(uint address) => (address >> 16) + (address & 0xFFFF);
}
