using System.Diagnostics;

namespace Atoll.TestVm.Serial;

/// <summary>Everything the guest has written so far. One thread adds, others read and wait.</summary>
public sealed class SerialLog
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly List<SerialRecord> _records = [];
    private readonly ManualResetEventSlim _changed = new();
    private bool _ended;

    /// <summary>Raised for each line, on the reading thread.</summary>
    public event Action<string, SerialRecord?>? LineAdded;

    /// <summary>All lines so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>All records so far.</summary>
    public IReadOnlyList<SerialRecord> Records
    {
        get
        {
            lock (_gate)
            {
                return [.. _records];
            }
        }
    }

    /// <summary>All records of one name so far.</summary>
    public IReadOnlyList<SerialRecord> RecordsOf(string name) => [.. Records.Where(record => record.Name == name)];

    /// <summary>Adds one line.</summary>
    public void Add(string line)
    {
        bool isRecord = SerialRecord.TryParse(line, out SerialRecord? record);
        lock (_gate)
        {
            _lines.Add(line);
            if (isRecord)
            {
                _records.Add(record!);
            }
        }

        LineAdded?.Invoke(line, record);
        _changed.Set();
    }

    /// <summary>Says that the guest will write no more.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
        }

        _changed.Set();
    }

    /// <summary>Waits until the records so far satisfy <paramref name="condition"/>.</summary>
    /// <returns>False when the stream or the time ended first.</returns>
    public bool WaitUntil(Func<IReadOnlyList<SerialRecord>, bool> condition, TimeSpan timeout)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            // Reset before looking: a line that comes after the look sets the event again.
            _changed.Reset();
            bool ended;
            lock (_gate)
            {
                ended = _ended;
            }

            if (condition(Records))
            {
                return true;
            }

            TimeSpan left = timeout - Stopwatch.GetElapsedTime(start);
            if (ended || left <= TimeSpan.Zero)
            {
                return false;
            }

            _changed.Wait(left);
        }
    }

    /// <summary>Waits for the first record of one name.</summary>
    /// <returns>Null when the stream or the time ended first.</returns>
    public SerialRecord? WaitFor(string name, TimeSpan timeout) =>
        WaitUntil(records => records.Any(record => record.Name == name), timeout) ? RecordsOf(name)[0] : null;
}
