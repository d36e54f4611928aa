using Atoll.Linker.Binary;
using static Atoll.Linker.Dwarf.DwarfNative;

namespace Atoll.Linker.Dwarf;

/// <summary>One attribute of an abbreviation (DWARF 4, 7.5.3 "Abbreviations Tables").</summary>
/// <param name="Name">DW_AT_…</param>
/// <param name="Form">DW_FORM_…</param>
internal readonly record struct AttributeShape(ulong Name, ulong Form);

/// <summary>The shape of an entry: its tag, and which attributes it has in which form.</summary>
/// <param name="Tag">DW_TAG_…</param>
/// <param name="HasChildren">Whether entries below it follow.</param>
/// <param name="Attributes">Attributes, in order.</param>
internal sealed record Abbreviation(ulong Tag, bool HasChildren, IReadOnlyList<AttributeShape> Attributes)
{
    /// <summary>Index of an attribute; negative when there is none.</summary>
    public int IndexOf(ulong name)
    {
        for (int index = 0; index < Attributes.Count; index++)
        {
            if (Attributes[index].Name == name)
            {
                return index;
            }
        }

        return -1;
    }
}

/// <summary>The abbreviations of one unit, and those that are made for it.</summary>
internal sealed class AbbreviationTable
{
    /// <summary>Codes beyond are longer than a byte: no entry could change to one and stay where it is.</summary>
    private const ulong CodeMax = 0x7F;

    private readonly Dictionary<ulong, Abbreviation> _byCode;
    private readonly Dictionary<(ulong Code, string Change), ulong> _made = [];
    private ulong _lastCode;

    private AbbreviationTable(Dictionary<ulong, Abbreviation> byCode)
    {
        _byCode = byCode;
        _lastCode = byCode.Count == 0 ? 0 : byCode.Keys.Max();
    }

    /// <summary>Bytes that the table takes.</summary>
    public int SizeBytes { get; private init; }

    /// <summary>Whether abbreviations were made.</summary>
    public bool HasChanged => _made.Count > 0;

    /// <summary>The abbreviation of a code, or null.</summary>
    public Abbreviation? this[ulong code] => _byCode.GetValueOrDefault(code);

    /// <summary>Reads a table; null when it is damaged.</summary>
    public static AbbreviationTable? Read(ReadOnlySpan<byte> section, uint offset)
    {
        Dictionary<ulong, Abbreviation> byCode = [];
        ByteCursor cursor = new(section);
        cursor.Seek(offset);
        ulong code = cursor.Uleb();
        while (code != 0 && !cursor.Failed)
        {
            ulong tag = cursor.Uleb();
            bool hasChildren = cursor.U8() != 0;
            List<AttributeShape> attributes = [];
            AttributeShape attribute = new(cursor.Uleb(), cursor.Uleb());
            while (attribute != default && !cursor.Failed)
            {
                attributes.Add(attribute);
                attribute = new AttributeShape(cursor.Uleb(), cursor.Uleb());
            }

            byCode[code] = new Abbreviation(tag, hasChildren, attributes);
            code = cursor.Uleb();
        }

        return cursor.Failed ? null : new AbbreviationTable(byCode) { SizeBytes = cursor.Position - (int)offset };
    }

    /// <summary>The code of a changed abbreviation, made at the first request.</summary>
    /// <param name="code">What is changed; of one byte.</param>
    /// <param name="change">Names the change: the same one is made once.</param>
    /// <param name="attributes">The attributes after it.</param>
    /// <returns>The code, of one byte; 0 when there is none left.</returns>
    public ulong Changed(ulong code, string change, Func<IReadOnlyList<AttributeShape>, IReadOnlyList<AttributeShape>> attributes)
    {
        if (_made.TryGetValue((code, change), out ulong made))
        {
            return made;
        }

        if (code > CodeMax || _lastCode >= CodeMax)
        {
            return 0;
        }

        _byCode.Add(++_lastCode, _byCode[code] with { Attributes = attributes(_byCode[code].Attributes) });
        _made.Add((code, change), _lastCode);
        return _lastCode;
    }

    /// <summary>The table as bytes.</summary>
    public byte[] ToArray()
    {
        ByteBuilder bytes = new();
        foreach ((ulong code, Abbreviation abbreviation) in _byCode.OrderBy(entry => entry.Key))
        {
            bytes.Uleb(code).Uleb(abbreviation.Tag).U8(abbreviation.HasChildren ? DW_CHILDREN_yes : DW_CHILDREN_no);
            foreach (AttributeShape attribute in abbreviation.Attributes)
            {
                bytes.Uleb(attribute.Name).Uleb(attribute.Form);
            }

            bytes.U8(0).U8(0);
        }

        return bytes.U8(0).ToArray();
    }
}
