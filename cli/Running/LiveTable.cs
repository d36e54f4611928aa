using System.Globalization;
using Atoll.TestVm.Serial;

namespace Atoll.Cli.Running;

/// <summary>One line of the table of a running machine, as text.</summary>
/// <param name="Core">Number of the core, or how many are added up.</param>
/// <param name="State">What their life words say.</param>
/// <param name="Heartbeat">Turns of the event loop.</param>
/// <param name="Sent">Messages sent.</param>
/// <param name="Received">Messages received and right.</param>
/// <param name="PerSecond">Messages received a second of wall time since the record before.</param>
/// <param name="Errors">Messages received and wrong.</param>
/// <param name="IsFine">Whether nothing is wrong with what it tells of.</param>
public sealed record LiveLine(
    string Core, string State, string Heartbeat, string Sent, string Received, string PerSecond, string Errors, bool IsFine);

/// <summary>Chooses what a table of so many lines tells of so many cores.</summary>
/// <remarks>
/// Where not all fit, whoever is not well comes first, then the others by number, and the last line adds up those that are left.
/// The lines stay in the order of cores.
/// </remarks>
public static class LiveTable
{
    private const string Healthy = "healthy";

    /// <summary>The lines, at most <paramref name="linesMax"/> and at least two.</summary>
    public static IReadOnlyList<LiveLine> Lines(IEnumerable<LiveRow> rows, int linesMax)
    {
        LiveRow[] all = [.. rows];
        if (all.Length <= linesMax)
        {
            return [.. all.Select(Line)];
        }

        HashSet<LiveRow> shown = [.. all.OrderBy(IsFine).Take(Math.Max(linesMax, 2) - 1)];
        return [.. all.Where(shown.Contains).Select(Line), Sum([.. all.Where(row => !shown.Contains(row))])];
    }

    private static bool IsFine(LiveRow row) => row.Record["state"] == Healthy && row.Record["errors"] == "0";

    private static LiveLine Line(LiveRow row) => new(
        row.Record["core"],
        row.Record["state"],
        Text(row.Record, "heartbeat"),
        Text(row.Record, "sent"),
        Text(row.Record, "received"),
        Text(row.PerSecond),
        row.Record["errors"],
        IsFine(row));

    private static LiveLine Sum(IReadOnlyList<LiveRow> rows)
    {
        int healthy = rows.Count(row => row.Record["state"] == Healthy);
        return new LiveLine(
            $"{rows.Count} more",
            healthy == rows.Count ? Healthy : $"{healthy} {Healthy}",
            "",
            Total(rows, "sent"),
            Total(rows, "received"),
            Text(rows.Sum(row => row.PerSecond)),
            Total(rows, "errors"),
            rows.All(IsFine));
    }

    private static string Total(IEnumerable<LiveRow> rows, string key) =>
        Text(rows.Sum(row => row.Record.TryNumber(key, out ulong value) ? (double)value : 0));

    private static string Text(SerialRecord record, string key) =>
        record.TryNumber(key, out ulong value) ? value.ToString("N0", CultureInfo.InvariantCulture) : "?";

    private static string Text(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
