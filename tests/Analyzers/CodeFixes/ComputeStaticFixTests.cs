using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.State;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0602.</summary>
public sealed class ComputeStaticFixTests : CodeFixTests<StaticEvaluatedAtCompileTimeAnalyzer, ComputeStaticFix>
{
    [Fact]
    public Task Computes() => FixesAsync(
        """
        static unsafe class C
        {
            const uint Polynomial = 0xEDB88320;
            static readonly uint s_start = 7;

            // Why.
            private static readonly uint s_mixed = s_start ^ (Polynomial + 1);
            static readonly byte s_half = (byte)(s_start >> 1);
            static readonly delegate*<void> s_tick = &Tick;

            public static uint Rest { get; } = ~s_start;

            static void Tick() { }

            static uint M()
            {
                s_tick();
                return s_mixed + C.s_half + Rest;
            }
        }
        """,
        """
        static unsafe class C
        {
            const uint Polynomial = 0xEDB88320;
            static readonly uint s_start = 7;

            // Why.
            private static uint s_mixed => s_start ^ (Polynomial + 1);
            static byte s_half => (byte)(s_start >> 1);
            static delegate*<void> s_tick => &Tick;

            public static uint Rest => ~s_start;

            static void Tick() { }

            static uint M()
            {
                s_tick();
                return s_mixed + C.s_half + Rest;
            }
        }
        """);

    [Theory]
    // A call could take long, or read what changes.
    [InlineData("static class C { static int F() => 6; static readonly int s_x = F() ^ 1; }")]
    [InlineData("static class C { static int s_y; static readonly int s_x = s_y ^ 1; }")]
    // It could throw.
    [InlineData("static class C { static readonly int s_y = 1; static readonly int s_x = checked(s_y + 1); }")]
    // Others see the field, or its place in memory is used.
    [InlineData("static class C { static readonly int s_y = 1; internal static readonly int X = s_y ^ 1; }")]
    [InlineData("static class C { static readonly int s_y = 1; static readonly int s_x = s_y ^ 1; static ref readonly int M() => ref s_x; }")]
    [InlineData("static class C { static readonly int s_y = 1; static readonly int s_x = s_y ^ 1; static void F(in int x) { } static void M() => F(in s_x); }")]
    [InlineData("static class C { static readonly int s_y = 1; static readonly int s_x = s_y ^ 1; static C() { s_x = 2; } }")]
    [InlineData("static class C { static readonly int s_y = 1; static int P { get; set; } = s_y ^ 1; }")]
    public Task IsNotOffered(string text) => IsNotOfferedAsync(text);
}
