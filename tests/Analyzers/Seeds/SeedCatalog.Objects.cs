namespace Atoll.Analyzers.Tests.Seeds;

public static partial class SeedCatalog
{
    // Objects, exceptions, locks: what needs a runtime that is not there.
    private static IEnumerable<Seed> Objects =>
    [
        new("ATL0001", ToolChain.Ilc)
        {
            Members = "    private sealed class Node { public ulong Value; }",
            Statements = "        SerialConsole.Decimal({|ATL0001:new Node { Value = entryTsc }|}.Value);",
        },
        new("ATL0002", ToolChain.Ilc)
        {
            Statements = "        SerialConsole.Decimal({|ATL0002:new ulong[] { entryTsc, 1 }|}[(int)(entryTsc & 1)]);",
        },
        new("ATL0003", ToolChain.Ilc)
        {
            Members = "    private static ulong Kind(object value) => value is ulong ? 1ul : 0ul;",
            Statements = "        SerialConsole.Decimal(Kind({|ATL0003:entryTsc|}));",
        },
        new("ATL0004", ToolChain.Ilc)
        {
            Members = "    private delegate ulong Source();\n    private static ulong Zero() => 0;",
            Statements = "        Source source = {|ATL0004:Zero|};\n        SerialConsole.Decimal(source());",
        },
        new("ATL0005", ToolChain.Csc)
        {
            Members = "    private static {|ATL0005:async|} void Later() => SerialConsole.Decimal(1);",
            Statements = "        Later();",
        },
        new("ATL0006", ToolChain.Nobody)
        {
            Statements = "        SerialConsole.Decimal((ulong){|ATL0006:\"atoll\"|}.Length);",
        },
        new("ATL0007", ToolChain.Nobody)
        {
            Members = "    private static ulong Length(object? {|ATL0007:value|}) => value == null ? 1ul : 2ul;",
            Statements = "        SerialConsole.Decimal(Length(null));",
        },
        new("ATL0008", ToolChain.Nobody)
        {
            Members =
                """
                    private sealed class Mapping
                    {
                        public static ulong Pages(ulong bytes) => bytes / 4096;
                        ~{|ATL0008:Mapping|}() => SerialConsole.Decimal(1);
                    }
                """,
            Statements = "        SerialConsole.Decimal(Mapping.Pages(entryTsc));",
        },
        new("ATL0101", ToolChain.Csc)
        {
            Members = "    private static void Enter(object gate)\n    {\n        {|ATL0101:lock (gate)\n        {\n        }|}\n    }",
        },
        new("ATL0103", ToolChain.Linker)
        {
            Members = "    private static int s_turn;",
            Statements = "        SerialConsole.Decimal((ulong){|ATL0103:System.Threading.Interlocked.Exchange(ref s_turn, (int)entryTsc)|});",
            Files =
            [
                ("kernel/CoreLib/System/Threading/Interlocked.cs",
                    """
                    using System.Runtime.CompilerServices;

                    namespace System.Threading;

                    [Atoll.Trusted(Safety = "Seeded.")]
                    public static class Interlocked
                    {
                        [Intrinsic]
                        public static int Exchange(ref int location, int value) => Exchange(ref location, value);
                    }
                    """),
            ],
            Edits =
            [
                ("kernel/Trusted.txt", "Atoll.CoreLib MemoryMarshal.CreateReadOnlySpan", "Atoll.CoreLib Interlocked: \"Seeded.\"\nAtoll.CoreLib MemoryMarshal.CreateReadOnlySpan"),
            ],
        },
        new("ATL0201", ToolChain.Csc)
        {
            Statements = "        SerialConsole.Decimal(entryTsc != 0 ? entryTsc : {|ATL0201:throw null!|});",
        },
        new("ATL0202", ToolChain.Nobody)
        {
            Statements =
                """
                        ulong turns = 0;
                        try
                        {
                            turns = entryTsc / startInfo;
                        }
                        {|ATL0202:catch|}
                        {
                            turns = 1;
                        }

                        SerialConsole.Decimal(turns);
                """,
        },
        new("ATL0203", ToolChain.Nobody)
        {
            Statements =
                """
                        ulong turns = entryTsc;
                        try
                        {
                            turns += startInfo;
                        }
                        {|ATL0203:finally|}
                        {
                            SerialConsole.Decimal(turns);
                        }
                """,
        },
    ];
}
