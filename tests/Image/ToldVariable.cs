using System.Globalization;
using System.Text.RegularExpressions;

namespace Atoll.Image.Tests;

/// <summary>A stretch of code in which a debugger is told that a variable is in registers.</summary>
/// <param name="From">First address.</param>
/// <param name="To">First address behind.</param>
/// <param name="Registers">DWARF's numbers (psABI, "DWARF Register Number Mapping"); of two, the first has the first bytes.</param>
internal sealed record ToldStretch(ulong From, ulong To, IReadOnlyList<int> Registers);

/// <summary>What debug information tells of a variable, in the words of llvm-dwarfdump.</summary>
/// <param name="Name">Name, with its function.</param>
/// <param name="IsWholeFunction">Whether it is told to be at one place in all of its function.</param>
/// <param name="Stretches">Where it is in registers.</param>
internal sealed partial record ToldVariable(string Name, bool IsWholeFunction, IReadOnlyList<ToldStretch> Stretches)
{
    /// <summary>Reads the variables of functions that have code.</summary>
    public static List<ToldVariable> Read(string dump)
    {
        List<ToldVariable> variables = [];
        Dictionary<string, string> function = [];
        foreach (Match entry in Entry().Matches(dump).Cast<Match>())
        {
            Dictionary<string, string> attributes = Attribute().Matches(entry.Groups["attributes"].Value).Cast<Match>()
                .ToDictionary(found => found.Groups["name"].Value, found => found.Groups["value"].Value, StringComparer.Ordinal);
            switch (entry.Groups["tag"].Value)
            {
                case "subprogram":
                    function = attributes;
                    break;
                case "formal_parameter" or "variable" when attributes.TryGetValue("location", out string? location)
                    && function.TryGetValue("low_pc", out string? low) && function.TryGetValue("high_pc", out string? high):
                    string name = $"{attributes.GetValueOrDefault("name")} of {function.GetValueOrDefault("specification")}";
                    variables.Add(Of(name, location, low, high));
                    break;
                default:
                    break;
            }
        }

        return variables;
    }

    private static ToldVariable Of(string name, string location, string low, string high)
    {
        Match[] list = [.. Stretch().Matches(location).Cast<Match>()];
        return list.Length > 0
            ? new ToldVariable(name, false, [.. list.Select(one => new ToldStretch(
                Hex(one.Groups["from"].Value), Hex(one.Groups["to"].Value), Registers(one.Groups["place"].Value)))])
            : new ToldVariable(name, true, [new ToldStretch(Hex(low), Hex(high), Registers(location))]);
    }

    private static int[] Registers(string place) =>
        [.. Register().Matches(place).Cast<Match>().Select(found => int.Parse(found.Groups[1].ValueSpan, CultureInfo.InvariantCulture))];

    private static ulong Hex(string text) => ulong.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^0x[0-9a-f]+: +DW_TAG_(?<tag>\w+)\n(?<attributes>(?:[ \t]+\S.*\n)*)", RegexOptions.Multiline)]
    private static partial Regex Entry();

    // The value of a list goes on in the next lines.
    [GeneratedRegex(@"^ +DW_AT_(?<name>\w+)\t\((?<value>[^\n]*(?:\n +\[[^\n]*)*)\)$", RegexOptions.Multiline)]
    private static partial Regex Attribute();

    [GeneratedRegex(@"\[(?<from>0x[0-9a-f]+), (?<to>0x[0-9a-f]+)\): (?<place>.*)")]
    private static partial Regex Stretch();

    [GeneratedRegex(@"DW_OP_reg(\d+)\b")]
    private static partial Regex Register();
}
