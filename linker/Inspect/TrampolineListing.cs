using System.Text;
using Atoll.Linker.Elf;
using Atoll.Linker.Trampolines;
using Iced.Intel;
using Decoder = Iced.Intel.Decoder;

namespace Atoll.Linker.Inspect;

/// <summary>Code that the linker made, as it is in the finished image.</summary>
/// <param name="Name">Symbol.</param>
/// <param name="Address">Virtual address.</param>
/// <param name="SizeBytes">Size.</param>
/// <param name="Bitness">Mode that it runs in: 16, 32 or 64.</param>
/// <param name="Alike">How many trampolines there are that differ from it in constants alone, itself included.</param>
/// <param name="Instructions">One instruction each: address in hexadecimal, two spaces, Intel syntax.</param>
public sealed record TrampolineCode(
    string Name, ulong Address, int SizeBytes, int Bitness, int Alike, IReadOnlyList<string> Instructions);

/// <summary>Disassembles trampolines of a finished image.</summary>
/// <remarks>Which symbols are trampolines, and in which mode they run, is the linker's own knowledge. The bytes are the
/// file's.</remarks>
public sealed class TrampolineListing
{
    private readonly ElfFile _file;
    private readonly Dictionary<ulong, string> _names = [];
    private readonly NasmFormatter _formatter;

    private TrampolineListing(ElfFile file)
    {
        _file = file;
        foreach (ElfSymbol symbol in file.Symbols.Where(symbol => symbol.Name.Length > 0))
        {
            _names.TryAdd(symbol.Value, symbol.Name);
        }

        FormatterOptions options = new()
        {
            HexPrefix = "0x", HexSuffix = null, FirstOperandCharIndex = 9, SpaceAfterOperandSeparator = true,
        };
        _formatter = new NasmFormatter(options, new Names(_names));
    }

    /// <summary>All trampolines, in the order of the catalogue. Interrupt entries of one shape are listed
    /// once.</summary>
    public static IReadOnlyList<TrampolineCode> Of(ElfFile file)
    {
        TrampolineListing listing = new(file);
        Dictionary<string, ElfSymbol> symbols = [];
        foreach (ElfSymbol symbol in file.Symbols)
        {
            symbols.TryAdd(symbol.Name, symbol);
        }

        List<(TrampolineCode Code, string Shape)> all = [];
        foreach ((string name, int? sizeBytes, int bitness) in Parts())
        {
            if (symbols.TryGetValue(name, out ElfSymbol? symbol)
                && listing.BytesAt(symbol.Value, sizeBytes ?? (int)symbol.SizeBytes) is { } bytes)
            {
                all.Add(listing.Disassemble(name, symbol.Value, bytes, bitness));
            }
        }

        return [.. all.GroupBy(one => one.Shape).Select(alike => alike.First().Code with { Alike = alike.Count() })];
    }

    /// <summary>What may be listed; its size, where the symbol does not tell it.</summary>
    private static IEnumerable<(string Name, int? SizeBytes, int Bitness)> Parts()
    {
        foreach (CodeFragment fragment in Catalogue.All.OfType<CodeFragment>())
        {
            if (fragment is InterruptEntries)
            {
                foreach ((string name, int offset) in fragment.InnerSymbols)
                {
                    int end = fragment.InnerSymbols.Select(symbol => symbol.OffsetBytes).Where(next => next > offset).DefaultIfEmpty(fragment.SizeBytes).Min();
                    yield return (name, end - offset, fragment.Bitness);
                }
            }
            else
            {
                yield return (fragment.Name, null, fragment.Bitness);
            }
        }

        foreach (ApStartPart part in ApStartCode.Parts)
        {
            yield return (part.Symbol, part.SizeBytes, part.Bitness);
        }
    }

    private ReadOnlyMemory<byte>? BytesAt(ulong address, int sizeBytes)
    {
        foreach (ElfSection section in _file.Sections.Where(section => section.IsLoaded && address >= section.Address))
        {
            ulong start = address - section.Address;
            ulong length = (ulong)section.Content.Length;
            if (start < length && (ulong)sizeBytes <= length - start)
            {
                return section.Content.Slice((int)start, sizeBytes);
            }
        }

        return null;
    }

    /// <summary>The code, and a text that interrupt entries share which differ in constants alone.</summary>
    private (TrampolineCode Code, string Shape) Disassemble(string name, ulong address, ReadOnlyMemory<byte> bytes, int bitness)
    {
        List<string> lines = [];
        StringBuilder mnemonics = new();
        StringOutput output = new();
        Decoder decoder = Decoder.Create(bitness, new ByteArrayCodeReader(bytes.ToArray()), address);
        ulong end = address + (ulong)bytes.Length;
        int padding = 0;
        while (decoder.IP < end)
        {
            Instruction instruction = decoder.Decode();
            _formatter.Format(instruction, output);
            lines.Add($"{instruction.IP:x}  {output.ToStringAndReset()}");
            padding = instruction.Mnemonic == Mnemonic.Int3 ? padding + 1 : 0;
            mnemonics.Append(instruction.Mnemonic).Append(' ');
        }

        bool isEntry = name.StartsWith(InterruptEntries.EntryPrefix, StringComparison.Ordinal);
        return (
            new TrampolineCode(name, address, bytes.Length, bitness, 1, lines[..^padding]),
            isEntry ? mnemonics.ToString() : name);
    }

    private sealed class Names(Dictionary<ulong, string> names) : ISymbolResolver
    {
        public bool TryGetSymbol(
            in Instruction instruction, int operand, int instructionOperand, ulong address, int addressSize, out SymbolResult symbol)
        {
            symbol = names.TryGetValue(address, out string? name) ? new SymbolResult(address, name) : default;
            return name is not null;
        }
    }
}
