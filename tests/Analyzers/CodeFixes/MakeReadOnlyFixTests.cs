using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.State;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0601.</summary>
public sealed class MakeReadOnlyFixTests : CodeFixTests<NoMutableStaticAnalyzer, MakeReadOnlyFix>
{
    [Fact]
    public Task AddsReadonly() => FixesAsync(
        """
        static class C
        {
            // Why.
            private static int s_a = 1;
            static ulong s_b = 2;

            static int A => s_a + C.s_a - (s_a);
            static ulong B => -~(long)s_b == 3 ? s_b : 1;
        }
        """,
        """
        static class C
        {
            // Why.
            private static readonly int s_a = 1;
            static readonly ulong s_b = 2;

            static int A => s_a + C.s_a - (s_a);
            static ulong B => -~(long)s_b == 3 ? s_b : 1;
        }
        """);

    [Theory]
    [InlineData("static class C { static int s_x; static int M() => s_x++; }")]
    [InlineData("static class C { static int s_x; static void M() => C.s_x = 1; }")]
    [InlineData("static class C { static int s_x; static void M() => s_x += 1; }")]
    [InlineData("static class C { static int s_x; static void F(out int x) => x = 1; static void M() => F(out s_x); }")]
    [InlineData("static class C { static int s_x; static ref int M() => ref s_x; }")]
    [InlineData("static unsafe class C { static int s_x; static void M() { fixed (int* p = &s_x) { } } }")]
    [InlineData("static class C { static int s_x; static void M() => (s_x, _) = (1, 2); }")]
    // Others can see them.
    [InlineData("static class C { internal static int X; }")]
    [InlineData("static partial class C { static int s_x; }")]
    // A call would act on a copy.
    [InlineData("struct S { int _x; public int Next() => ++_x; } static class C { static S s_s; static int M() => s_s.Next(); }")]
    [InlineData("static class C { static int X { get; set; } }")]
    [InlineData("static class C { static volatile int s_x; }")]
    public Task IsNotOffered(string text) => IsNotOfferedAsync(text);
}
