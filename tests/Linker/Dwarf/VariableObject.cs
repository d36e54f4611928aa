using Atoll.Linker.Binary;
using Atoll.Linker.Tests.Passes;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Tests.Dwarf;

/// <summary>Debug information of one function and its variables, in the shapes of ILC's; and a plain reader of it.</summary>
/// <remarks>Numbers are those of DWARF 4, 7.5 "Format of Debugging Information" and 7.7 "Location Descriptions".</remarks>
internal static class VariableObject
{
    /// <summary>What each variable's entry says of name and type: changes of the location leave them alone.</summary>
    private const uint Name = 7;
    private const uint Type = 0x99;

    // 1: the unit; 2: a function; 3: an argument, 4: a local, in one place; 5: an argument in a list of places.
    private static readonly byte[] s_abbreviations =
    [
        1, 0x11, 1, 0x11, 0x01, 0, 0,
        2, 0x2E, 1, 0x11, 0x01, 0x12, 0x07, 0, 0,
        3, 0x05, 0, 0x03, 0x0E, 0x3A, 0x0B, 0x3B, 0x0B, 0x49, 0x13, 0x02, 0x18, 0, 0,
        4, 0x34, 0, 0x03, 0x0E, 0x3A, 0x0B, 0x3B, 0x0B, 0x49, 0x13, 0x02, 0x18, 0, 0,
        5, 0x05, 0, 0x03, 0x0E, 0x3A, 0x0B, 0x3B, 0x0B, 0x49, 0x13, 0x02, 0x17, 0, 0,
        0,
    ];

    /// <summary>Where the unit says that it begins.</summary>
    private const int UnitAddressOffset = 12;

    /// <summary>An image whose <c>atoll_boot_main</c> has one argument, or one local, at a place.</summary>
    public static LinkedImage With(byte[] code, byte[] place, bool isLocal = false, byte version = 4) =>
        Of(code, [Variable((byte)(isLocal ? 4 : 3), [(byte)place.Length, .. place])], [], version);

    /// <summary>
    /// An image whose <c>atoll_boot_main</c> has several arguments. The unit begins where the function does: stretches count from there.
    /// </summary>
    public static LinkedImage WithAll(byte[] code, params byte[][] places) =>
        Of(
            code, [.. places.Select(place => Variable(3, [(byte)place.Length, .. place]))], [], version: 4,
            new Fixup(UnitAddressOffset, R_X86_64_64, "atoll_boot_main"));

    /// <summary>An image whose <c>atoll_boot_main</c> has one argument with one stretch of a list.</summary>
    public static LinkedImage WithList(byte[] code, long from, long to, byte[] place)
    {
        byte[] list = new ByteBuilder().U64(0).U64(0).U16((ushort)place.Length).Bytes(place).U64(0).U64(0).ToArray();
        Fixup[] fixups = [new(0, R_X86_64_64, "atoll_boot_main", from), new(8, R_X86_64_64, "atoll_boot_main", to)];
        return Of(code, [Variable(5, [0, 0, 0, 0])], list, version: 4, listFixups: fixups);
    }

    /// <summary>Where the variable is, in words: "reg5", "reg5 until 3", "nowhere".</summary>
    public static string Place(LinkedImage image) => Assert.Single(Places(image));

    /// <summary>Where each variable is.</summary>
    public static IReadOnlyList<string> Places(LinkedImage image)
    {
        ReadOnlySpan<byte> info = image.Section(".debug_info").Content.Span;
        ByteCursor cursor = new(info);
        cursor.Seek(6);
        Dictionary<ulong, List<(ulong Name, ulong Form)>> shapes = Shapes(image, cursor.U32());
        cursor.Seek(UnitAddressOffset);
        ulong unit = cursor.U64();
        cursor.Seek(11 + 1 + 8 + 1 + 8 + 8);
        List<string> places = [];
        for (ulong code = cursor.Uleb(); code != 0; code = cursor.Uleb())
        {
            places.Add(Place(ref cursor, shapes[code], image, unit));
        }

        // Behind the end of the function's entries comes that of the unit's, and nothing: all have the length that they had.
        Assert.Equal((0, true, false), (cursor.U8(), cursor.IsAtEnd, cursor.Failed));
        return places;
    }

