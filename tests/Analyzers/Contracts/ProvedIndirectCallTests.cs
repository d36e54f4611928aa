using Atoll.Analyzers.Contracts;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Contracts;

/// <summary>ATL0013.</summary>
public sealed class ProvedIndirectCallTests : RuleTests<ProvedIndirectCallAnalyzer>
{
    [Theory]
    [InlineData("[InterruptSafe] static void M(delegate*<void> f) => {|ATL0013:f()|};")]
    [InlineData("[NoPanic] static int M(delegate*<int, int> f) => {|ATL0013:f(1)|};")]
    [InlineData("[StackBound(64)] static void M(delegate*<void> f) => {|ATL0013:f()|};")]
    [InlineData("[NoBlock] struct S { delegate*<void> _f; void F() => {|ATL0013:_f()|}; }")]
    [InlineData("[NoSimd] static void M(Action a) => {|ATL0013:a()|};")]
    [InlineData("[InterruptSafe] static void M(delegate*<void> f) { void Local(delegate*<void> g) => {|ATL0013:g()|}; Local(f); }")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("static void M(delegate*<void> f) => f();")]
    [InlineData("[InterruptSafe] [Trusted(Safety = \"One of the three in the table.\")] static void M(delegate*<void> f) => f();")]
    [InlineData("[InterruptSafe] static delegate*<void> M(delegate*<void> f) => f;")]
    [InlineData("static void Plain() { } [InterruptSafe] static void M() => Plain();")]
    [InlineData("[Trusted(Safety = \"Set once.\")] struct S { delegate*<void> _f; [NoPanic] void F() => _f(); }")]
    public Task IsSilent(string members) => IsSilentAsync(members);
}
