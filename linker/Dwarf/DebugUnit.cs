using Atoll.Linker.Binary;
using static Atoll.Linker.Dwarf.DwarfNative;

namespace Atoll.Linker.Dwarf;

/// <summary>Where an attribute of an entry lies.</summary>
/// <param name="Offset">First byte, in the section.</param>
/// <param name="Bytes">Bytes.</param>
internal readonly record struct AttributePlace(int Offset, int Bytes);

/// <summary>The debugging information entry that a walk stands at.</summary>
/// <remarks>One for each walk: an entry may have a single byte, an object has not.</remarks>
internal sealed class DebugEntry
{
    private readonly List<AttributePlace> _places = [];

    /// <summary>Where its abbreviation code lies.</summary>
    public int CodeOffset { get; private set; }

    /// <summary>Abbreviation code; it takes one byte when it is below 128.</summary>
    public ulong Code { get; private set; }

    /// <summary>Abbreviation.</summary>
    public Abbreviation Shape { get; private set; } = new(0, false, []);

    /// <summary>Entries above it.</summary>
    public int Depth { get; private set; }

    /// <summary>Where each attribute lies, in the order of the shape.</summary>
    public IReadOnlyList<AttributePlace> Places => _places;

    /// <summary>Where an attribute lies, and its form; null when the entry has none.</summary>
    public (AttributePlace Place, ulong Form)? Find(ulong name)
    {
        int index = Shape.IndexOf(name);
        return index < 0 ? null : (_places[index], Shape.Attributes[index].Form);
    }

    /// <summary>Stands at an entry; its attributes are added one by one.</summary>
    internal void Begin(int codeOffset, ulong code, Abbreviation shape, int depth)
    {
        (CodeOffset, Code, Shape, Depth) = (codeOffset, code, shape, depth);
        _places.Clear();
    }

    /// <summary>The next attribute.</summary>
    internal void Add(AttributePlace place) => _places.Add(place);
}

/// <summary>A unit of <c>.debug_info</c>: its header, and its entries one after the other.</summary>
/// <remarks>Source: DWARF 4, 7.5 "Format of Debugging Information". 32-bit format and addresses of 8 bytes only.</remarks>
internal sealed class DebugUnit
{
    private const int HeaderBytes = 11;
    private const uint LargestLength = 0xFFFF_FFEF;

    private DebugUnit(int offset, int end, uint abbreviations) => (Offset, End, Abbreviations) = (offset, end, abbreviations);

    /// <summary>Where the unit begins.</summary>
    public int Offset { get; }

    /// <summary>First byte behind it.</summary>
    public int End { get; }

    /// <summary>Where its abbreviations begin in their section.</summary>
    public uint Abbreviations { get; }

    /// <summary>Where the header says so.</summary>
    public int AbbreviationsField => Offset + sizeof(uint) + sizeof(ushort);

    /// <summary>Reads the header of the unit at an offset; null when there is none that is understood.</summary>
    public static DebugUnit? Read(ReadOnlySpan<byte> info, int offset)
    {
        ByteCursor cursor = new(info);
        cursor.Seek((ulong)offset);
        uint length = cursor.U32();
        ulong end = (ulong)cursor.Position + length;
        ushort version = cursor.U16();
        uint abbreviations = cursor.U32();
        byte addressBytes = cursor.U8();
        bool isGood = !cursor.Failed && length is >= HeaderBytes - sizeof(uint) and <= LargestLength && end <= (ulong)info.Length
            && version == 4 && addressBytes == sizeof(ulong);
        return isGood ? new DebugUnit(offset, (int)end, abbreviations) : null;
    }

    /// <summary>Goes through the entries. Whoever is shown one may change its bytes, but not their number.</summary>
    /// <returns>False when an entry cannot be read; those before it were shown.</returns>
    public bool Walk(ReadOnlySpan<byte> info, AbbreviationTable abbreviations, Action<DebugEntry> visit)
    {
        DebugEntry entry = new();
        ByteCursor cursor = new(info[..End]);
        cursor.Seek((ulong)(Offset + HeaderBytes));
        int depth = 0;
        while (!cursor.IsAtEnd)
        {
            int codeOffset = cursor.Position;
            ulong code = cursor.Uleb();
            if (code == 0)
            {
                depth--;
                continue;
            }

            if (abbreviations[code] is not { } shape)
            {
                return false;
            }

            entry.Begin(codeOffset, code, shape, depth);
            foreach (AttributeShape attribute in shape.Attributes)
            {
                int offset = cursor.Position;
                if (!Skip(ref cursor, attribute.Form))
                {
                    return false;
                }

                entry.Add(new AttributePlace(offset, cursor.Position - offset));
            }

            depth += shape.HasChildren ? 1 : 0;
            visit(entry);
        }

        return !cursor.Failed;
    }

    // DWARF 4, 7.5.4 "Attribute Encodings".
    private static bool Skip(ref ByteCursor cursor, ulong form)
    {
        switch (form)
        {
            case DW_FORM_flag_present:
                break;
            case DW_FORM_data1 or DW_FORM_ref1 or DW_FORM_flag:
                cursor.U8();
                break;
            case DW_FORM_data2 or DW_FORM_ref2:
                cursor.U16();
                break;
            case DW_FORM_data4 or DW_FORM_ref4 or DW_FORM_strp or DW_FORM_sec_offset or DW_FORM_ref_addr:
                cursor.U32();
                break;
            case DW_FORM_addr or DW_FORM_data8 or DW_FORM_ref8 or DW_FORM_ref_sig8:
                cursor.U64();
                break;
            case DW_FORM_udata or DW_FORM_ref_udata:
                cursor.Uleb();
                break;
            case DW_FORM_sdata:
                cursor.Sleb();
                break;
            case DW_FORM_string:
                cursor.String();
                break;
            case DW_FORM_block1:
                cursor.Take(cursor.U8());
                break;
            case DW_FORM_block2:
                cursor.Take(cursor.U16());
                break;
            case DW_FORM_block4:
                cursor.Take(cursor.U32());
                break;
            case DW_FORM_block or DW_FORM_exprloc:
                cursor.Take(cursor.Uleb());
                break;
            default:
                return false;
        }

        return !cursor.Failed;
    }
}
