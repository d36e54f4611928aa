namespace Atoll.Analyzers.Tests.Seeds;

public static partial class SeedCatalog
{
    private const string Words =
        """
            [System.Runtime.CompilerServices.InlineArray(7)]
            private struct Words { private ulong _word; }

        """;

    private const string Note = Words
        + """
            [Message]
            [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit, Size = 64)]
            private struct Note
            {
                [System.Runtime.InteropServices.FieldOffset(0)] public Words Words;
                [System.Runtime.InteropServices.FieldOffset(56)] public uint Kind;
                [System.Runtime.InteropServices.FieldOffset(60)] public uint Index;
            }

        """;

    private static IEnumerable<Seed> Messages =>
    [
        new("ATL0501", ToolChain.Nobody)
        {
            Members = Words + Struct(
                64,
                """
                        [System.Runtime.InteropServices.FieldOffset(0)] public Words Words;
                        [System.Runtime.InteropServices.FieldOffset(56)] public bool {|ATL0501:IsLast|};
                        [System.Runtime.InteropServices.FieldOffset(57)] public byte Reserved0;
                        [System.Runtime.InteropServices.FieldOffset(58)] public ushort Reserved1;
                        [System.Runtime.InteropServices.FieldOffset(60)] public uint Kind;
                """),
            Statements = "        Seeded note = default;\n        note.IsLast = entryTsc == 0;\n        SerialConsole.Decimal(note.Kind);",
        },
        new("ATL0502", ToolChain.Nobody)
        {
            Members = Words + Struct(56, "        [System.Runtime.InteropServices.FieldOffset(0)] public Words Words;", isSizeWrong: true),
            Statements = "        Seeded note = default;\n        note.Words[0] = entryTsc;\n        SerialConsole.Decimal(note.Words[1]);",
        },
        new("ATL0503", ToolChain.Nobody)
        {
            Members = Words + Struct(
                64,
                """
                        [System.Runtime.InteropServices.FieldOffset(0)] public Words Words;
                        [System.Runtime.InteropServices.FieldOffset(56)] public byte Kind;
                        [System.Runtime.InteropServices.FieldOffset(60)] public uint {|ATL0503:Index|};
                """),
            Statements = "        Seeded note = default;\n        note.Kind = (byte)entryTsc;\n        SerialConsole.Decimal(note.Index);",
        },
        new("ATL0504", ToolChain.Nobody)
        {
            Members = Words
                + """
                    [Message]
                    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit, Size = 64)]
                    private struct {|ATL0504:Nameless|}
                    {
                        [System.Runtime.InteropServices.FieldOffset(0)] public Words Words;
                        [System.Runtime.InteropServices.FieldOffset(56)] public ulong Kind;
                    }
                """,
            Statements = "        Nameless note = default;\n        note.Words[0] = entryTsc;\n        SerialConsole.Decimal(note.Kind);",
        },
        new("ATL0505", ToolChain.Nobody)
        {
            Members = Note + "    private static void Fill(ref Note note, byte* buffer) => note.Index = {|ATL0505:(uint)(ulong)buffer|};",
            Statements = "        Note note = default;\n        Fill(ref note, (byte*)entryTsc);\n        SerialConsole.Decimal(note.Index);",
        },
        new("ATL0506", ToolChain.Nobody)
        {
            Members = Note + "    private static ulong Pick(in Note note, ref Words words) => words[{|ATL0506:(int)note.Index|}];",
            Statements = "        Note note = default;\n        Words words = default;\n        SerialConsole.Decimal(Pick(in note, ref words));",
        },
        new("ATL0507", ToolChain.Nobody)
        {
            Members = Note + "    private static uint Read(Note* slot) => slot->Index < 7 ? {|ATL0507:slot->Index|} : 0;",
            Statements = "        Note note = default;\n        SerialConsole.Decimal(Read(&note));",
        },
    ];

    private static string Struct(int size, string fields, bool isSizeWrong = false) =>
        $$"""
            [Message]
            [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit, Size = {{size}})]
            private struct {{(isSizeWrong ? "{|ATL0502:Seeded|}" : "Seeded")}}
            {
        {{fields}}
            }

        """;
}
