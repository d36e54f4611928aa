using Atoll.Analyzers.Codegen;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Codegen;

/// <summary>ATL0903.</summary>
public sealed class NoUnexpandedIntrinsicTests : RuleTests<NoUnexpandedIntrinsicAnalyzer>
{
    [Theory]
    [InlineData("static int M(uint a) => {|ATL0903:System.Numerics.BitOperations.Log2(a)|};")]
    [InlineData("static int M(ulong a) { int F() => {|ATL0903:System.Numerics.BitOperations.Log2(a)|}; return F(); }")]
    [InlineData("static long M(int a) => {|ATL0903:Math.BigMul(a, a)|};")]
    [InlineData("static ulong M(ulong a, out ulong low) => {|ATL0903:Math.BigMul(a, a, out low)|};")]
    [InlineData("static int M() => {|ATL0903:System.Runtime.Intrinsics.X86.X86Base.CpuId(1, 0)|}.Eax;")]
    [InlineData("static delegate*<uint, int> M() => &{|ATL0903:System.Numerics.BitOperations.Log2|};")]
    [InlineData("[Trusted(Safety = \"Slow is fine.\")] static int M(uint a) => {|ATL0903:System.Numerics.BitOperations.Log2(a)|};")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("static int M(uint a) => System.Numerics.BitOperations.LeadingZeroCount(a);")]
    [InlineData("static int M(uint a) => System.Numerics.BitOperations.PopCount(a);")]
    [InlineData("static void M() => System.Runtime.Intrinsics.X86.X86Base.Pause();")]
    [InlineData("static class Math { public static int BigMul(int a) => a; } static int M(int a) => Math.BigMul(a);")]
    [InlineData("static double M(double a) => System.Math.Log2(a);")]
    [InlineData("static string M() => nameof(System.Numerics.BitOperations.Log2);")]
    public Task IsSilent(string members) => IsSilentAsync(members);

    // The core library declares what it needs itself.
    [Fact]
    public Task ReportsWaitPkg() => ReportsFileAsync(
        """
        namespace System.Runtime.Intrinsics.X86
        {
            static class WaitPkg
            {
                public static class X64 { public static void Wait() { } }
            }
        }

        class C { static void M() => {|ATL0903:System.Runtime.Intrinsics.X86.WaitPkg.X64.Wait()|}; }
        """,
        TestPlatform.Kernel);
}
