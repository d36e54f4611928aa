using Atoll.Analyzers.Progress;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Progress;

/// <summary>ATL0104.</summary>
public sealed class NoBlockingCallTests : RuleTests<NoBlockingCallAnalyzer>
{
    [Theory]
    [InlineData("[Blocks] static void Wait() { } [NoBlock] static void M() => {|ATL0104:Wait()|};")]
    [InlineData("[Blocks] static void Wait() { } [InterruptSafe] static void M() { {|ATL0104:Wait()|}; }")]
    [InlineData("[Blocks] static int P => 1; [NoBlock] static int M() => {|ATL0104:P|};")]
    [InlineData("[Blocks] struct D { public static void Read() { } } [NoBlock] static void M() => {|ATL0104:D.Read()|};")]
    [InlineData("[Blocks] static void Wait() { } [NoBlock] static void M() { void F() => {|ATL0104:Wait()|}; F(); }")]
    [InlineData("interface I { [Blocks] static abstract void Wait(); } [NoBlock] static void M<T>() where T : I => {|ATL0104:T.Wait()|};")]
    [InlineData("[Blocks] static void Wait<T>() { } [NoBlock] static delegate*<void> M() => &{|ATL0104:Wait<int>|};")]
    [InlineData("[Blocks, Trusted(Safety = \"Has a deadline.\")] static void Wait() { } [NoBlock] static void M() => {|ATL0104:Wait()|};")]
    [InlineData("struct S { [Blocks] public static S operator +(S a, S b) => a; } [NoBlock] static S M(S a) => {|ATL0104:a + a|};")]
    // Both at once: a contradiction.
    [InlineData("[Blocks, NoBlock] static void {|ATL0104:M|}() { }")]
    [InlineData("[InterruptSafe] struct S { [Blocks] public static void {|ATL0104:Wait|}() { } }")]
    [InlineData("abstract class B { [Blocks] public virtual void Wait() { } } sealed class D : B { public override void Wait() { } } [NoBlock] static void M(D d) => {|ATL0104:d.Wait()|};")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("[Blocks] static void Wait() { } static void M() => Wait();")]
    [InlineData("[Blocks] static void Wait() { } [Blocks] static void M() => Wait();")]
    [InlineData("static void Look() { } [NoBlock] static void M() => Look();")]
    [InlineData("[Blocks] static void Wait() { } [NoPanic, NoSimd] static void M() => Wait();")]
    [InlineData("[Blocks] static void Wait() { } [NoBlock, Trusted(Safety = \"What is waited for already happened.\")] static void M() => Wait();")]
    [InlineData("[Blocks] static void Wait() { } [NoBlock] static string M() => nameof(Wait);")]
    [InlineData("class Blocks : Attribute; [C.Blocks] static void Wait() { } [NoBlock] static void M() => Wait();")]
    public Task IsSilent(string members) => IsSilentAsync(members);
}
