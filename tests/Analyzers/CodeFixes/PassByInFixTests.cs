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

    [Theory]
    [InlineData("struct B { public long X, Y, Z; } static class C { static void M(B b) => b.X = 1; }")]
    [InlineData("struct B { public long X, Y, Z; } static class C { static void M(B b) => b = default; }")]
    [InlineData("struct B { public long X, Y, Z; public void F() => X++; } static class C { static void M(B b) => b.F(); }")]
    [InlineData("struct B { public long X, Y, Z; } static class C { static System.Func<long> M(B b) => () => b.X; }")]
    // Others can see it.
    [InlineData("struct B { public long X, Y, Z; } static class C { internal static long M(B b) => b.X; }")]
    [InlineData("struct B { public long X, Y, Z; } static class C { static long M(B b) => b.X; static System.Func<B, long> F() => M; }")]
    [InlineData("struct B { public long X, Y, Z; } static class C { static long M(B b) { long F() => b.X; return F(); } }")]
    public Task IsNotOffered(string text) => IsNotOfferedAsync(text);
}
