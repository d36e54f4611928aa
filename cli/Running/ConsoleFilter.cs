using System.Text;
using Atoll.TestVm.Serial;

namespace Atoll.Cli.Running;

/// <summary>Divides what a guest writes: lines that begin with '@' are records for the host, all else is the guest's, byte for byte.</summary>
/// <remarks>A record is held back until its line ends. A line that only looks like a record is the guest's after all.</remarks>
public sealed class ConsoleFilter
{
    private readonly Action<ReadOnlyMemory<byte>> _onText;
    private readonly Action<SerialRecord> _onRecord;
    private readonly MemoryStream _record = new();
    private bool _isLineStart = true;
    private bool _isRecord;

    /// <summary>Begins at the start of a line.</summary>
    /// <param name="onText">Takes what is the guest's, as soon as it comes.</param>
    /// <param name="onRecord">Takes records.</param>
    public ConsoleFilter(Action<ReadOnlyMemory<byte>> onText, Action<SerialRecord> onRecord)
    {
        _onText = onText;
        _onRecord = onRecord;
    }

    /// <summary>Takes what has come.</summary>
    public void Add(ReadOnlyMemory<byte> bytes)
    {
        int first = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            byte value = bytes.Span[i];
            if (_isLineStart && value == (byte)'@')
            {
                Emit(bytes[first..i]);
                _isRecord = true;
            }

            _isLineStart = value == (byte)'\n';
            if (_isRecord)
            {
                first = i + 1;
                Keep(value);
            }
        }

        Emit(bytes[first..]);
    }

    /// <summary>Gives out what was held back: the guest writes no more.</summary>
    public void End()
    {
        Emit(_record.ToArray());
        _record.SetLength(0);
        _isRecord = false;
    }

    private void Keep(byte value)
    {
        _record.WriteByte(value);
        bool isWhole = value == (byte)'\n';
        if (!isWhole && _record.Length <= SerialLineSplitter.LineLengthMax)
        {
            return;
        }

        byte[] line = _record.ToArray();
        _record.SetLength(0);
        _isRecord = false;
        if (isWhole && SerialRecord.TryParse(Encoding.ASCII.GetString(line).TrimEnd('\n', '\r'), out SerialRecord? record))
        {
            _onRecord(record);
        }
        else
        {
            _onText(line);
        }
    }

    private void Emit(ReadOnlyMemory<byte> text)
    {
        if (text.Length > 0)
        {
            _onText(text);
        }
    }
}
