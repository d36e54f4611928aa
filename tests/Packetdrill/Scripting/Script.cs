using System.Globalization;
using System.Text.RegularExpressions;

namespace Atoll.Packetdrill.Scripting;

/// <summary>When an event happens, microseconds from the start or from the event before; null: at any time.</summary>
public readonly record struct EventTime(long? Microseconds, bool IsRelative);

/// <summary>One line of a script.</summary>
public abstract record ScriptEvent(int Line, EventTime Time);

/// <summary>A segment in either direction; null: not said.</summary>
public sealed record SegmentEvent(int Line, EventTime Time, bool IsInbound, SegmentText Segment) : ScriptEvent(Line, Time);

/// <summary>An ICMP error about what we sent.</summary>
public sealed record IcmpEvent(int Line, EventTime Time, string Code, int Mtu, uint QuotedSequence) : ScriptEvent(Line, Time);

/// <summary>A socket call and what it must return.</summary>
public sealed record CallEvent(int Line, EventTime Time, string Name, IReadOnlyList<string> Arguments, int Result, string? Error)
    : ScriptEvent(Line, Time);

/// <summary>A segment as a script writes it.</summary>
public sealed record SegmentText(string Flags, uint Sequence, int Length, uint? Acknowledgment, int? Window,
    IReadOnlyList<string>? Options);

/// <summary>A script in the language of packetdrill: one event a line, comments as in C or behind #.</summary>
public sealed class Script
{
    private static readonly Regex s_blockComment = new(@"/\*.*?\*/", RegexOptions.Singleline);

    private static readonly Regex s_lineComment = new(@"(//|#).*$");

    private static readonly Regex s_timed = new(@"^(?<time>\+?\d*\.?\d+|\*)\s+(?<rest>\S.*)$");

    private static readonly Regex s_call = new(
        @"^(?<name>[a-z]+)\s*\((?<arguments>.*)\)\s*="
        + @"\s*(?<result>-?\d+)(\s+(?<error>E[A-Z]+)\s*(\(.*\))?)?$");

    private static readonly Regex s_segment = new(
        @"^(?<flags>[SFRP.]+)\s+(?<first>\d+):(?<last>\d+)\((?<length>\d+)\)"
        + @"(\s+ack\s+(?<ack>\d+))?(\s+win\s+(?<window>\d+))?(\s*<(?<options>[^>]*)>)?$");

    private static readonly Regex s_icmp = new(
        @"^icmp\s+unreachable\s+(?<code>\w+)"
        + @"(\s+mtu\s+(?<mtu>\d+))?\s+\[(?<sequence>\d+):\d+\(\d+\)\]$");

    private Script(string name, IReadOnlyList<ScriptEvent> events)
    {
        Name = name;
        Events = events;
    }

    public string Name { get; }

    public IReadOnlyList<ScriptEvent> Events { get; }

    /// <summary>Reads a script.</summary>
    /// <exception cref="FormatException">A line is not of the language, or of what is understood of it; the message says which.</exception>
    public static Script Parse(string name, string text)
    {
        List<ScriptEvent> events = [];
        string[] lines = s_blockComment.Replace(text, match => new string('\n', match.Value.Count(letter => letter == '\n'))).Split('\n');
        for (int line = 0; line < lines.Length; line++)
        {
            string content = s_lineComment.Replace(lines[line], "").Trim();
            if (content.Length > 0)
            {
                events.Add(ParseLine(name, line + 1, content));
            }
        }

        return new Script(name, events);
    }

    private static ScriptEvent ParseLine(string name, int line, string content)
    {
        Match parts = s_timed.Match(content);
        if (!parts.Success)
        {
            throw new FormatException($"{name}:{line}: a line begins with a time, as 0, 1.5, +0.1 or *: {content}");
        }

        EventTime time = ParseTime(parts.Groups["time"].Value);
        string rest = parts.Groups["rest"].Value;
        if (rest[0] is '<' or '>')
        {
            return ParsePacket(name, line, time, rest[0] == '<', rest[1..].Trim());
        }

        Match call = s_call.Match(rest);
        if (!call.Success)
        {
            throw new FormatException($"{name}:{line}: neither a packet (< or >) nor a call with its result: {rest}");
        }

        string error = call.Groups["error"].Value;
        return new CallEvent(
            line, time, call.Groups["name"].Value, Arguments(call.Groups["arguments"].Value),
                Number(call.Groups["result"].Value), error.Length > 0 ? error : null);
    }

    private static EventTime ParseTime(string text) => text == "*"
        ? new EventTime(null, false)
        : new EventTime((long)Math.Round(double.Parse(text.TrimStart('+'), CultureInfo.InvariantCulture) * 1_000_000), text[0] == '+');

    private static ScriptEvent ParsePacket(string name, int line, EventTime time, bool isInbound, string text)
    {
        Match icmp = s_icmp.Match(text);
        if (icmp.Success && isInbound)
        {
            string mtu = icmp.Groups["mtu"].Value;
            return new IcmpEvent(
                line, time, icmp.Groups["code"].Value, mtu.Length > 0 ? Number(mtu) : 0,
                    uint.Parse(icmp.Groups["sequence"].Value, CultureInfo.InvariantCulture));
        }

        Match segment = s_segment.Match(text);
        if (!segment.Success)
        {
            throw new FormatException($"{name}:{line}: no segment (FLAGS first:last(length) ack N win N <options>): {text}");
        }

        uint first = uint.Parse(segment.Groups["first"].Value, CultureInfo.InvariantCulture);
        uint last = uint.Parse(segment.Groups["last"].Value, CultureInfo.InvariantCulture);
        int length = Number(segment.Groups["length"].Value);
        if (last - first != length)
        {
            throw new FormatException($"{name}:{line}: {first}:{last} is not {length} bytes");
        }

        Group options = segment.Groups["options"];
        return new SegmentEvent(line, time, isInbound, new SegmentText(
            segment.Groups["flags"].Value,
            first,
            length,
            segment.Groups["ack"].Success ? uint.Parse(segment.Groups["ack"].Value, CultureInfo.InvariantCulture) : null,
            segment.Groups["window"].Success ? Number(segment.Groups["window"].Value) : null,
            options.Success ? [.. options.Value.Split(',').Select(option => option.Trim())] : null));
    }

    // Commas within brackets and braces belong to one argument.
    private static List<string> Arguments(string text)
    {
        List<string> arguments = [];
        int depth = 0;
        int start = 0;
        for (int index = 0; index <= text.Length; index++)
        {
            if (index == text.Length || (text[index] == ',' && depth == 0))
            {
                arguments.Add(text[start..index].Trim());
                start = index + 1;
            }
            else
            {
                depth += text[index] is '[' or '{' or '(' ? 1 : text[index] is ']' or '}' or ')' ? -1 : 0;
            }
        }

        return arguments;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
