using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Memory;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0002.</summary>
public sealed class ConstantDataFixTests : CodeFixTests<NoArrayAnalyzer, ConstantDataFix>
{
    [Fact]
    public Task MakesSpans() => FixesAsync(
        """
        static class C
        {
            // Why.
            private static readonly byte[] s_table = { 1, 2 };
            static readonly int[] s_other = new[] { 1, 2 };

            static int M(int i)
            {
                var data = new int[] { 1, 2 };
                int sum = data[i] + data.Length + s_table[i] + C.s_other[0];
                foreach (int x in s_other)
                {
                    sum += x;
                }

                return sum;
            }
        }
        """,
        """
        static class C
        {
            // Why.
            private static System.ReadOnlySpan<byte> s_table => new byte[] { 1, 2 };
            static System.ReadOnlySpan<int> s_other => new[] { 1, 2 };

            static int M(int i)
            {
                System.ReadOnlySpan<int> data = new int[] { 1, 2 };
                int sum = data[i] + data.Length + s_table[i] + C.s_other[0];
                foreach (int x in s_other)
                {
                    sum += x;
                }

                return sum;
            }
        }
        """);

    [Theory]
    [InlineData("static class C { static int[] M() { var a = new[] { 1 }; return a; } }")]
    [InlineData("static class C { static void M() { var a = new[] { 1 }; a[0] = 2; } }")]
    [InlineData("static class C { static void M() { var a = new[] { 1 }; ref int x = ref a[0]; x = 2; } }")]
    [InlineData("static class C { static void M(int x) { var a = new[] { x }; } }")]
    [InlineData("static class C { static int M() { var a = new[] { 1 }; int F() => a[0]; return F(); } }")]
    [InlineData("static class C { static int[] M() { var a = new[] { 1 }; return a[..1]; } }")]
    [InlineData("static class C { internal static readonly int[] Table = { 1 }; }")]
    [InlineData("static class C { static readonly decimal[] s_table = { 1 }; }")]
    [InlineData("static class C { static readonly int[] s_table = new int[3]; }")]
    [InlineData("static class C { static readonly int[][] s_table = { }; }")]
    public Task IsNotOffered(string text) => IsNotOfferedAsync(text);
}
