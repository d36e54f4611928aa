using System.Diagnostics;
using Atoll.TestVm.Serial;

namespace Atoll.Cli.Running;

/// <summary>The latest <c>@live</c> record of each core.</summary>
public sealed class LiveRows
{
    private readonly SortedDictionary<ulong, LiveRow> _rows = [];

    /// <summary>Rows in order of cores.</summary>
    public IEnumerable<LiveRow> Rows => _rows.Values;

    /// <summary>Takes one record.</summary>
    /// <returns>The row, or null when it is no <c>@live</c> record.</returns>
    public LiveRow? Add(SerialRecord record, long timestamp)
    {
        if (record.Name != "live" || !record.TryNumber("core", out ulong core) || !record.TryNumber("received", out ulong received))
        {
            return null;
        }

        _rows.TryGetValue(core, out LiveRow? before);
        return _rows[core] = new LiveRow(record, received, timestamp, Rate(before, received, timestamp));
    }

    private static double Rate(LiveRow? before, ulong received, long timestamp) =>
        before is null || received < before.Received || timestamp == before.Timestamp
            ? 0
            : (received - before.Received) / Stopwatch.GetElapsedTime(before.Timestamp, timestamp).TotalSeconds;
}

/// <summary>What an instance is doing.</summary>
/// <param name="Record">The record.</param>
/// <param name="Received">Messages received so far.</param>
/// <param name="Timestamp">When the record came (Stopwatch ticks).</param>
/// <param name="PerSecond">Messages received per second of wall time since the record before.</param>
public sealed record LiveRow(SerialRecord Record, ulong Received, long Timestamp, double PerSecond);
