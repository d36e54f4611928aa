namespace Atoll.Analyzers.Tests.Seeds;

public static partial class SeedCatalog
{
    // A capability to one page, and what may be done with it.
    private const string Page =
        """
            [Linear]
            private struct Page
            {
                private ulong _base;
                public static Page Borrow(ulong address) => new() { _base = address };
                [Consumes]
                public void Return() => _base = 0;
                public readonly ulong Base => _base;
                public ulong Move() => _base += 4096;
            }

        """;

    private static IEnumerable<Seed> Owned =>
    [
        new("ATL0401", ToolChain.Nobody)
        {
            Members = Page
                + """
                    private static ulong Last(in Page page) => {|ATL0401:page|} is { Base: 0 } ? 0 : page.Base;
                """,
            Statements = "        Page page = Page.Borrow(entryTsc);\n        SerialConsole.Decimal(Last(in page));\n        page.Return();",
        },
        new("ATL0402", ToolChain.Nobody)
        {
            Members = Page
                + """
                    private struct Holder { public Page {|ATL0402:Held|}; }
                    private static ulong Base(in Holder holder) => holder.Held.Base;
                """,
            Statements = "        Holder holder = default;\n        SerialConsole.Decimal(Base(in holder));",
        },
        new("ATL0403", ToolChain.Nobody)
        {
            Members = Page
                + """
                    private static ulong After(Page page)
                    {
                        page.Return();
                        return {|ATL0403:page|}.Base;
                    }
                """,
            Statements = "        SerialConsole.Decimal(After(Page.Borrow(entryTsc)));",
        },
        new("ATL0404", ToolChain.Nobody)
        {
            Members = Page
                + """
                    private static ulong Lose(ulong address) => {|ATL0404:Page.Borrow(address)|}.Base;
                """,
            Statements = "        SerialConsole.Decimal(Lose(entryTsc));",
        },
        new("ATL0405", ToolChain.Nobody)
        {
            Members = Page
                + """
                    private static Page Invent() => {|ATL0405:new Page()|};
                """,
            Statements = "        Page page = Invent();\n        SerialConsole.Decimal(page.Base);\n        page.Return();",
        },
        new("ATL0406", ToolChain.Nobody)
        {
            Members = Page
                + """
                    private static ulong Next(in Page page) => {|ATL0406:page.Move()|};
                """,
            Statements = "        Page page = Page.Borrow(entryTsc);\n        SerialConsole.Decimal(Next(in page));\n        page.Return();",
        },
        new("ATL0407", ToolChain.Nobody)
        {
            Members = Page
                + """
                    private static ulong Both(ref Page one, ref Page other) => one.Move() + other.Move();
                    private static ulong Same(ref Page page) => Both(ref page, {|ATL0407:ref page|});
                """,
            Statements = "        Page page = Page.Borrow(entryTsc);\n        SerialConsole.Decimal(Same(ref page));\n        page.Return();",
        },
        new("ATL0408", ToolChain.Nobody)
        {
            Members = "    [NonCopyable]\n    private struct {|ATL0408:Open|} { public ulong Base; public readonly bool Equals(in Open other) => Base == other.Base; }",
            Statements = "        Open open = default;\n        open.Base = entryTsc;\n        SerialConsole.Decimal(open.Base);",
        },
    ];
}
