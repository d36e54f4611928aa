using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Stack;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0305.</summary>
public sealed class PassByInFixTests : CodeFixTests<PassLargeByReferenceAnalyzer, PassByInFix>
{
    [Fact]
    public Task AddsIn() => FixesAsync(
        """
        struct B
        {
            public long X, Y, Z;
        }

        static class C
        {
            static long Sum(int a, B b, B c) => a + b.X + c.Y;

            static long M()
            {
                B b = default;
                long F(B inner) => inner.Z;
                return Sum(1, b, new B()) + F(b);
            }
        }
        """,
        """
        struct B
        {
            public long X, Y, Z;
        }

        static class C
        {
            static long Sum(int a, in B b, in B c) => a + b.X + c.Y;

            static long M()
            {
                B b = default;
                long F(in B inner) => inner.Z;
                return Sum(1, b, new B()) + F(b);
            }
        }
        """);

    private const string B = "struct B { public long X, Y, Z; } ";

    /// <summary>The method writes elsewhere, but every call gives it something that has no other name.</summary>
    [Theory]
    [InlineData("long N(ref long x) { B l = default; l.X = 3; return M(l, ref x); }")]
    [InlineData("B Make() => default; static long N(ref long x) => M(Make(), ref x) + M(new B(), ref x);")]
    public Task AddsIn_WhereNothingElseNamesTheValue(string caller)
    {
        string text = B + "static class C { static long M(B b, ref long x) { x = 1; return b.X; } static " + caller + " }";
        return FixesAsync(text, text.Replace("M(B b", "M(in B b", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("struct B { public long X, Y, Z; } static class C { static void M(B b) => b.X = 1; }")]
    [InlineData("struct B { public long X, Y, Z; } static class C { static void M(B b) => b = default; }")]
    [InlineData("struct B { public long X, Y, Z; public void F() => X++; } static class C { static void M(B b) => b.F(); }")]
    [InlineData("struct B { public long X, Y, Z; } static class C { static System.Func<long> M(B b) => () => b.X; }")]
    // Others can see it.
    [InlineData("struct B { public long X, Y, Z; } static class C { internal static long M(B b) => b.X; }")]
    [InlineData("struct B { public long X, Y, Z; } static class C { static long M(B b) => b.X; static System.Func<B, long> F() => M; }")]
    [InlineData("struct B { public long X, Y, Z; } static class C { static long M(B b) { long F() => b.X; return F(); } }")]
    // Another name of the same value: an out parameter, a ref, this, a ref local, a pointer, a call that may have any of them.
    [InlineData(B + "static class C { static long M(B b, out B c) { c = default; return b.X; } static long N() { B l = default; return M(l, out l); } }")]
    [InlineData(B + "static class C { static long M(B b, ref long x) { x = 1; return b.X; } static long N(ref B l) => M(l, ref l.X); }")]
    [InlineData(B + "static class C { static long M(B b, ref long x) { x = 1; return b.X; } static long N() { B l = default; return M(l, ref l.X); } }")]
    [InlineData(B + "static class C { static long M(B b, ref long x) { x = 1; return b.X; } static long N() { B l = default; ref long y = ref l.X; return M(l, ref y); } }")]
    [InlineData(B + "struct S { B _b; private long M(B b) { _b = default; return b.X; } long N() => M(_b); }")]
    [InlineData(B + "static class C { static void Change(ref B b) => b.X = 1; static long M(B b, ref B c) { Change(ref c); return b.X; } static long N(ref B l) => M(l, ref l); }")]
    [InlineData(B + "static unsafe class C { static long M(B b, long* x) { *x = 1; return b.X; } static long N(B* l) => M(*l, &l->X); }")]
    [InlineData(B + "static class C { static B s_b; static long M(B b) { s_b.X = 1; return b.X; } static long N() => M(s_b); }")]
    public Task IsNotOffered(string text) => IsNotOfferedAsync(text);
}
