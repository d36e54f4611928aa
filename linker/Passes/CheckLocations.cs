using System.Buffers.Binary;
using Atoll.Linker.Binary;
using Atoll.Linker.Dwarf;
using Atoll.Linker.Model;
using static Atoll.Linker.Dwarf.DwarfNative;

namespace Atoll.Linker.Passes;

/// <summary>What debug information says of variables in registers is made true, or taken out.</summary>
/// <remarks>
/// ILC 10.0.14 writes a variable that is in one register on one stretch of its function as if it were there in all of
/// it, and a span's two registers in the wrong order. A debugger then shows what the register holds now, and in frames
/// further up what a callee has put there. No length is changed: an entry gets another abbreviation, and gives the
/// place where it was declared for the offset of a location list. What is no unit of DWARF 4 stays as it is.
/// Before: debug information has its final addresses. After: a location names a register only where that holds the
/// variable, as far as the instructions show.
/// </remarks>
public sealed class CheckLocations
{
    /// <summary>An attribute that no reader knows, and therefore passes over (DWARF 4, 7.1 "Vendor Extensibility").</summary>
    private const ulong Unknown = DW_AT_lo_user + 0xA70;

    private readonly Dictionary<ulong, ObjectPiece> _functions;
    private readonly Dictionary<ulong, RegisterLives> _lives = [];
    private readonly OutputSegments _segments;
    private readonly byte[] _info;
    private readonly LocationLists _lists;
    private readonly ByteBuilder _moreLists = new();

    private CheckLocations(LinkImage image, byte[] info, byte[] lists)
    {
        (_segments, _info, _lists) = (image.Segments, info, new LocationLists(lists));
        _functions = _segments.BootCode.Pieces.Concat(_segments.Text.Pieces).OfType<ObjectPiece>().Where(piece => piece.SizeBytes > 0)
            .DistinctBy(piece => piece.Address).ToDictionary(piece => piece.Address);
    }

    /// <summary>Runs the pass.</summary>
    public static void Run(LinkImage image)
    {
        int info = IndexOf(image, DebugSectionNames.Information);
        int abbreviations = IndexOf(image, DebugSectionNames.Abbreviations);
        if (info < 0 || abbreviations < 0)
        {
            return;
        }

        int lists = IndexOf(image, DebugSectionNames.Locations);
        CheckLocations pass = new(image, image.DebugSections[info].Content, lists < 0 ? [] : image.DebugSections[lists].Content);
        byte[] added = pass.CheckUnits(image.DebugSections[abbreviations].Content);
        Append(image, abbreviations, DebugSectionNames.Abbreviations, added);
        Append(image, lists, DebugSectionNames.Locations, pass._moreLists.ToArray());
    }

    private static int IndexOf(LinkImage image, string name) => image.DebugSections.FindIndex(section => section.Name == name);

    private static void Append(LinkImage image, int index, string name, byte[] added)
    {
        if (index >= 0)
        {
            DebugSection section = image.DebugSections[index];
            image.DebugSections[index] = section with { Content = [.. section.Content, .. added] };
        }
        else if (added.Length > 0)
        {
            image.DebugSections.Add(new DebugSection(name, added));
        }
    }

    /// <summary>Checks each unit; returns the tables of abbreviations that units have now, to be put behind the others.</summary>
    private byte[] CheckUnits(byte[] abbreviations)
    {
        // Tables lie apart, and units may share one: who reads more bytes than there are has read some again.
        Dictionary<uint, (AbbreviationTable Table, List<DebugUnit> Units)> tables = [];
        int bytesLeft = abbreviations.Length;
        int offset = 0;
        while (bytesLeft >= 0 && DebugUnit.Read(_info, offset) is { } unit)
        {
            if (!tables.TryGetValue(unit.Abbreviations, out (AbbreviationTable Table, List<DebugUnit> Units) known))
            {
                if (AbbreviationTable.Read(abbreviations, unit.Abbreviations) is not { } table)
                {
                    break;
                }

                known = (table, []);
                tables.Add(unit.Abbreviations, known);
                bytesLeft -= table.SizeBytes;
            }

            known.Units.Add(unit);
            unit.Walk(_info, known.Table, new UnitOfVariables(this, known.Table).Visit);
            offset = unit.End;
        }

        ByteBuilder added = new();
        foreach ((AbbreviationTable table, List<DebugUnit> units) in tables.Values.Where(entry => entry.Table.HasChanged))
        {
            foreach (DebugUnit unit in units)
            {
                uint place = (uint)(abbreviations.Length + added.Length);
                BinaryPrimitives.WriteUInt32LittleEndian(_info.AsSpan(unit.AbbreviationsField), place);
            }

            added.Bytes(table.ToArray());
        }

        return added.ToArray();
    }

    /// <summary>What the instructions of a function say; null when there is no such function.</summary>
    private RegisterLives? LivesOf(ulong address, ulong sizeBytes)
    {
        if (!_functions.TryGetValue(address, out ObjectPiece? piece) || piece.SizeBytes != sizeBytes)
        {
            return null;
        }

        if (!_lives.TryGetValue(address, out RegisterLives? lives))
        {
            lives = RegisterLives.Of(_segments[piece.Place].BytesOf(piece).ToArray(), address);
            _lives.Add(address, lives);
        }

        return lives;
    }

    /// <summary>The variables of one unit.</summary>
    private sealed class UnitOfVariables(CheckLocations pass, AbbreviationTable table)
    {
        private ulong _unitAddress;
        private RegisterLives? _lives;
        private ulong _function;
        private ulong _functionEnd;
        private int _functionDepth = int.MaxValue;

