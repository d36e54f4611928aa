using System.Buffers.Binary;
using System.Globalization;
using Atoll.Packetdrill.Machine;

namespace Atoll.Packetdrill.Scripting;

/// <summary>Runs a script: makes calls and packets when it says, and compares what comes back.</summary>
public sealed class ScriptRunner(Script script, IStackUnderTest stack)
{
    private const long ToleranceMicroseconds = 1000;

    private readonly long _start = stack.Now;
    private long _last = stack.Now;
    private ushort _localPort = ScriptAddresses.LocalPort;
    private ushort _remotePort = ScriptAddresses.RemotePort;

    // Our own numbers are random: the script's first SYN has 0, its first time stamp what the script says.
    private uint _sequenceOffset;
    private uint? _stampOffset;

    /// <summary>Runs to the end.</summary>
    /// <returns>What was otherwise than the script says, with its line; or null.</returns>
    public string? Run()
    {
        foreach (ScriptEvent next in script.Events)
        {
            string? failure = next is SegmentEvent { IsInbound: false } outbound ? Expect(outbound) : Act(next);
            if (failure is not null)
            {
                return $"{script.Name}:{next.Line}: {failure}";
            }
        }

        return stack.HasSent ? $"{script.Name}: something was sent that the script does not expect: {DescribeNext()}" : null;
    }

    private string DescribeNext()
    {
        byte[] packet = stack.NetdevReceive(out _);
        return $"{SegmentCodec.FlagText(packet[33])}, {packet.Length - 20 - ((packet[32] >> 4) * 4)} bytes";
    }

    private string? Act(ScriptEvent next)
    {
        long due = Due(next.Time) ?? stack.Now;
        if (due > stack.Now)
        {
            stack.Sleep(due - stack.Now);
        }

        _last = due;
        switch (next)
        {
            case SegmentEvent inbound:
                Inject(inbound.Segment);
                return null;
            case IcmpEvent icmp:
                byte code = icmp.Code switch { "frag_needed" => 4, "port" => 3, "protocol" => 2, "host" => 1, _ => 0 };
                stack.NetdevSend(SegmentCodec.WriteUnreachable(code, icmp.Mtu, _localPort, _remotePort,
                    icmp.QuotedSequence + _sequenceOffset));
                return null;
            default:
                return Call((CallEvent)next);
        }
    }

    private long? Due(EventTime time) => time.Microseconds is null ? null : (time.IsRelative ? _last : _start) + time.Microseconds;

    private void Inject(SegmentText text)
    {
        byte[] options = text.Options is null
            ? []
            : SegmentCodec.WriteOptions(text.Options, echo => echo + (_stampOffset ?? 0), block => block + _sequenceOffset);
        uint acknowledgment = text.Acknowledgment is { } said ? said + _sequenceOffset : 0;
        stack.NetdevSend(SegmentCodec.Write(text, _remotePort, _localPort, text.Sequence, acknowledgment, options));
    }

    private string? Expect(SegmentEvent expected)
    {
        byte[] packet = stack.NetdevReceive(out long at);
        if (packet.Length < 40)
        {
            return $"expected {Describe(expected.Segment)}; nothing was sent";
        }

        string? failure = Compare(expected.Segment, packet.AsSpan(20));
        long? due = Due(expected.Time);
        _last = due ?? at;
        return failure ?? (due is { } when && Math.Abs(at - when) > ToleranceMicroseconds
            ? $"expected {Describe(expected.Segment)} at {Seconds(when)}; it came at {Seconds(at)}"
            : null);
    }

    private string? Compare(SegmentText expected, ReadOnlySpan<byte> segment)
    {
        byte flags = (byte)(segment[13] & 0x1F);
        uint sequence = BinaryPrimitives.ReadUInt32BigEndian(segment[4..]);
        int header = (segment[12] >> 4) * 4;
        NoteOffsets(expected, flags, sequence, BinaryPrimitives.ReadUInt16BigEndian(segment), segment[20..header]);
        uint? acknowledgment = (flags & 16) != 0 ? BinaryPrimitives.ReadUInt32BigEndian(segment[8..]) : null;
        int? window = expected.Window is null ? null : BinaryPrimitives.ReadUInt16BigEndian(segment[14..]);

        // <...> stands for any options.
        IReadOnlyList<string>? options = expected.Options is ["..."]
            ? expected.Options
            : SegmentCodec.ReadOptions(segment[20..header], value => value - (_stampOffset ?? 0));
        var found = new SegmentText(
            SegmentCodec.FlagText(flags), sequence - _sequenceOffset, segment.Length - header, acknowledgment, window,
                options.Count == 0 ? null : options);
        return Describe(found) == Describe(expected) ? null : $"expected {Describe(expected)}; got {Describe(found)}";
    }

