using Atoll.Analyzers.Stack;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Stack;

/// <summary>ATL0304: 2048 bytes are allowed.</summary>
public sealed class SmallFrameTests : RuleTests<SmallFrameAnalyzer>
{
    private const string Declarations =
        """
        [InlineArray(2048)] struct Block { private byte _first; }
        [InlineArray(128)] struct Line { private ulong _first; }
        struct Both { public Line A, B; }
        static void Fill(out Block k) => k = default;
        static bool Try(out Line line) { line = default; return true; }

        """;

    [Theory]
    [InlineData("static void {|ATL0304:M|}() { Block k = default; byte b = k[0]; }")]
    [InlineData("static void {|ATL0304:M|}() { { Line a = default; } { Line b = default; } { byte c = 0; } }")]
    [InlineData("static void {|ATL0304:M|}() { Fill(out Block k); int i = k[1]; }")]
    [InlineData("static void {|ATL0304:M|}(object o) { if (o is Both both) { long x = 1; } }")]
    [InlineData("static void {|ATL0304:M|}() { Fill(out var k); for (int i = 0; i < 3; i++) { } }")]
    [InlineData("static void M() { F(); void {|ATL0304:F|}() { Block k = default; byte b = k[0]; } }")]
    [InlineData("static int P { {|ATL0304:get|} { Block k = default; int i = k[0]; return i; } }")]
    [InlineData("struct S { public {|ATL0304:S|}(int x) { Block k = default; int i = k[x]; } }")]
    [InlineData("static void {|ATL0304:M|}() { bool a = Try(out Line x), b = Try(out Line y); }")]
    public Task Reports(string members) => ReportsAsync(Declarations + members);

    [Theory]
    [InlineData("static void M() { Block k = default; }")]
    [InlineData("static void M(ref Block k) { ref Block a = ref k; ref Block b = ref k; }")]
    [InlineData("static void M(Block a, Block b) { }")]
    [InlineData("static void M() { Line a = default; F(); void F() { Line b = default; int i = 0; } }")]
    [InlineData("static void M(Block* k) { Block* a = k; Block* b = k; }")]
    [InlineData("static void M() { Try(out _); Try(out _); Try(out _); }")]
    [InlineData("static void M(Span<Block> s) { foreach (ref Block k in s) { int i = k[0]; } }")]
    [InlineData("static void M() { const decimal K = 1; Block k = default; }")]
    public Task IsSilent(string members) => IsSilentAsync(Declarations + members);
}