        public void Visit(DebugEntry entry)
        {
            if (entry.Depth <= _functionDepth)
            {
                (_lives, _functionDepth) = (null, int.MaxValue);
            }

            switch (entry.Shape.Tag)
            {
                case DW_TAG_compile_unit:
                    _unitAddress = AddressOf(entry, DW_AT_low_pc) ?? 0;
                    break;
                case DW_TAG_subprogram when AddressOf(entry, DW_AT_low_pc) is { } low && AddressOf(entry, DW_AT_high_pc) is { } size:
                    _lives = pass.LivesOf(low, size);
                    (_function, _functionEnd, _functionDepth) = (low, unchecked(low + size), entry.Depth);
                    break;
                case DW_TAG_formal_parameter or DW_TAG_variable when entry.Find(DW_AT_location) is { } location:
                    Check(entry, location.Place, location.Form);
                    break;
                default:
                    break;
            }
        }

        private ulong? AddressOf(DebugEntry entry, ulong name) =>
            entry.Find(name) is { Form: DW_FORM_addr or DW_FORM_data8 } found
                ? BinaryPrimitives.ReadUInt64LittleEndian(pass._info.AsSpan(found.Place.Offset))
                : null;

        private void Check(DebugEntry entry, AttributePlace place, ulong form)
        {
            if (form == DW_FORM_sec_offset && _lives is not null)
            {
                pass._lists.Correct(BinaryPrimitives.ReadUInt32LittleEndian(pass._info.AsSpan(place.Offset)), _unitAddress, _lives);
                return;
            }

            // The length before an expression of up to 127 bytes takes one.
            Span<byte> expression = pass._info.AsSpan(place.Offset, place.Bytes)[1..];
            if (form != DW_FORM_exprloc || LocationExpression.Read(expression) is not { } location)
            {
                return;
            }

            location.TurnRound(expression);
            (ulong from, ulong to) = LifeOf(location, entry.Shape.Tag == DW_TAG_formal_parameter);
            if (from > _function || to < _functionEnd || _lives is null)
            {
                Shorten(entry, place, expression.ToArray(), from, to);
            }
        }

        /// <summary>Where a location is the variable's, as far as can be seen; empty when nothing can.</summary>
        private (ulong From, ulong To) LifeOf(LocationExpression location, bool isArgument)
        {
            (ulong firstFrom, ulong firstTo) = LifeOf(location.First, isArgument);
            (ulong secondFrom, ulong secondTo) = LifeOf(location.Second ?? location.First, isArgument);
            return (ulong.Max(firstFrom, secondFrom), ulong.Min(firstTo, secondTo));
        }

        // Only an argument is known to be in its register where the function begins.
        private (ulong From, ulong To) LifeOf(int register, bool isArgument) => _lives is null ? (_function, _function)
            : isArgument && LocationExpression.IsOfArguments(register) ? (_function, _lives.EndOf(register))
            : RegisterLives.IsKeptByCalls(register) ? _lives.OnlyValueOf(register)
            : (_function, _function);

        private void Shorten(DebugEntry entry, AttributePlace place, byte[] expression, ulong from, ulong to)
        {
            bool hasList = from < to && GiveList(entry, place, expression, from, to);
            if (!hasList)
            {
                Rename(entry, "nowhere", attributes =>
                    [.. attributes.Select(attribute => attribute.Name == DW_AT_location ? attribute with { Name = Unknown } : attribute)]);
            }
        }

        /// <summary>A list needs four bytes: those of the expression, and those that say where the variable was declared.</summary>
        private bool GiveList(DebugEntry entry, AttributePlace place, byte[] expression, ulong from, ulong to)
        {
            int first = entry.Shape.IndexOf(DW_AT_decl_file);
            int last = entry.Shape.IndexOf(DW_AT_location);
            bool isUsual = first >= 0 && last == first + 3 && entry.Shape.Attributes[first + 1].Name == DW_AT_decl_line
                && place.Bytes is >= 2 and < 0x80;
            if (!isUsual)
            {
                return false;
            }

            AttributePlace file = entry.Places[first];
            AttributePlace between = entry.Places[last - 1];
            int spare = place.Offset + place.Bytes - file.Offset - between.Bytes - sizeof(uint);
            if (spare < 0 || !Rename(entry, $"list {spare}", attributes => WithList(attributes, first, spare)))
            {
                return false;
            }

            byte[] middle = pass._info.AsSpan(between.Offset, between.Bytes).ToArray();
            Span<byte> rest = pass._info.AsSpan(file.Offset, place.Offset + place.Bytes - file.Offset);
            rest.Clear();
            middle.CopyTo(rest);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[middle.Length..], (uint)(pass._lists.SizeBytes + pass._moreLists.Length));
            if (spare > 0)
            {
                rest[middle.Length + sizeof(uint)] = (byte)(spare - 1);
            }

            pass._moreLists.U64(from - _unitAddress).U64(to - _unitAddress)
                .U16((ushort)expression.Length).Bytes(expression).U64(0).U64(0);
            return true;
        }

        private static IReadOnlyList<AttributeShape> WithList(IReadOnlyList<AttributeShape> attributes, int first, int spare) =>
        [
            .. attributes.Take(first),
            attributes[first + 2],
            new AttributeShape(DW_AT_location, DW_FORM_sec_offset),
            .. spare > 0 ? [new AttributeShape(Unknown, DW_FORM_block1)] : Array.Empty<AttributeShape>(),
            .. attributes.Skip(first + 4),
        ];

        private bool Rename(
            DebugEntry entry, string change, Func<IReadOnlyList<AttributeShape>, IReadOnlyList<AttributeShape>> attributes)
        {
            ulong code = table.Changed(entry.Code, change, attributes);
            if (code != 0)
            {
                pass._info[entry.CodeOffset] = (byte)code;
            }

            return code != 0;
        }
    }
}
