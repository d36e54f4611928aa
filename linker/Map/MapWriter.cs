using System.Globalization;
using System.Text;
using Atoll.Linker.Model;

namespace Atoll.Linker.Map;

/// <summary>Writes the map: what lies where, for people and for the harness that names the addresses of a
/// panic.</summary>
public static class MapWriter
{
    private const string Head = """
        # Atoll map. Numbers are hexadecimal without prefix; addresses are virtual.
        # symbols: address size segment name     (ascending; several names of one place share its address)
        # lines: address file:line               (ascending; up to the next line or the symbol's end; "-:0": no source)

        """;

    /// <summary>Makes the text.</summary>
    public static string Write(LinkImage image)
    {
        StringBuilder text = new(Head);
        text.Append("symbols\n");
        foreach ((ulong address, ulong size, string segment, string name) in Symbols(image))
        {
            text.Append(CultureInfo.InvariantCulture, $"{address:x16} {size:x} {segment} {name}\n");
        }

        text.Append("lines\n");
        foreach (AddressLine line in image.Lines)
        {
            text.Append(CultureInfo.InvariantCulture, $"{line.Address:x16} {line.Line?.ToString() ?? "-:0"}\n");
        }

        return text.ToString();
    }

    private static IEnumerable<(ulong Address, ulong Size, string Segment, string Name)> Symbols(LinkImage image)
    {
        Definition[] kept = [.. image.Symbols.All.Where(definition => definition.Piece is { IsKept: true })];
        HashSet<string> ambiguous = [.. kept
            .GroupBy(definition => MethodNames.Readable(definition.Name))
            .Where(group => group.Count() > 1)
            .Select(group => group.Key)];
        return kept
            .Select(definition => (definition, readable: MethodNames.Readable(definition.Name)))
            .Select(pair => (
                pair.definition.Address,
                pair.definition.ExtentBytes,
                image.Segments[pair.definition.Piece!.Place].Name,
                ambiguous.Contains(pair.readable) ? pair.definition.Name : pair.readable))
            .OrderBy(symbol => symbol.Address)
            // The last name of a place is the one that readers show: a method's rather than its export's.
            .ThenByDescending(symbol => symbol.ExtentBytes)
            .ThenBy(symbol => symbol.Item4.Contains('.'))
            .ThenBy(symbol => symbol.Item4, StringComparer.Ordinal);
    }
}
