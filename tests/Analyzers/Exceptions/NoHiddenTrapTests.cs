using Atoll.Analyzers.Exceptions;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Exceptions;

/// <summary>ATL0204.</summary>
public sealed class NoHiddenTrapTests : RuleTests<NoHiddenTrapAnalyzer>
{
    private const string Check = "namespace Atoll.Base { static class Check { public static void That(bool condition) { } } }\n";

    [Theory]
    [InlineData("static uint M(bool c, bool e, uint a, uint b) => a / ({|ATL0204:c ? 1 : (e ? 1 : b)|});")]
    [InlineData("static uint M(bool c, bool e, uint a, uint b) => a / ({|ATL0204:c ? (e ? 1 : b) : 1|});")]
    [InlineData("static uint M(bool c, uint a, uint b) { if (b == 0) return 0; b -= c ? 1u : 2u; return a / {|ATL0204:b|}; }")]
    [InlineData("static uint M(bool c, uint a, uint b) { uint d = 1; d = c ? b : 1; return a / {|ATL0204:d|}; }")]
    [InlineData("static uint M(uint a, uint b) { switch (b) { case 1: return 0; default: return a / {|ATL0204:b|}; } }")]
    [InlineData("static uint M(uint a, uint b) => b switch { 1 => 0, _ => a / {|ATL0204:b|} };")]
    [InlineData("static int M(int a, int b) => (ulong)b > 0 ? a / {|ATL0204:b|} : 0;")]
    [InlineData("static uint M(uint a, uint b) => a / {|ATL0204:b|};")]
    [InlineData("static uint M(uint a, uint b) => a % {|ATL0204:b|};")]
    [InlineData("static void M(ref uint a, uint b) => a /= {|ATL0204:b|};")]
    [InlineData("static int M(int a, int b) { if (b == 0) return 0; return a / {|ATL0204:b|}; }")]
    [InlineData("static int M(int a) => a / {|ATL0204:-1|};")]
    [InlineData("static uint M(uint a, uint b) { if (b != 0) { } return a / {|ATL0204:b|}; }")]
    [InlineData("static uint M(uint a, uint b) { if (b != 0) { b--; return a / {|ATL0204:b|}; } return 0; }")]
    [InlineData("static void F(ref uint x) { } static uint M(uint a, uint b) { if (b == 0) return 0; F(ref b); return a / {|ATL0204:b|}; }")]
    [InlineData("struct S { public uint D; } static uint M(uint a, in S s) => s.D == 0 ? 0 : a / {|ATL0204:s.D|};")]
    [InlineData("static uint M(uint a, ulong b) => b == 0 ? 0 : a / {|ATL0204:(uint)b|};")]
    [InlineData("static uint M(uint a, uint b) { uint d = b > 8 ? b : 0; return a / {|ATL0204:d|}; }")]
    [InlineData("static uint M(uint a, uint b) { uint sum = 0; while (b < 9) { sum += a / {|ATL0204:b|}; b++; } return sum; }")]
    [InlineData("static int M(int a, uint b) => b == 0 ? 0 : a / {|ATL0204:(int)b|};")]
    [InlineData("static uint M(uint a, uint b) { uint F(uint c) => a / {|ATL0204:c|}; return F(b); }")]
    [InlineData("static int M(int a, int b) => checked({|ATL0204:a + b|});")]
    [InlineData("static byte M(int a) => checked({|ATL0204:(byte)a|});")]
    [InlineData("static void M(int a) { checked { {|ATL0204:a++|}; {|ATL0204:a *= 2|}; a = {|ATL0204:-a|}; } }")]
    [InlineData("static int M(bool c, int x, int y) => (c ? x : y) > 0 ? 10 / {|ATL0204:y|} : 0;")]
    [InlineData("static ulong M(ulong t, ulong d, ulong o) { if (d == 0) return 0; ref ulong a = ref d; a = o; return t / {|ATL0204:d|}; }")]
    [InlineData("static ref ulong Id(ref ulong x) => ref x; static ulong M(ulong t, ulong d) { if (d == 0) return 0; ref ulong a = ref Id(ref d); a = 0; return t / {|ATL0204:d|}; }")]
    [InlineData("static ulong M(ulong t, ulong d, ulong o, bool b) { ref ulong a = ref o; a = ref b ? ref d : ref o; if (d == 0) return 0; a = 0; return t / {|ATL0204:d|}; }")]
    [InlineData("static ulong M(ulong t, ulong d) { ulong* p = &d; if (d == 0) return 0; *p = 0; return t / {|ATL0204:d|}; }")]
    [InlineData("static ulong M(ulong t, ulong d) { Span<ulong> s = new Span<ulong>(ref d); if (d == 0) return 0; s[0] = 0; return t / {|ATL0204:d|}; }")]
    [InlineData("static ulong M(ulong t, ulong d) { void Zero() => d = 0; if (d == 0) return 0; Zero(); return t / {|ATL0204:d|}; }")]
    [InlineData("struct S(ulong d) { void Zero() => d = 0; ulong M(ulong t) { if (d == 0) return 0; Zero(); return t / {|ATL0204:d|}; } }")]
    [InlineData("static partial class P { static partial void That(bool b); static uint M(uint a, uint b) { That((b = 1) == 1); return a / {|ATL0204:b|}; } }")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("static uint M(bool c, uint a) { uint d = 0; d = c ? 1u : 2u; return a / d; }")]
    [InlineData("static uint M(uint a, uint b) { switch (b) { case 0: return 0; default: return a / b; } }")]
    [InlineData("static uint M(uint a, uint b) => b switch { 0 => 0, _ => a / b };")]
    [InlineData("static uint M(uint a, uint b) => (long)b > 0 ? a / b : 0;")]
    [InlineData("static uint M(uint a) => a / 10 + a % 16;")]
    [InlineData("static int M(int a) => a / 2 + a % -3;")]
    [InlineData("static uint M(uint a, uint b) => b == 0 ? 0 : a / b;")]
    [InlineData("static uint M(uint a, uint b) { if (b == 0) { return 0; } return a / b; }")]
    [InlineData("static uint M(uint a, uint b) { if (b is 0 or > 9) return 0; return a % b; }")]
    [InlineData("static uint M(uint a, uint b) => b != 0 && a / b > 3 ? 1u : 0;")]
    [InlineData("static int M(int a, int b) => b > 0 ? a / b : 0;")]
    [InlineData("static int M(int a, int b) => 1 <= b ? a / b : 0;")]
    [InlineData("static int M(int a, int b) => b is not (0 or -1) ? a / b : 0;")]
    [InlineData("static long M(int a, long b) => b == 0 ? 0 : a / b;")]
    [InlineData("static int M(byte b) => b == 0 ? 0 : 1000 / b;")]
    [InlineData("static int M(int a, byte b) => b == 0 ? 0 : a / b;")]
    [InlineData("static uint M(uint a, uint b) { uint d = b == 0 ? 1 : b; return a / d; }")]
    [InlineData("static uint M(uint a, uint b) { uint d = b; if (d == 0) d = 1; return a / d; }")]
    [InlineData("static ulong M(ulong a, uint b) { if (b == 0) return 0; ulong d = b; return a / d; }")]
    [InlineData("static uint M(uint a, int n) => a / (1u << n) + a / ((uint)n | 1);")]
    [InlineData("static uint M(uint a, uint b) => a / Math.Max(b, 1);")]
    [InlineData("struct S { public ulong A; } static ulong M(ulong a) => a / (ulong)sizeof(S);")]
    [InlineData("static uint M(uint a, uint b) { uint sum = 0; for (uint d = 1; d != 0 && d < b; d++) sum += a / d; return sum; }")]
    [InlineData("static double M(double a, double b) => a / b;")]
    [InlineData("static int M(int a, int b) => unchecked(a + b); const int Size = checked(4 * 5);")]
    [InlineData("static bool M(int a, long b) => checked(a < b);")]
    [InlineData("[Trusted(Safety = \"Traps on purpose.\")] static uint M(uint a, uint b) => a / b;")]
    [InlineData("static ulong M(ulong t, ulong d) { ulong Div() => d == 0 ? 0 : t / d; return Div(); }")]
    [InlineData("static ulong M(ulong t, ulong d, ulong o) { ref ulong a = ref o; if (d == 0) return 0; a = 0; return t / d; }")]
    [InlineData("static void F(ref ulong x) { } static ulong M(ulong t, ulong d) { F(ref d); if (d == 0) return 0; return t / d; }")]
    [InlineData("struct S(ulong d) { ulong M(ulong t, ulong e) => e == 0 ? d : t / e; }")]
    public Task IsSilent(string members) => IsSilentAsync(members);

    [Theory]
    [InlineData("static uint M(uint a, uint b) { Atoll.Base.Check.That(b != 0); return a / b; }")]
    [InlineData("static int M(int a, int b) { Atoll.Base.Check.That(b > 0); return a % b; }")]
    public Task IsSilentAfterACheck(string members) =>
        IsSilentFileAsync($"{Check}static class C {{ {members} }}", TestPlatform.DotNet);

    [Theory]
    [InlineData("static int M(int a, int b) { Atoll.Base.Check.That(b != 0); return a / {|ATL0204:b|}; }")]
    [InlineData("static uint M(uint a, uint b) { uint c = a / {|ATL0204:b|}; Atoll.Base.Check.That(b != 0); return c; }")]
    public Task ReportsWhatACheckLeavesOpen(string members) =>
        ReportsFileAsync($"{Check}static class C {{ {members} }}", TestPlatform.DotNet);
}
