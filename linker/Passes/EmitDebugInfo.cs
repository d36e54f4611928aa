using System.Buffers.Binary;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Elf;
using Atoll.Linker.Model;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Passes;

/// <summary>Joins and relocates the objects' debug information. What describes dropped code gets no address.</summary>
/// <remarks>
/// A reference to dropped code becomes 0, in range and location lists 1, because a pair of zeros would end the list:
/// the same tombstones that lld writes for DWARF 4.
/// </remarks>
public sealed class EmitDebugInfo
{
    private const ulong Tombstone = 0;
    private const ulong ListTombstone = 1;

    private readonly LinkImage _image;
    private readonly Dictionary<ElfSection, uint> _bases = [];
    private readonly Dictionary<string, (int Output, long SizeBytes)> _byName = [];
    private readonly Dictionary<ElfSection, RangeLists> _ranges = [];
    private readonly CodeRanges _code = new();
    private readonly List<(string Name, List<(InputObject Input, ElfSection Section)> Parts)> _outputs = [];

    private EmitDebugInfo(LinkImage image) => _image = image;

    /// <summary>Runs the pass.</summary>
    public static void Run(LinkImage image)
    {
        EmitDebugInfo pass = new(image);
        pass.Collect();
        foreach ((string name, List<(InputObject, ElfSection)> parts) in pass._outputs)
        {
            image.DebugSections.Add(
                new DebugSection(name, [.. parts.SelectMany(part => pass.Relocate(part.Item1, part.Item2))]));
        }
    }

    private void Collect()
    {
        foreach (InputObject input in _image.Objects)
        {
            foreach (ElfSection section in input.File.Sections.Where(IsCopied))
            {
                if (!_byName.TryGetValue(section.Name, out (int Output, long SizeBytes) known))
                {
                    known = (_outputs.Count, 0);
                    _outputs.Add((section.Name, []));
                }

                _bases[section] = (uint)known.SizeBytes;
                _byName[section.Name] = (known.Output, known.SizeBytes + SizeOf(input, section));
                _outputs[known.Output].Parts.Add((input, section));
            }
        }
    }

    // Lists of ranges may grow.
    private int SizeOf(InputObject input, ElfSection section)
    {
        if (section.Name != DebugSectionNames.Ranges)
        {
            return section.Content.Length;
        }

        Dictionary<ulong, IReadOnlyList<(ulong From, ulong To)>> ranges = [];
        byte[] content = RelocateFields(input, section, (_, begin, end) => ranges.TryAdd(begin.Offset, _code.Of(input, begin, end)));
        RangeLists lists = new(content, ranges);
        _ranges.Add(section, lists);
        return lists.SizeBytes;
    }

    private static bool IsCopied(ElfSection section) =>
        !section.IsLoaded && section.Type == SHT_PROGBITS
        && DebugSectionNames.Copied.Contains(section.Name);

    private byte[] Relocate(InputObject input, ElfSection section) =>
        _ranges.TryGetValue(section, out RangeLists? lists) ? lists.Bytes
        : section.Name == DebugSectionNames.Locations
            ? RelocateFields(input, section, (bytes, begin, end) => RelocateRange(input, bytes, begin, end))
            : RelocateFields(input, section, pair: null);

    /// <summary>Relocates each field; where two make a range, and somebody is there for it, leaves that to it.</summary>
    private byte[] RelocateFields(InputObject input, ElfSection section, Action<byte[], ElfRelocation, ElfRelocation>? pair)
    {
        byte[] bytes = section.Content.ToArray();
        IReadOnlyList<ElfRelocation> relocations = section.Relocations;
        for (int index = 0; index < relocations.Count; index++)
        {
            bool isPair = pair is not null && index + 1 < relocations.Count
                && relocations[index].Type == R_X86_64_64 && relocations[index + 1].Type == R_X86_64_64
                && relocations[index + 1].Offset == relocations[index].Offset + sizeof(ulong);
            if (isPair)
            {
                pair!(bytes, relocations[index], relocations[index + 1]);
                index++;
            }
            else
            {
                RelocateField(input, section, bytes, relocations[index]);
            }
        }

        return bytes;
    }

    private void RelocateRange(InputObject input, byte[] bytes, ElfRelocation begin, ElfRelocation end)
    {
        (ulong from, ulong to) = _code.Of(input, begin, end) is [var range, ..] ? range : (ListTombstone, ListTombstone);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan((int)begin.Offset), from);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan((int)end.Offset), to);
    }

    private void RelocateField(InputObject input, ElfSection section, byte[] bytes, ElfRelocation relocation)
    {
        Span<byte> field = bytes.AsSpan((int)relocation.Offset);
        ulong value = ValueOf(input, section, relocation);
        switch (relocation.Type)
        {
            case R_X86_64_64:
                BinaryPrimitives.WriteUInt64LittleEndian(field, value);
                break;

            case R_X86_64_32 when value <= uint.MaxValue:
                BinaryPrimitives.WriteUInt32LittleEndian(field, (uint)value);
                break;

            case R_X86_64_32:
                Report(DiagnosticCatalogue.RelocationOverflow, input, section, relocation);
                break;

            default:
                Report(DiagnosticCatalogue.UnknownRelocation, input, section, relocation);
                break;
        }
    }

    private ulong ValueOf(InputObject input, ElfSection section, ElfRelocation relocation)
    {
        ElfSymbol symbol = input.File.Symbols[relocation.SymbolIndex];
        ElfSection? target = symbol.IsDefinedInSection ? input.File.Sections[symbol.SectionIndex] : null;
        if (target is null || target.IsLoaded)
        {
            return input.ResolveField(relocation) is { Piece.IsKept: true } place
                ? place.Piece.Address + place.Offset
                : Tombstone;
        }

        ulong offset = unchecked(symbol.Value + (ulong)relocation.Addend);
        if (target.Name == DebugSectionNames.Line)
        {
            if (offset <= int.MaxValue && _image.LineUnitOffsets.TryGetValue((input, (int)offset), out uint unit))
            {
                return unit;
            }
        }
        else if (_bases.TryGetValue(target, out uint start) && PlaceIn(target, offset) is { } place)
        {
            return start + place;
        }

        Report(DiagnosticCatalogue.MalformedDebugInfo, input, section, relocation);
        return 0;
    }

    private ulong? PlaceIn(ElfSection section, ulong offset) =>
        _ranges.TryGetValue(section, out RangeLists? lists) ? lists.PlaceOf(offset)
        : offset <= section.SizeBytes ? offset
        : null;

    private void Report(
        DiagnosticDescriptor descriptor, InputObject input, ElfSection section, ElfRelocation relocation)
    {
        string symbol = input.File.Symbols[relocation.SymbolIndex] is { Name.Length: > 0 } named
            ? named.Name
            : "a section";
        _image.Diagnostics.Report(
            descriptor,
            $"{section.Name}+0x{relocation.Offset:x} of '{input.Name}' refers to {symbol} "
            + $"by {RelocationName(relocation.Type)}.",
            symbol,
            input.Name);
    }
}
