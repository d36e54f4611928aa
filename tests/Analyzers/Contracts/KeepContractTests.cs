using Atoll.Analyzers.Contracts;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Contracts;

/// <summary>ATL0012.</summary>
public sealed class KeepContractTests : RuleTests<KeepContractAnalyzer>
{
    [Theory]
    [InlineData("abstract class B { [InterruptSafe] public abstract void F(); } class D : B { public override void {|ATL0012:F|}() { } }")]
    [InlineData("abstract class B { [NoPanic, NoBlock] public abstract void F(); } class D : B { [NoPanic] public override void {|ATL0012:F|}() { } }")]
    [InlineData("interface I { [InterruptSafe] void F(); } struct S : I { public void {|ATL0012:F|}() { } }")]
    [InlineData("interface I { [InterruptSafe] void F(); } struct S : I { void I.{|ATL0012:F|}() { } }")]
    [InlineData("interface I { [NoSimd] static abstract void F(); } struct S : I { public static void {|ATL0012:F|}() { } }")]
    [InlineData("[InterruptSafe] interface I { void F(); int P { get; } } struct S : I { public void {|ATL0012:F|}() { } public int P { {|ATL0012:get|} { return 1; } } }")]
    [InlineData("interface I { [StackBound(64)] void F(); } struct S : I { [StackBound(128)] public void {|ATL0012:F|}() { } }")]
    [InlineData("interface I { [StackBound(64)] void F(); } struct S : I { public void {|ATL0012:F|}() { } }")]
    [InlineData("class B { public void F() { } } interface I { [NoBlock] void F(); } class {|ATL0012:D|} : B, I { }")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("interface I { [InterruptSafe] void F(); } struct S : I { [InterruptSafe] public void F() { } }")]
    [InlineData("interface I { [InterruptSafe] void F(); } [InterruptSafe] struct S : I { public void F() { } }")]
    [InlineData("interface I { void F(); } struct S : I { [NoPanic] public void F() { } }")]
    [InlineData("interface I { [StackBound(64)] void F(); } struct S : I { [StackBound(64)] public void F() { } }")]
    [InlineData("interface I { [NoBlock] void F(); } struct S : I { [Trusted(Safety = \"One store.\")] public void F() { } }")]
    [InlineData("abstract class B { [NoPanic] public abstract void F(); } class D : B { [NoPanic] public override void F() { } }")]
    [InlineData("[InterruptSafe] interface I { void F(); } interface J : I { }")]
    [InlineData("[InterruptSafe] interface I { int P { get; } } struct S : I { [InterruptSafe] public int P => 1; }")]
    public Task IsSilent(string members) => IsSilentAsync(members);
}
