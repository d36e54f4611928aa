using Atoll.Analyzers.Contracts;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Contracts;

/// <summary>ATL0011.</summary>
public sealed class MeetContractTests : RuleTests<MeetContractAnalyzer>
{
    private const string Declarations =
        """
        static int Plain() => 1;
        static int PlainProperty => 1;
        [InterruptSafe] static int Safe() => 1;
        [InterruptSafe, NoPanic, NoSimd, NoBlock] static int AllSafe() => 1;
        [InterruptSafe] static class SafeType { public static int F() => 1; public static int P => 1; }
        [StackBound(64)] static int Small() => 1;
        [StackBound(128)] static int Large() => 1;
        [Trusted(Safety = "The index was compared with the length.")] static int Element() => 1;
        [InterruptSafe] [Trusted(Safety = "Two instructions.")] static int Stub() => 1;

        """;

    [Theory]
    [InlineData("static int Level { get { Plain(); return field; } set; } [NoPanic] static int M() => {|ATL0011:Level|};")]
    [InlineData("static int Level { get => field + Plain(); set; } [NoPanic] static int M() => {|ATL0011:Level|};")]
    [InlineData("[InterruptSafe] static int M() => {|ATL0011:Plain()|};")]
    [InlineData("[NoPanic] static int M() => {|ATL0011:Plain()|};")]
    [InlineData("[NoSimd] static int M() => {|ATL0011:Safe()|};")]
    [InlineData("[NoBlock] static int M() => {|ATL0011:Plain()|};")]
    [InlineData("[InterruptSafe, NoPanic] static int M() => {|ATL0011:Safe()|};")]
    [InlineData("[InterruptSafe] static int M() => {|ATL0011:PlainProperty|};")]
    [InlineData("[InterruptSafe] static int M { get { return {|ATL0011:Plain()|}; } }")]
    [InlineData("[InterruptSafe] static class T { static int M() => {|ATL0011:Plain()|}; class Inner { static int N() => {|ATL0011:Plain()|}; } }")]
    [InlineData("[InterruptSafe] static int M() { int Local() => {|ATL0011:Plain()|}; return Local(); }")]
    [InlineData("struct V { public static V operator +(V a, V b) => a; } [InterruptSafe] static V M(V a) => {|ATL0011:a + a|};")]
    [InlineData("struct V { public V(int x) { } } [InterruptSafe] static V M() => {|ATL0011:new V(1)|};")]
    [InlineData("interface I { int F(); } [InterruptSafe] static int M<T>(T t) where T : struct, I => {|ATL0011:t.F()|};")]
    [InlineData("interface I { static abstract int F(); } [InterruptSafe] static int M<T>() where T : I => {|ATL0011:T.F()|};")]
    [InlineData("[StackBound(128)] static int M() => {|ATL0011:Large()|};")]
    [InlineData("[StackBound(128)] static int M() => {|ATL0011:Plain()|};")]
    [InlineData("[InterruptSafe] static void M() { delegate*<int> f = &{|ATL0011:Plain|}; }")]
    [InlineData("[Trusted] static int NoReason() => 1; [InterruptSafe] static int M() => {|ATL0011:NoReason()|};")]
    [InlineData("[NoPanic] static int M() => {|ATL0011:Element()|};")]
    [InlineData("[InterruptSafe, NoPanic] static int M() => {|ATL0011:Stub()|};")]
    [InlineData("[StackBound(64)] static int M() { int Local() => 1; return {|ATL0011:Local()|}; }")]
    [InlineData("static int M() { int Other() => 1; [NoPanic] int Local() => {|ATL0011:Other()|}; return Local(); }")]
    public Task Reports(string members) => ReportsAsync(Declarations + members);

    [Theory]
    [InlineData("static int Level { get; set; } [NoPanic] static int M() => Level;")]
    [InlineData("static int Level { get; set => field = value + Plain(); } [NoPanic] static int M() => Level;")]
    [InlineData("static int M() => Plain() + Safe();")]
    [InlineData("[InterruptSafe] static int M() => Safe() + AllSafe() + SafeType.F() + SafeType.P;")]
    [InlineData("[NoPanic, NoSimd, NoBlock, InterruptSafe] static int M() => AllSafe();")]
    [InlineData("[InterruptSafe] static int M() { int Local() => Safe(); return Local(); }")]
    [InlineData("[InterruptSafe] static int M() => Stub();")]
    [InlineData("[InterruptSafe] [Trusted(Safety = \"Interrupts are off.\")] static int M() => Plain();")]
    [InlineData("[StackBound(256)] static int M() => Large() + Small();")]
    [InlineData("[InterruptSafe] [Trusted(Safety = \"a\")] static class T { static int M() => Plain(); }")]
    [InlineData("struct V { public int A { get; set; } } [InterruptSafe] static int M() { V v = new V(); v.A = 2; return v.A; }")]
    [InlineData("[InterruptSafe] static string M() => nameof(Plain);")]
    [InlineData("interface I { [InterruptSafe] int F(); } [InterruptSafe] static int M<T>(T t) where T : struct, I => t.F();")]
    [InlineData("[Obsolete(\"a\")] [InterruptSafe] static int M() => 1;")]
    [InlineData("[StackBound(64)] static int M() { [StackBound(32)] int Local() => 1; return Local(); }")]
    public Task IsSilent(string members) => IsSilentAsync(Declarations + members);

    [Fact]
    public Task AutomaticAccessors_OfAnotherRoom_CallNothing() => ReportsFileAsync(
        "[InterruptSafe] class C { static int M(Room.Link link) => link.Peer + {|ATL0011:link.Next|}; }",
        TestPlatform.Kernel,
        references: TestPlatform.Kernel.Reference(
            "namespace Room { public struct Link { public int Peer { get; private set; } public int Next => Peer + 1; } }",
            "Atoll.Room",
            hasProfile: true));
}