    private void NoteOffsets(SegmentText expected, byte flags, uint sequence, ushort localPort, ReadOnlySpan<byte> options)
    {
        if ((flags & 2) != 0)
        {
            _sequenceOffset = sequence - expected.Sequence;
            _localPort = localPort;
        }

        string? stamp = expected.Options?.FirstOrDefault(option => option.StartsWith("TS", StringComparison.Ordinal));
        if (stamp is not null && _stampOffset is null)
        {
            string? live = SegmentCodec.ReadOptions(options, value => value).FirstOrDefault(option =>
                option.StartsWith("TS", StringComparison.Ordinal));
            _stampOffset = live is null ? null : StampValue(live) - StampValue(stamp);
        }
    }

    private static uint StampValue(string option) => uint.Parse(option.Split(' ')[2], CultureInfo.InvariantCulture);

    private static string Describe(SegmentText segment) =>
        $"{string.Concat(segment.Flags.Order())} {segment.Sequence}:{segment.Sequence + segment.Length}({segment.Length})"
        + (segment.Acknowledgment is { } ack ? $" ack {ack}" : "")
        + (segment.Window is { } window ? $" win {window}" : "")
        + (segment.Options is { } options ? $" <{string.Join(',', options)}>" : "");

    private string Seconds(long at) => ((at - _start) / 1e6).ToString("0.000000", CultureInfo.InvariantCulture);

    private string? Call(CallEvent call)
    {
        int expected = call.Error is null ? call.Result : -ErrorNumber(call.Error);
        string? failure = null;
        int result = call.Name switch
        {
            "socket" => stack.Socket(),
            "bind" => stack.Bind(Number(call, 0), ScriptAddresses.LocalPort),
            "listen" => stack.Listen(Number(call, 0), Number(call, 1)),
            "accept" => stack.Accept(Number(call, 0)),
            "connect" => Connect(call),
            "write" or "send" => stack.Write(Number(call, 0), new byte[Number(call, 2)]),
            "read" or "recv" => stack.Read(Number(call, 0), new byte[Number(call, 2)]),
            "shutdown" => stack.Shutdown(Number(call, 0), Number(call, 1)),
            "close" => stack.Close(Number(call, 0)),
            "fcntl" => Number(call, 1) == LinuxNumbers.SetFlags ? stack.SetNonBlocking(Number(call, 0)) : call.Result,
            "setsockopt" => stack.SetOption(Number(call, 0), Number(call, 1), Number(call, 2), Numbers(call.Arguments[3])),
            "getsockopt" => GetOption(call, out failure),
            "poll" => Poll(call, out failure),
            _ => throw new FormatException($"{script.Name}:{call.Line}: no such call: {call.Name}"),
        };
        return failure ?? (result == expected ? null : $"{call.Name} returned {result}, not {expected}");
    }

    private int Connect(CallEvent call)
    {
        _remotePort = ScriptAddresses.LocalPort;
        return stack.Connect(Number(call, 0), _remotePort);
    }

    private int GetOption(CallEvent call, out string? failure)
    {
        int result = stack.TakeError(Number(call, 0), out int error);
        int expected = Numbers(call.Arguments[3])[0];
        failure = error == expected ? null : $"SO_ERROR is {error}, not {expected}";
        return result;
    }

    // poll([{fd=4, events=POLLIN, revents=POLLIN}], 1, 0)
    private int Poll(CallEvent call, out string? failure)
    {
        Dictionary<string, string> fields = call.Arguments[0].Trim('[', ']', '{', '}').Split(',')
            .Select(field => field.Split('=')).ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim());
        int result = stack.Poll(Value(fields["fd"]), Value(fields["events"]), out int found);
        int expected = Value(fields["revents"]);
        failure = found == expected ? null : $"poll found {found}, not {expected}";
        return result;
    }

    private static int Number(CallEvent call, int argument) => Value(call.Arguments[argument]);

    private static int[] Numbers(string list) =>
        [.. list.Trim('[', ']', '{', '}').Split(',').Select(item => Value(item.Contains('=', StringComparison.Ordinal)
            ? item.Split('=')[1] : item))];

    private static int Value(string text) => text.Split('|').Sum(word => word.Trim() switch
    {
        "..." => 0,
        var name when LinuxNumbers.ByName.TryGetValue(name, out int number) => number,
        var name when Errno.Names.TryGetValue(name, out int number) => number,
        var digits => int.Parse(digits, CultureInfo.InvariantCulture),
    });

    private int ErrorNumber(string name) => Errno.Names.TryGetValue(name, out int number)
        ? number
        : throw new FormatException($"{script.Name}: no such error: {name}");
}
