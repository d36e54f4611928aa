using Atoll.Analyzers.Progress;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Progress;

/// <summary>ATL0103.</summary>
public sealed class AtomicInPrimitiveOnlyTests : RuleTests<AtomicInPrimitiveOnlyAnalyzer>
{
    [Theory]
    [InlineData("static int M(ref int x) => {|ATL0103:Interlocked.Increment(ref x)|};")]
    [InlineData("static int M(ref int x) => {|ATL0103:Interlocked.CompareExchange(ref x, 1, 0)|};")]
    [InlineData("static void M() => {|ATL0103:Interlocked.MemoryBarrier()|};")]
    [InlineData("static void M() => {|ATL0103:Thread.MemoryBarrier()|};")]
    [InlineData("static delegate*<ref int, int> M() => &{|ATL0103:Interlocked.Increment|};")]
    [InlineData("static int M(ref int x) { int F(ref int y) => {|ATL0103:Interlocked.Decrement(ref y)|}; return F(ref x); }")]
    [InlineData("[Trusted] static int M(ref int x) => {|ATL0103:Interlocked.Increment(ref x)|};")]
    // csc writes a loop over CompareExchange into both accessors.
    [InlineData("static event Action? {|ATL0103:E|};")]
    [InlineData("struct S { public event Action? {|ATL0103:E|}; }")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("static int M(ref int x) => Volatile.Read(ref x);")]
    [InlineData("static void M(ref int x) { x++; }")]
    [InlineData("[Trusted(Safety = \"The only writer; wait-free.\")] static int M(ref int x) => Interlocked.Increment(ref x);")]
    [InlineData("[Trusted(Safety = \"Sequence lock.\")] struct S { int _x; public int F() => Interlocked.Increment(ref _x); }")]
    [InlineData("static event Action? E { add { } remove { } }")]
    [InlineData("interface I { event Action E; }")]
    [InlineData("class Interlocked { public static int Increment(ref int x) => ++x; } static int M(ref int x) => Interlocked.Increment(ref x);")]
    [InlineData("static void M() { _ = nameof(Interlocked.Increment); }")]
    public Task IsSilent(string members) => IsSilentAsync(members);

    [Fact]
    public Task ReportsDeclaration() => ReportsFileAsync(
        """
        namespace System.Threading
        {
            public static class {|ATL0103:Interlocked|} { public static void Or(ref int x) => x |= 1; }
        }
        """,
        TestPlatform.Kernel);

    [Fact]
    public Task IsSilentAboutTrustedDeclaration() => IsSilentFileAsync(
        """
        namespace System.Threading
        {
            [Trusted(Safety = "One caller.")]
            public static class Interlocked { public static void Or(ref int x) => Or(ref x); }
        }
        """,
        TestPlatform.Kernel);
}
