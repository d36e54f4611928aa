using System.Diagnostics;
using System.Globalization;
using Atoll.TestVm.Serial;
using Spectre.Console;

namespace Atoll.Cli.Running;

/// <summary>Shows a running machine as a table that is refreshed in place.</summary>
public sealed class TableDisplay : IRunDisplay
{
    private const int LinesShown = 6;

    private readonly LiveRows _live = new();
    private readonly Queue<string> _lines = [];
    private bool _changed = true;

    /// <inheritdoc/>
    public void Show(string line, SerialRecord? record)
    {
        if (record is null)
        {
            _lines.Enqueue(line);
            if (_lines.Count > LinesShown)
            {
                _lines.Dequeue();
            }

            _changed = true;
        }
        else if (_live.Add(record, Stopwatch.GetTimestamp()) is not null)
        {
            _changed = true;
        }
    }

    /// <inheritdoc/>
    public void During(Action<Action> loop) =>
        AnsiConsole.Live(Draw()).Start(context => loop(() =>
        {
            if (_changed)
            {
                _changed = false;
                context.UpdateTarget(Draw());
            }
        }));

    private Rows Draw()
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn(new TableColumn("core").RightAligned());
        table.AddColumn("state");
        foreach (string name in (string[])["heartbeat", "sent", "received", "per second", "errors"])
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        foreach (LiveRow row in _live.Rows)
        {
            table.AddRow(Cells(row));
        }

        return new Rows([.. _lines.Select(line => new Text(line)), table, new Text("q ends", new Style(decoration: Decoration.Dim))]);
    }

    private static string[] Cells(LiveRow row)
    {
        string state = Markup.Escape(row.Record["state"]);
        string errors = row.Record["errors"];
        return
        [
            Markup.Escape(row.Record["core"]),
            state == "healthy" ? $"[green]{state}[/]" : $"[red]{state}[/]",
            Number(row.Record, "heartbeat"),
            Number(row.Record, "sent"),
            Number(row.Record, "received"),
            row.PerSecond.ToString("N0", CultureInfo.InvariantCulture),
            errors == "0" ? "0" : $"[red]{Markup.Escape(errors)}[/]",
        ];
    }

    private static string Number(SerialRecord record, string key) =>
        record.TryNumber(key, out ulong value) ? value.ToString("N0", CultureInfo.InvariantCulture) : "?";
}
