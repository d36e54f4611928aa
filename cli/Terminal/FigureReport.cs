using System.Globalization;
using System.Text.Json.Nodes;
using Atoll.Bench;
using Spectre.Console;

namespace Atoll.Cli.Terminal;

/// <summary>Writes figures: a table for people, JSON Lines for programs.</summary>
public static class FigureReport
{
    /// <summary>Writes a table to stdout.</summary>
    public static void WriteTable(IEnumerable<Figure> figures)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (string name in (string[])["figure", "cores", "value", "unit", "aim", ""])
        {
            table.AddColumn(new TableColumn(name) { Alignment = name is "cores" or "value" or "aim" ? Justify.Right : Justify.Left });
        }

        foreach (Figure figure in figures)
        {
            table.AddRow(
                figure.Name,
                figure.Cores?.ToString(CultureInfo.InvariantCulture) ?? "",
                Number(figure.Value),
                figure.Unit,
                figure.Aim is double aim ? $"≤ {Number(aim)}" : "",
                figure.Aim is null ? "" : figure.MeetsAim ? "[green]✓[/]" : "[red]✗[/]");
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
            ["value"] = figure.Value,
            ["aim"] = figure.Aim,
        };
        if (figure.Peer is double peer)
        {
            line["peer"] = peer;
            line["ratio"] = figure.Ratio;
        }

        if (figure.Cores is int cores)
        {
            line["cores"] = cores;
        }

        return line.ToJsonString();
    }

    // Colours are for a terminal; a file or a pipe gets the same table without them.
    private static IAnsiConsole Console() => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = System.Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
        ColorSystem = System.Console.IsOutputRedirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
    });

    private static string Number(double value) => value.ToString("#,0.###", CultureInfo.InvariantCulture);
}
