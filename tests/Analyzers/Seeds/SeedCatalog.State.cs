namespace Atoll.Analyzers.Tests.Seeds;

public static partial class SeedCatalog
{
    private static IEnumerable<Seed> State =>
    [
        new("ATL0601", ToolChain.Nobody)
        {
            Members = "    private static ulong {|ATL0601:s_ticks|};",
            Statements = "        s_ticks += entryTsc;\n        SerialConsole.Decimal(s_ticks);",
        },
        new("ATL0602", ToolChain.Linker)
        {
            Members = "    private static readonly uint s_seed = {|ATL0602:Mix(7)|};\n    private static uint Mix(uint value) => (value << 13) ^ value;",
            Statements = "        SerialConsole.Decimal(s_seed);",
        },
        new("ATL0603", ToolChain.Nobody)
        {
            Members =
                """
                    private static class Bounds
                    {
                        public static readonly ulong Limit;
                        static {|ATL0603:Bounds|}() => Limit = 8;
                    }
                """,
            Statements = "        SerialConsole.Decimal(Bounds.Limit);",
        },
        new("ATL0604", ToolChain.Nobody)
        {
            Members =
                """
                    [PerCore]
                    private struct Own { public ulong Ticks; }
                    private static ulong Name(Own* own) => (ulong){|ATL0604:own|};
                """,
            Statements = "        SerialConsole.Decimal(Name((Own*)entryTsc));",
        },
        new("ATL0605", ToolChain.Ilc)
        {
            Members = "    [System.ThreadStatic]\n    private static ulong {|ATL0605:t_depth|};",
            Statements = "        t_depth = entryTsc;\n        SerialConsole.Decimal(t_depth);",
            Files =
            [
                ("kernel/CoreLib/System/ThreadStaticAttribute.cs",
                    "namespace System;\n\npublic sealed class ThreadStaticAttribute : Attribute;\n"),
            ],
        },
        new("ATL0606", ToolChain.Nobody)
        {
            Members = "    [BootWritten]\n    private static ulong s_image = 0;",
            Statements = "        SerialConsole.Decimal({|ATL0606:s_image|});",
        },
        new("ATL0607", ToolChain.Nobody)
        {
            Statements = "        SerialConsole.Decimal({|ATL0607:((InstanceStatus*)entryTsc)->Life|});",
        },
    ];

    private static IEnumerable<Seed> Answers =>
    [
        new("ATL0801", ToolChain.Nobody)
        {
            Members =
                """
                    [MustUse]
                    private enum Taken { Yes, No }
                    private static Taken Take(ulong value) => value == 0 ? Taken.No : Taken.Yes;
                """,
            Statements = "        {|ATL0801:Take(entryTsc)|};",
        },
        new("ATL0802", ToolChain.Nobody)
        {
            Members =
                """
                    [MustUse]
                    private readonly struct Reply(ulong value)
                    {
                        public bool IsOk => Value != 0;
                        public ulong Value => value;
                    }

                    private static ulong Read(Reply reply) => reply.IsOk ? 0 : {|ATL0802:reply.Value|};
                """,
            Statements = "        SerialConsole.Decimal(Read(new Reply(entryTsc)));",
        },
        new("ATL0803", ToolChain.Nobody)
        {
            Members =
                """
                    [MustUse]
                    private enum Taken { Yes, No, Later }
                    private static ulong Count(Taken taken) => {|ATL0803:taken|} switch { Taken.Yes => 1ul, _ => 0ul };
                """,
            Statements = "        SerialConsole.Decimal(Count((Taken)entryTsc));",
        },
    ];
}
