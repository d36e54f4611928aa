using Atoll.Linker.Binary;

namespace Atoll.Linker.Dwarf;

/// <summary>Reads a <c>.debug_line</c> section of DWARF 2, 3 or 4 that nobody vouches for.</summary>
/// <remarks>Source: DWARF 4, 6.2 "Line Number Information".</remarks>
public static class LineProgramReader
{
    private const uint LongFormat = 0xFFFF_FFF0;

    /// <summary>Characters of paths per byte of a unit: many files can share one long directory.</summary>
    private const int PathBudgetPerByte = 8;

    /// <summary>Characters of paths per byte of a unit over all rows, which is what a map says of them. ILC's need 20.</summary>
    private const int NamedBudgetPerByte = 48;

    /// <summary>Reads a section.</summary>
    /// <param name="section">Bytes; in objects, before relocation.</param>
    /// <param name="why">What is wrong when there is no result.</param>
    public static List<LineUnit>? Read(ReadOnlyMemory<byte> section, out string why)
    {
        List<LineUnit> units = [];
        int offset = 0;
        while (offset < section.Length)
        {
            ByteCursor cursor = new(section.Span[offset..]);
            uint length = cursor.U32();
            bool fits = !cursor.Failed && length <= (ulong)(section.Length - offset - sizeof(uint));
            if (!fits || length >= LongFormat)
            {
                why = length >= LongFormat && !cursor.Failed
                    ? "a unit in the 64-bit format"
                    : "a unit beyond the end of the section";
                return null;
            }

            int end = offset + sizeof(uint) + (int)length;
            if (ReadUnit(section[..end], offset, out why) is not { } unit)
            {
                return null;
            }

            units.Add(unit);
            offset = end;
        }

        why = "";
        return units;
    }

    private static LineUnit? ReadUnit(ReadOnlyMemory<byte> section, int offset, out string why)
    {
        ByteCursor cursor = new(section.Span);
        int versionStart = offset + sizeof(uint);
        cursor.Seek((ulong)versionStart);
        ushort version = cursor.U16();
        uint headerLength = cursor.U32();
        ulong programStart = (ulong)cursor.Position + headerLength;
        if (cursor.Failed || version is < 2 or > 4 || programStart > (ulong)section.Length)
        {
            why = version is < 2 or > 4 ? $"a unit of version {version}" : "a header beyond the end of its unit";
            return null;
        }

        // The header's fields end where the program begins, whatever the counts in it say.
        ByteCursor header = new(section.Span[..(int)programStart]);
        header.Seek((ulong)cursor.Position);
        if (ReadHeader(ref header, version) is not { } machine || ReadFiles(ref header, (long)PathBudgetPerByte * (section.Length - offset)) is not { } files)
        {
            why = "a damaged header";
            return null;
        }

        cursor.Seek(programStart);
        if (!machine.Run(ref cursor, files))
        {
            why = "a damaged program";
            return null;
        }

        if (machine.Rows.Sum(row => row.File >= 1 && row.File <= files.Count ? files[row.File - 1].Length : 0L)
            > (long)NamedBudgetPerByte * (section.Length - offset))
        {
            why = "names that are too long for so many rows";
            return null;
        }

        why = "";
        return new LineUnit(
            offset,
            section[versionStart..(int)programStart],
            machine.LineBase,
            machine.LineRange,
            machine.OpcodeBase,
            machine.MinimumInstructionBytes,
            machine.IsStatementAtFirst,
            section,
            files,
            machine.Rows);
    }

    private static LineMachine? ReadHeader(ref ByteCursor cursor, ushort version)
    {
        byte minimumInstruction = cursor.U8();
        byte operationsMax = version >= 4 ? cursor.U8() : (byte)1;
        bool isStatement = cursor.U8() != 0;
        sbyte lineBase = unchecked((sbyte)cursor.U8());
        byte lineRange = cursor.U8();
        byte opcodeBase = cursor.U8();

        // x86-64 is no VLIW machine, and a range of zero would divide by it.
        if (cursor.Failed || operationsMax != 1 || lineRange == 0 || opcodeBase == 0)
        {
            return null;
        }

        ReadOnlySpan<byte> operandCounts = cursor.Take((ulong)opcodeBase - 1);
        return cursor.Failed
            ? null
            : new LineMachine(operandCounts.ToArray())
            {
                MinimumInstructionBytes = minimumInstruction,
                IsStatementAtFirst = isStatement,
                LineBase = lineBase,
                LineRange = lineRange,
                OpcodeBase = opcodeBase,
            };
    }

    private static List<string>? ReadFiles(ref ByteCursor cursor, long budget)
    {
        List<string> directories = [""];
        for (string directory = cursor.String(); directory.Length > 0; directory = cursor.String())
        {
            directories.Add(directory);
        }

        List<string> files = [];
        for (string file = cursor.String(); file.Length > 0; file = cursor.String())
        {
            ulong directory = cursor.Uleb();
            cursor.Uleb();
            cursor.Uleb();
            bool isKnown = directory < (ulong)directories.Count;
            budget -= isKnown ? directories[(int)directory].Length + file.Length : 0;
            if (!isKnown || budget < 0)
            {
                return null;
            }

            files.Add(PathOf(directories[(int)directory], file));
        }

        return cursor.Failed ? null : files;
    }

    /// <summary>Joins directory and file as the debug information's own machine did: with a slash.</summary>
    private static string PathOf(string directory, string file) =>
        directory.Length == 0 || file.StartsWith('/') ? file : $"{directory.TrimEnd('/')}/{file}";
}
