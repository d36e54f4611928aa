using Atoll.Analyzers.State;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.State;

/// <summary>ATL0602.</summary>
public sealed class StaticEvaluatedAtCompileTimeTests : RuleTests<StaticEvaluatedAtCompileTimeAnalyzer>
{
    [Theory]
    [InlineData("static int F() => 6; static readonly int s_x = {|ATL0602:F() ^ 1|};")]
    [InlineData("static int F() => 6; static readonly int s_x = {|ATL0602:F() >> 1|};")]
    [InlineData("static int F() => 6; static readonly int s_x = {|ATL0602:F() >>> 1|};")]
    [InlineData("static int F() => 6; static readonly int s_x = {|ATL0602:~F()|};")]
    [InlineData("static int F() => 6; static readonly int s_x = checked({|ATL0602:F() + 1|});")]
    [InlineData("static int F() => 6; static readonly byte s_x = checked({|ATL0602:(byte)F()|});")]
    [InlineData("static int F(int x) => x >> 1; static readonly int s_x = {|ATL0602:F(3)|};")]
    [InlineData("static int F(int x) => G(x); static int G(int x) { x ^= 1; return x; } static readonly int s_x = {|ATL0602:F(3)|};")]
    [InlineData("static int F(int n) => n == 0 ? 0 : F(n - 1); static readonly int s_x = {|ATL0602:F(3)|};")]
    [InlineData("interface I { static abstract int N(); } struct A : I { public static int N() => 1; } static class G<T> where T : I { static readonly int s_x = {|ATL0602:T.N()|}; }")]
    [InlineData("static void F() { } static readonly delegate*<void> s_f = {|ATL0602:&F|};")]
    [InlineData("[InlineArray(4)] struct Four { int _first; } static int F() { Four f = default; f[1] = 2; return f[1]; } static readonly int s_x = {|ATL0602:F()|};")]
    [InlineData("static class O { public static int X; } static int F() { O.X = 1; return 1; } static readonly int s_x = {|ATL0602:F()|};")]
    [InlineData("static int F() { int s = 0; for (int i = 0; i < 20000; i++) { s += i; } return s; } static readonly int s_x = {|ATL0602:F()|};")]
    [InlineData("static int F() { int s = 0; for (int i = 0; i < 200; i++) { for (int j = 0; j < 200; j++) { s += j; } } return s; } static readonly int s_x = {|ATL0602:F()|};")]
    [InlineData("static int F() => 6; static int P { get; } = {|ATL0602:F() ^ 1|};")]
    [InlineData("struct S(int x) { public int X = x >> 1; } static readonly S s_x = {|ATL0602:new S(4)|};")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("static readonly int s_x = 6 ^ 1 >> 1;")]
    [InlineData("static readonly int s_x = ~0;")]
    [InlineData("const int K = 5 ^ 3;")]
    [InlineData("static int F(int x) => x * 3 + (x << 2) - x / 2 % 5 & 7 | 1; static readonly int s_x = F(3);")]
    [InlineData("static int F() { int s = 0; for (int i = 0; i < 256; i++) { s += i; } return s; } static readonly int s_x = F();")]
    [InlineData("struct S(int x) { public int X = x; } static readonly S s_x = new S(3);")]
    [InlineData("static T F<T>(T t) where T : struct => t; static readonly int s_x = F(3);")]
    // Not in an initialiser of a static.
    [InlineData("static int M(int x) => x ^ 1 >> 2;")]
    [InlineData("struct S { int _x = 3 ^ F(); static int F() => 1; public S() { } }")]
    [InlineData("static int X => F() ^ 1; static int F() => 1;")]
    [InlineData("static ReadOnlySpan<byte> Table => [1, 2, 3];")]
    [InlineData("static bool F() => true; static readonly bool s_x = !F();")]
    public Task IsSilent(string members) => IsSilentAsync(members);

    [Theory]
    [InlineData("static readonly int s_x = {|ATL0602:System.Numerics.BitOperations.LeadingZeroCount(8u)|};")]
    public Task ReportsInKernel(string members) => KernelReportsAsync(members);

    [Theory]
    [InlineData("static int F(ReadOnlySpan<byte> s) => s.Length; static readonly int s_x = F(\"abc\"u8);")]
    public Task IsSilentInKernel(string members) => KernelIsSilentAsync(members);
}
