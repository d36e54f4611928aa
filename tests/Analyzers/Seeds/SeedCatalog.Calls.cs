namespace Atoll.Analyzers.Tests.Seeds;

public static partial class SeedCatalog
{
    // Calls, contracts, stack, boundary, trust.
    private static IEnumerable<Seed> Calls =>
    [
        new("ATL0009", ToolChain.Nobody)
        {
            Members =
                """
                    private abstract class Policy { public abstract ulong Next(); }
                    private sealed class First : Policy { public override ulong Next() => 1; }
                    private static ulong Pick(Policy? policy) => policy == null ? 0 : {|ATL0009:policy.Next()|};
                """,
            Statements = "        SerialConsole.Decimal(Pick(null));",
        },
        new("ATL0010", ToolChain.Nobody)
        {
            Statements = "        SerialConsole.Decimal({|ATL0010:Loose.Counter.Next(entryTsc)|});",
            Edits =
            [
                ("kernel/Boot/Boot.csproj", "<ProjectReference Include=\"../Mm/Mm.csproj\" />",
                    "<ProjectReference Include=\"../Mm/Mm.csproj\" /><ProjectReference Include=\"../Loose/Loose.csproj\" />"),
                ("kernel/Image/Image.props", "<Room Include=\"CoreLib;", "<Room Include=\"CoreLib;Loose;"),
            ],
            Files =
            [
                ("kernel/Loose/Loose.csproj",
                    """
                    <Project Sdk="Microsoft.NET.Sdk">
                      <ItemGroup><ProjectReference Include="../CoreLib/CoreLib.csproj" /></ItemGroup>
                    </Project>
                    """),
                ("kernel/Loose/Directory.Build.targets", "<Project />"),
                ("kernel/Loose/Counter.cs",
                    """
                    namespace Loose;

                    /// <summary>Outside the rules.</summary>
                    public static class Counter
                    {
                        /// <summary>The next number.</summary>
                        public static ulong Next(ulong number) => number + 1;
                    }
                    """),
            ],
        },
        new("ATL0011", ToolChain.Nobody)
        {
            Members =
                """
                    private static ulong Plain(ulong value) => value + 1;
                    [InterruptSafe]
                    private static ulong Tick(ulong value) => {|ATL0011:Plain(value)|};
                """,
            Statements = "        SerialConsole.Decimal(Tick(entryTsc));",
        },
        new("ATL0012", ToolChain.Nobody)
        {
            Members =
                """
                    private interface IClock { [InterruptSafe] ulong Now(); }
                    private struct Tsc : IClock { public ulong {|ATL0012:Now|}() => 1; }
                """,
            Statements = "        SerialConsole.Decimal(default(Tsc).Now());",
        },
        new("ATL0013", ToolChain.Linker)
        {
            Members =
                """
                    private static void Nothing() { }
                    [InterruptSafe]
                    private static void Dispatch(delegate*<void> handler) => {|ATL0013:handler()|};
                """,
            Statements = "        Dispatch(entryTsc != 0 ? &Nothing : null);",
        },
        new("ATL0102", ToolChain.Nobody)
        {
            Members =
                """
                    private static void Await(ulong pattern)
                    {
                        while (({|ATL0102:Msr.Read(Msr.IA32_APIC_BASE)|} & pattern) != 0)
                        {
                            Cpu.Pause();
                        }
                    }
                """,
            Statements = "        Await(entryTsc);",
        },
        new("ATL0104", ToolChain.Nobody)
        {
            Members =
                """
                    [Blocks, NoBlock]
                    private static ulong {|ATL0104:Confused|}(ulong value) => value + 1;
                """,
            Statements = "        SerialConsole.Decimal(Confused(entryTsc));",
        },
        new("ATL0105", ToolChain.Nobody)
        {
            Members =
                """
                    [Guard]
                    private ref struct Quiet
                    {
                        public ulong Entered;
                        public static Quiet Enter(ulong time) => new() { Entered = time };
                        public void Dispose() => SerialConsole.Decimal(Entered);
                    }
                """,
            Statements = "        Quiet quiet = {|ATL0105:Quiet.Enter(entryTsc)|};\n        SerialConsole.Decimal(quiet.Entered);",
        },
        new("ATL0204", ToolChain.Nobody)
        {
            Members = "    private static ulong Share(ulong bytes, ulong cores) => bytes / {|ATL0204:cores|};",
            Statements = "        SerialConsole.Decimal(Share(startInfo, entryTsc));",
        },
        new("ATL0301", ToolChain.Linker)
        {
            Members = "    private static ulong Depth(ulong value) => value == 0 ? 0 : {|ATL0301:Depth(value / 2)|} + 1;",
            Statements = "        SerialConsole.Decimal(Depth(entryTsc));",
        },
        new("ATL0302", ToolChain.Linker)
        {
            Members =
                """
                    private static ulong Even(ulong value) => value == 0 ? 0 : {|ATL0302:Odd(value / 2)|} + 1;
                    private static ulong Odd(ulong value) => value == 0 ? 0 : Even(value / 3) + 1;
                """,
            Statements = "        SerialConsole.Decimal(Even(entryTsc));",
        },
        new("ATL0303", ToolChain.Linker)
        {
            Statements =
                """
                        Span<ulong> words = {|ATL0303:stackalloc ulong[8]|};
                        words[(int)(entryTsc & 7)] = entryTsc;
                        SerialConsole.Decimal(words[(int)(startInfo & 7)]);
                """,
        },
        new("ATL0304", ToolChain.Nobody)
        {
            Members =
                """
                    [InlineArray(264)]
                    private struct Block { private ulong _first; }
                    private static ulong {|ATL0304:Pick|}(ulong value)
                    {
                        Block block = default;
                        block[(int)(value & 255)] = value;
                        return block[(int)(value >> 56)];
                    }
                """,
            Statements = "        SerialConsole.Decimal(Pick(entryTsc));",
        },
        new("ATL0305", ToolChain.Nobody)
        {
            Members =
                """
                    private struct Region { public ulong Base, Bytes, Rights; }
                    private static ulong End(Region {|ATL0305:region|}) => region.Base + region.Bytes;
                """,
            Statements = "        SerialConsole.Decimal(End(new Region { Base = entryTsc, Bytes = startInfo }));",
        },
        new("ATL0701", ToolChain.Nobody)
        {
            Statements = "        SerialConsole.Decimal({|ATL0701:*(ulong*)entryTsc|});",
        },
        new("ATL0702", ToolChain.Nobody)
        {
            Statements = "        SerialConsole.Decimal({|ATL0702:Unsafe.As<ulong, uint>(ref entryTsc)|});",
        },
        new("ATL0703", ToolChain.Nobody)
        {
            Members =
                """
                    [System.Runtime.RuntimeImport("*", "x64_read_cr2"), System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.InternalCall)]
                    private static extern ulong {|ATL0703:ReadCr2|}();
                """,
            Statements = "        SerialConsole.Decimal(ReadCr2());",
        },
        new("ATL0704", ToolChain.Nobody)
        {
            Members =
                """
                    [Mmio]
                    private struct Timer { public uint Count; public uint Control; }
                    private static uint Control(Timer* timer) => {|ATL0704:timer->Control|};
                """,
            Statements = "        SerialConsole.Decimal(Control((Timer*)entryTsc));",
        },
        new("ATL0705", ToolChain.Linker)
        {
            Statements = "        ({|ATL0705:(delegate*<void>)entryTsc|})();",
        },
        new("ATL0707", ToolChain.Nobody)
        {
            Members =
                """
                    private ref struct View { public ref ulong {|ATL0707:Word|}; }
                    private static ulong Look(View view) => view.Word;
                """,
            Statements = "        SerialConsole.Decimal(Look(default));",
        },
        new("ATL0708", ToolChain.Nobody)
        {
            Members =
                """
                    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit)]
                    private struct Address
                    {
                        [System.Runtime.InteropServices.FieldOffset(0)] public ulong Number;
                        [System.Runtime.InteropServices.FieldOffset(0)] public Page* {|ATL0708:Pointer|};
                    }
                """,
            Statements =
                """
                        Address address = default;
                        address.Number = entryTsc;
                        SerialConsole.Decimal(Page.Bytes(address.Pointer, 8)[0]);
                """,
        },
        new("ATL0901", ToolChain.Nobody)
        {
            Members =
                """
                    private struct Region { public ulong Base, Bytes, Rights; }
                    [NoSimd]
                    private static void Move(ref Region to, ref Region from) => to = {|ATL0901:from|};
                """,
            Statements =
                """
                        Region from = new() { Base = entryTsc, Bytes = startInfo };
                        Region to = new() { Base = startInfo };
                        Move(ref to, ref from);
                        SerialConsole.Decimal(to.Bytes);
                """,
        },
        new("ATL0902", ToolChain.Nobody)
        {
            Members =
                """
                    private struct Frame { public ulong Vector; public ulong Error; public ulong Code; }
                    [InterruptHandler, InterruptSafe]
                    private static ulong {|ATL0902:Handle|}(Frame frame) => frame.Vector;
                """,
            Statements = "        SerialConsole.Decimal(Handle(new Frame { Vector = entryTsc }));",
        },
        new("ATL0903", ToolChain.Nobody)
        {
            Statements = "        SerialConsole.Decimal((ulong){|ATL0903:System.Numerics.BitOperations.Log2(entryTsc)|});",
            Edits =
            [
                ("kernel/CoreLib/System/Intrinsics/BitOperations.cs", "public static class BitOperations\n{",
                    "public static class BitOperations\n{\n    [Intrinsic]\n    public static int Log2(ulong value) => 63 - LeadingZeroCount(value);\n"),
            ],
        },
        new("ATL1001", ToolChain.Nobody)
        {
            Members = "    [{|ATL1001:Trusted(Safety = \" \")|}]\n    private static ulong Twice(ulong value) => value * 2;",
            Statements = "        SerialConsole.Decimal(Twice(entryTsc));",
        },
        new("ATL1002", ToolChain.Nobody)
        {
            Members =
                """
                    [{|ATL1002:Trusted(Safety = "The loader keeps it mapped.")|}]
                    private static ulong Word(ulong address) => *(ulong*)address;
                """,
            Statements = "        SerialConsole.Decimal(Word(startInfo));",
        },
        new("ATL1004", ToolChain.Nobody)
        {
            // A map that takes from the boot room what it uses.
            Statements = "        SerialConsole.Decimal(Atoll.Mm.{|ATL1004:PageTableEntry|}.Table(entryTsc));",
            Edits = [("kernel/Layers.txt", "Atoll.Boot: Atoll.CoreLib Atoll.Abi Atoll.Arch Atoll.Base Atoll.Ipc Atoll.Mm", "Atoll.Boot: Atoll.CoreLib Atoll.Abi Atoll.Arch Atoll.Base Atoll.Ipc")],
        },
        new("ATL1003", ToolChain.Nobody)
        {
            Members = "#pragma warning disable {|ATL1003:ATL0601|}\n    private static ulong Twice(ulong value) => value * 2;",
            Statements = "        SerialConsole.Decimal(Twice(entryTsc));",
        },
    ];
}
