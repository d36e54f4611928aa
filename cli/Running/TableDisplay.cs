using System.Diagnostics;
using Atoll.TestVm.Serial;
using Spectre.Console;

namespace Atoll.Cli.Running;

/// <summary>Shows a running machine as a table that is refreshed in place and never grows out of the terminal.</summary>
public sealed class TableDisplay : IRunDisplay
{
    private const int GuestLinesMax = 6;

    // Three lines of frame, one of headings, one of help, and the one that the cursor waits in.
    private const int OtherLines = 6;

    private readonly LiveRows _live = new();
    private readonly Queue<string> _lines = [];
    private bool _changed = true;

    /// <inheritdoc/>
    public void Show(string line, SerialRecord? record)
    {
        if (record is null)
        {
            _lines.Enqueue(line);
            if (_lines.Count > GuestLinesMax)
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

        foreach (LiveLine line in LiveTable.Lines(_live.Rows, AnsiConsole.Profile.Height - _lines.Count - OtherLines))
        {
            table.AddRow(Cells(line));
        }

        int width = AnsiConsole.Profile.Width;
        return new Rows([.. _lines.Select(line => new Text(Cut(line, width))), table, new Text("q ends", new Style(decoration: Decoration.Dim))]);
    }

    private static string Cut(string line, int width) => line.Length < width ? line : line[..(width - 2)] + "…";

    private static string[] Cells(LiveLine line)
    {
        string colour = line.IsFine ? "green" : "red";
        string errors = Markup.Escape(line.Errors);
        return
        [
            Markup.Escape(line.Core),
            $"[{colour}]{Markup.Escape(line.State)}[/]",
            line.Heartbeat,
            line.Sent,
            line.Received,
            line.PerSecond,
            line.Errors == "0" ? errors : $"[red]{errors}[/]",
        ];
    }
}
