using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Codegen;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0903.</summary>
public sealed class LeadingZeroFixTests : CodeFixTests<NoUnexpandedIntrinsicAnalyzer, LeadingZeroFix>
{
    [Fact]
    public Task CountsLeadingZeros() => FixesAsync(
        """
        using System.Numerics;

        static class C
        {
            static int A(uint a) => BitOperations.Log2(a) + 1;
            static int B(ulong b) => System.Numerics.BitOperations.Log2(b - 1);
        }
        """,
        """
        using System.Numerics;

        static class C
        {
            static int A(uint a) => (31 - BitOperations.LeadingZeroCount((a) | 1)) + 1;
            static int B(ulong b) => (63 - System.Numerics.BitOperations.LeadingZeroCount((b - 1) | 1));
        }
        """);

    [Theory]
    [InlineData("static class C { static int M(nuint a) => System.Numerics.BitOperations.Log2(a); }")]
    [InlineData("static class C { static long M(int a) => Math.BigMul(a, a); }")]
    [InlineData("using static System.Numerics.BitOperations; static class C { static int M(uint a) => Log2(a); }")]
    public Task IsNotOffered(string text) => IsNotOfferedAsync(text);
}