    private static string Place(ref ByteCursor cursor, List<(ulong Name, ulong Form)> attributes, LinkedImage image, ulong unit)
    {
        string place = "nowhere";
        foreach ((ulong name, ulong form) in attributes)
        {
            switch (name, form)
            {
                case (0x03, 0x0E):
                    Assert.Equal(Name, cursor.U32());
                    break;
                case (0x49, 0x13):
                    Assert.Equal(Type, cursor.U32());
                    break;
                case (0x02, 0x18):
                    place = Words(cursor.Take(cursor.Uleb()));
                    break;
                case (0x02, 0x17):
                    place = List(image, cursor.U32(), unit);
                    break;
                case (_, 0x0B):
                    cursor.U8();
                    break;
                default:
                    // An attribute that nobody knows: a block, or an expression.
                    Assert.True(name >= 0x2000 && form is 0x0A or 0x18, $"attribute 0x{name:x} in form 0x{form:x}");
                    cursor.Take(cursor.U8());
                    break;
            }
        }

        return place;
    }

    private static byte[] Variable(byte shape, byte[] location) =>
        new ByteBuilder().U8(shape).U32(Name).U8(1).U8(2).U32(Type).Bytes(location).ToArray();

    private static LinkedImage Of(
        byte[] code, byte[][] variables, byte[] lists, byte version, Fixup? more = null, params Fixup[] listFixups)
    {
        ByteBuilder entries = new ByteBuilder().U16(version).U32(0).U8(8)
            .U8(1).U64(0)
            .U8(2).U64(0).U64((ulong)code.Length)
            .Bytes([.. variables.SelectMany(variable => variable)])
            .U8(0).U8(0);
        byte[] info = new ByteBuilder().U32((uint)entries.Length).Bytes(entries.ToArray()).ToArray();
        List<Fixup> fixups = [new(6, R_X86_64_32, "@.debug_abbrev"), new(21, R_X86_64_64, "atoll_boot_main")];
        if (more is { } unit)
        {
            fixups.Add(unit);
        }

        if (lists.Length > 0)
        {
            fixups.Add(new Fixup(48, R_X86_64_32, "@.debug_loc"));
        }

        Fixup[] calls = [.. Enumerable.Range(0, code.Length).Where(at => code[at] is 0xE8 or 0xE9)
            .Select(at => Fixup.Call("leaf") with { Offset = (ulong)at + 1 })];
        ObjectBuilder builder = new ObjectBuilder().Code("atoll_boot_main", code, calls).Code("leaf", [0xC3])
            .Code("atoll_instance_main", [0xC3]).Code("atoll_trap", [0xC3])
            .AddSection(".debug_abbrev", SHT_PROGBITS, 0, s_abbreviations)
            .AddSection(".debug_loc", SHT_PROGBITS, 0, lists, listFixups)
            .AddSection(".debug_info", SHT_PROGBITS, 0, info, [.. fixups]);
        return LinkedImage.Of(builder);
    }

    private static Dictionary<ulong, List<(ulong Name, ulong Form)>> Shapes(LinkedImage image, uint offset)
    {
        Dictionary<ulong, List<(ulong, ulong)>> shapes = [];
        ByteCursor cursor = new(image.Section(".debug_abbrev").Content.Span);
        cursor.Seek(offset);
        for (ulong code = cursor.Uleb(); code != 0; code = cursor.Uleb())
        {
            (_, _) = (cursor.Uleb(), cursor.U8());
            List<(ulong, ulong)> attributes = [];
            for ((ulong, ulong) next = (cursor.Uleb(), cursor.Uleb()); next != (0, 0); next = (cursor.Uleb(), cursor.Uleb()))
            {
                attributes.Add(next);
            }

            shapes.Add(code, attributes);
        }

        return shapes;
    }

    private static string List(LinkedImage image, uint offset, ulong unit)
    {
        ulong function = image.AddressOf("atoll_boot_main");
        ByteCursor cursor = new(image.Section(".debug_loc").Content.Span);
        cursor.Seek(offset);
        (ulong from, ulong to) = (cursor.U64() + unit - function, cursor.U64() + unit - function);
        string place = Words(cursor.Take(cursor.U16()));
        Assert.Equal((0ul, 0ul), (cursor.U64(), cursor.U64()));
        return from == 0 ? $"{place} until {to}" : $"{place} from {from} until {to}";
    }

    private static string Words(ReadOnlySpan<byte> expression) => expression switch
    {
        [>= 0x50 and <= 0x6F and byte register] => $"reg{register - 0x50}",
        [>= 0x50 and <= 0x6F and byte first, 0x93, 8, >= 0x50 and <= 0x6F and byte second, 0x93, 8] =>
            $"reg{first - 0x50},reg{second - 0x50}",
        [0x77, byte offset] => $"stack+{offset}",
        _ => Convert.ToHexString(expression),
    };
}
