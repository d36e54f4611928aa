using System.Globalization;
using System.Text.Json.Nodes;
using Atoll.Bench;
using Spectre.Console;

namespace Atoll.Cli.Terminal;

/// <summary>Writes figures: a table for people, JSON Lines for programs.</summary>
public static class FigureReport
{
    private const int FileWidth = 200;

    // In this order. A column that no figure fills is left out.
    private static readonly Column[] s_columns =
    [
        new("figure", Justify.Left, figure => figure.Name),
        new("cores", Justify.Right, figure => figure.Cores?.ToString(CultureInfo.InvariantCulture) ?? ""),
        new("slots", Justify.Right, figure => figure.Slots?.ToString(CultureInfo.InvariantCulture) ?? ""),
        new("placement", Justify.Left, figure => figure.Placement ?? ""),
        new("value", Justify.Right, figure => figure.Missing is null ? Number(figure.Value) : "–"),
        new("quartiles", Justify.Right, figure => figure is { Low: double low, High: double high } ? $"{Number(low)}–{Number(high)}" : ""),
        new("most", Justify.Right, figure => Optional(figure.Most)),
        new("unit", Justify.Left, figure => figure.Unit),
        new("ns", Justify.Right, figure => Optional(figure.Nanoseconds)),
        new("peer", Justify.Right, figure => Optional(figure.Peer)),
        new("ratio", Justify.Right, figure => Optional(figure.Ratio)),
        new("aim", Justify.Right, figure => figure.Aim is double aim ? $"{(figure.AimsHigh ? '≥' : '≤')} {Number(aim)}" : ""),
        new("", Justify.Left, figure => figure.Missing ?? (figure.Aim is null ? "" : figure.MeetsAim ? "[green]✓[/]" : "[red]✗[/]")),
    ];

    /// <summary>Writes a table to stdout.</summary>
    public static void WriteTable(IReadOnlyList<Figure> figures)
    {
        Column[] columns = [.. s_columns.Where(column => figures.Any(figure => column.Text(figure).Length > 0))];
        var table = new Table { Border = TableBorder.Simple };
        foreach (Column column in columns)
        {
            table.AddColumn(new TableColumn(column.Name) { Alignment = column.Alignment });
        }

        foreach (Figure figure in figures)
        {
            table.AddRow([.. columns.Select(column => column.Text(figure))]);
        }

        Console().Write(table);
    }

    /// <summary>One line of JSON.</summary>
    public static string Json(Figure figure)
    {
        var line = new JsonObject
        {
            ["name"] = figure.Name,
            ["unit"] = figure.Unit,
            ["value"] = figure.Missing is null ? figure.Value : null,
            ["aim"] = figure.Aim,
        };
        AddWhere(figure.AimsHigh, "aims-high", figure.AimsHigh);
        AddWhere(figure.Peer is not null, "peer", figure.Peer);
        AddWhere(figure.Peer is not null, "ratio", figure.Ratio);
        AddWhere(figure.Cores is not null, "cores", figure.Cores);
        AddWhere(figure.Placement is not null, "placement", figure.Placement);
        AddWhere(figure.Slots is not null, "slots", figure.Slots);
        AddWhere(figure.Low is not null, "low", figure.Low);
        AddWhere(figure.High is not null, "high", figure.High);
        AddWhere(figure.Most is not null, "most", figure.Most);
        AddWhere(figure.Nanoseconds is not null, "ns", figure.Nanoseconds);
        AddWhere(figure.Missing is not null, "missing", figure.Missing);
        return line.ToJsonString();

        void AddWhere(bool applies, string key, JsonNode? value)
        {
            if (applies)
            {
                line[key] = value;
            }
        }
    }

    // Colours are for a terminal, and so is an edge to wrap at; a file or a pipe gets the same table without them.
    private static IAnsiConsole Console()
    {
        bool isFile = System.Console.IsOutputRedirected;
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isFile ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isFile ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        if (isFile)
        {
            console.Profile.Width = FileWidth;
        }

        return console;
    }

    private static string Optional(double? value) => value is double number ? Number(number) : "";

    private static string Number(double value) => value.ToString("#,0.###", CultureInfo.InvariantCulture);

    private sealed record Column(string Name, Justify Alignment, Func<Figure, string> Text);
}
