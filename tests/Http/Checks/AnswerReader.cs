using System.Globalization;
using System.Text;

namespace Atoll.Http.Tests.Checks;

/// <summary>An answer as a strict client reads it.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Head">Status line and fields.</param>
/// <param name="Content">Its content, without framing.</param>
public sealed record ReadAnswer(int Status, string Head, byte[] Content)
{
    /// <summary>Whether the connection ends with it.</summary>
    public bool IsLast => Field("Connection") == "close";

    /// <summary>The value of a field that is there once; null: it is not there.</summary>
    public string? Field(string name)
    {
        string[] lines = [.. Head.Split("\r\n").Where(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))];
        return lines.Length > 1 ? throw new FormatException($"{name} is there twice") : lines.FirstOrDefault()?[(name.Length + 2)..];
    }
}

/// <summary>
/// Reads answers from bytes, by RFC 9112 and nothing of the engine. What it does not expect is a <see cref="FormatException"/>.
/// </summary>
public static class AnswerReader
{
    /// <summary>Reads all answers.</summary>
    /// <param name="bytes">What came from the server.</param>
    /// <param name="heads">Which of them, counted from 0 without interim ones, answer HEAD.</param>
    public static IReadOnlyList<ReadAnswer> ReadAll(ReadOnlySpan<byte> bytes, params IEnumerable<int> heads)
    {
        List<ReadAnswer> answers = [];
        int final = 0;
        while (bytes.Length != 0)
        {
            ReadAnswer answer = ReadOne(ref bytes, heads.Contains(final));
            answers.Add(answer);
            final += answer.Status >= 200 ? 1 : 0;
        }

        return answers;
    }

    private static ReadAnswer ReadOne(ref ReadOnlySpan<byte> bytes, bool isHead)
    {
        int end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            throw new FormatException("a head has no end");
        }

        string head = Encoding.Latin1.GetString(bytes[..end]);
        bytes = bytes[(end + 4)..];
        foreach (string line in head.Split("\r\n").Skip(1))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || line[..colon].Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter != '-') || line[colon + 1] != ' ')
            {
                throw new FormatException($"bad field: {line}");
            }
        }

        if (!head.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) || head.Any(letter => letter is < ' ' and not ('\r' or '\n')))
        {
            throw new FormatException($"bad head: {head}");
        }

        var answer = new ReadAnswer(int.Parse(head.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture), head, []);
        return answer with { Content = ReadContent(ref bytes, answer, isHead) };
    }

    private static byte[] ReadContent(ref ReadOnlySpan<byte> bytes, ReadAnswer answer, bool isHead)
    {
        string? length = answer.Field("Content-Length");
        bool isChunked = answer.Field("Transfer-Encoding") is { } coding
            && (coding == "chunked" ? true : throw new FormatException($"coding {coding}"));
        if (length is not null && isChunked)
        {
            throw new FormatException("both ways to end at once");
        }

        if (isHead || answer.Status is < 200 or 204 or 304)
        {
            return answer.Status is < 200 or 204 && (length is not null || isChunked) ? throw new FormatException("content of nothing")
                : [];
        }

        if (isChunked)
        {
            return ReadChunks(ref bytes);
        }

        if (length is null && !answer.IsLast)
        {
            throw new FormatException("an answer has no end");
        }

        int count = length is null ? bytes.Length : int.Parse(length, NumberStyles.None, CultureInfo.InvariantCulture);
        byte[] content = Take(ref bytes, count);
        return content;
    }

    private static byte[] ReadChunks(ref ReadOnlySpan<byte> bytes)
    {
        List<byte> content = [];
        while (true)
        {
            int end = bytes.IndexOf("\r\n"u8);
            string size = end < 1 ? throw new FormatException("a chunk has no size") : Encoding.Latin1.GetString(bytes[..end]);
            int count = int.Parse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            bytes = bytes[(end + 2)..];
            content.AddRange(Take(ref bytes, count));
            if (!Take(ref bytes, 2).AsSpan().SequenceEqual("\r\n"u8))
            {
                throw new FormatException("a chunk has no end");
            }

            if (count == 0)
            {
                return [.. content];
            }
        }
    }

    private static byte[] Take(ref ReadOnlySpan<byte> bytes, int count)
    {
        if (count > bytes.Length)
        {
            throw new FormatException($"{count} bytes of content are announced, {bytes.Length} came");
        }

        byte[] taken = bytes[..count].ToArray();
        bytes = bytes[count..];
        return taken;
    }
}
