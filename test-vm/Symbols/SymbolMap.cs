using System.Globalization;

namespace Atoll.TestVm.Symbols;

/// <summary>Turns addresses of an image into method, file and line, from the linker's map (docs/image.md).</summary>
public sealed class SymbolMap
{
    private const string NoSource = "-:0";

    private readonly List<Symbol> _symbols;
    private readonly List<SourceLine> _lines;

    private SymbolMap(IEnumerable<Symbol> symbols, IEnumerable<SourceLine> lines)
    {
        _symbols = [.. symbols.OrderBy(symbol => symbol.Address)];
        _lines = [.. lines.OrderBy(line => line.Address)];
    }

    /// <summary>A map without symbols.</summary>
    public static SymbolMap Empty { get; } = new([], []);

    /// <summary>Reads the map that lies beside an image: same name, <c>.map</c>. No file gives no symbols.</summary>
    public static SymbolMap BesideImage(string imagePath)
    {
        string path = Path.ChangeExtension(imagePath, ".map");
        return File.Exists(path) ? Parse(File.ReadLines(path)) : Empty;
    }

    /// <summary>Reads a map. Lines of other shapes are passed over.</summary>
    public static SymbolMap Parse(IEnumerable<string> text)
    {
        List<Symbol> symbols = [];
        List<SourceLine> lines = [];
        foreach (string line in text)
        {
            string[] words = line.Split(' ', 4, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 4 && TryHex(words[0], out ulong address) && TryHex(words[1], out ulong size))
            {
                symbols.Add(new Symbol(address, size, words[2], words[3].Trim()));
            }
            else if (words.Length == 2 && TryHex(words[0], out ulong start) && words[1].Contains(':'))
            {
                lines.Add(new SourceLine(start, words[1]));
            }
        }

        return new SymbolMap(symbols, lines);
    }

    /// <summary>The name of the method or object that holds an address, or null.</summary>
    public string? NameOf(ulong address) => Find(address)?.Name;

    /// <summary>Where symbols begin whose names are such as are asked for.</summary>
    public IEnumerable<ulong> AddressesOf(Func<string, bool> isAsked) =>
        _symbols.Where(symbol => isAsked(symbol.Name)).Select(symbol => symbol.Address);

    /// <summary>Names an address: <c>0x… Method+0x12 (File.cs:34)</c>.</summary>
    public string Describe(ulong address)
    {
        string place = $"0x{address:x}";
        if (Find(address) is { } symbol)
        {
            place += $" {symbol.Name}+0x{address - symbol.Address:x}";
            int line = LastAtOrBelow(_lines.Count, index => _lines[index].Address, address);
            if (line >= 0 && _lines[line].Address >= symbol.Address && _lines[line].Place != NoSource)
            {
                place += $" ({_lines[line].Place})";
            }
        }

        return place;
    }

    /// <summary>The first line of a method, <c>/_/folder/File.cs:34</c>, or null. Type arguments are left out.</summary>
    public string? FirstLineOf(string method)
    {
        Symbol? symbol = _symbols.Find(symbol => symbol.Name.Split('<')[0] == method);
        return symbol is null ? null : _lines.Find(line => line.Address == symbol.Address)?.Place;
    }

    /// <summary>Names a return address by the call before it, which may be the last instruction of its method.</summary>
    public string DescribeReturn(ulong address) => address == 0 ? Describe(0) : Describe(address - 1);

    private Symbol? Find(ulong address)
    {
        // Of several names of one place the last is meant for readers. An outer symbol may begin before an inner one.
        int index = LastAtOrBelow(_symbols.Count, candidate => _symbols[candidate].Address, address);
        while (index >= 0 && address - _symbols[index].Address >= _symbols[index].SizeBytes)
        {
            index = index > 0 && _symbols[index - 1].Address == _symbols[index].Address ? index - 1 : -1;
        }

        return index >= 0 ? _symbols[index] : null;
    }

    private static int LastAtOrBelow(int count, Func<int, ulong> addressOf, ulong address)
    {
        int low = 0;
        int high = count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (addressOf(middle) <= address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }

    private static bool TryHex(string text, out ulong value) =>
        ulong.TryParse(
            text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text.AsSpan(2) : text,
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture,
            out value);

    private sealed record Symbol(ulong Address, ulong SizeBytes, string Segment, string Name);

    private sealed record SourceLine(ulong Address, string Place);
}
