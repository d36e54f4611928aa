using System.Text;

namespace Atoll.TestVm.Serial;

/// <summary>Cuts the raw serial stream into lines that are safe to print.</summary>
/// <remarks>A broken guest can send anything: bytes outside printable ASCII become <c>?</c>, and a line has a limit.</remarks>
public sealed class SerialLineSplitter
{
    /// <summary>Characters kept of one line. The longest record has under 400.</summary>
    public const int LineLengthMax = 4096;

    private readonly StringBuilder _line = new();

    /// <summary>Takes the next bytes and returns the lines that they complete.</summary>
    public IReadOnlyList<string> Add(ReadOnlySpan<byte> bytes)
    {
        List<string> lines = [];
        foreach (byte value in bytes)
        {
            if (value == '\n')
            {
                lines.Add(Take());
            }
            else if (value != '\r' && _line.Length < LineLengthMax)
            {
                _line.Append(value is >= 0x20 and < 0x7F ? (char)value : value == '\t' ? ' ' : '?');
            }
        }

        return lines;
    }

    /// <summary>Returns what came after the last line end, and forgets it.</summary>
    public string Take()
    {
        string line = _line.ToString();
        _line.Clear();
        return line;
    }
}
