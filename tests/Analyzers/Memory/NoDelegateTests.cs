using Atoll.Analyzers.Memory;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Memory;

/// <summary>ATL0004.</summary>
public sealed class NoDelegateTests : RuleTests<NoDelegateAnalyzer>
{
    [Theory]
    [InlineData("static Action M() => {|ATL0004:() => { }|};")]
    [InlineData("static Func<int> M(int x) => {|ATL0004:() => x|};")]
    [InlineData("static void F() { } static Action M() => {|ATL0004:F|};")]
    [InlineData("static void F() { } static Action M() => {|ATL0004:new Action(F)|};")]
    [InlineData("static void M() { Action a = {|ATL0004:delegate { }|}; }")]
    [InlineData("static void M() { Action a = {|ATL0004:static () => { }|}; }")]
    [InlineData("static Action M(Action a, Action b) => {|ATL0004:a + b|};")]
    [InlineData("static void M(Action a, Action b) { {|ATL0004:a += b|}; }")]
    [InlineData("static Action? M(Action a, Action b) => {|ATL0004:a - b|};")]
    [InlineData("static void M() { var f = {|ATL0004:() => 1|}; }")]
    [InlineData("static System.Linq.Expressions.Expression<Func<int>> M() => {|ATL0004:() => 1|};")]
    [InlineData("struct S { public void F() { } } static Action M(S s) => {|ATL0004:s.F|};")]
    [InlineData("static void G(Action a) { } static void M() { void Local() { } G({|ATL0004:Local|}); }")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("static void F() { } static delegate*<void> M() => &F;")]
    [InlineData("static void F() { } static void M() { delegate*<void> f = &F; f(); }")]
    [InlineData("static int M(int x) { int Local() => x; return Local(); }")]
    [InlineData("static int M() { static int Local() => 1; return Local(); }")]
    [InlineData("static void M(Action a) => a();")]
    [InlineData("static bool M(Action a, Action b) => a == b;")]
    [InlineData("delegate int D(int x);")]
    [InlineData("static void F() { } static void M() { _ = nameof(F); }")]
    [InlineData("static int M(int a, int b) => a + b;")]
    [InlineData("interface I { static abstract int F(); } static int M<T>() where T : I => T.F();")]
    public Task IsSilent(string members) => IsSilentAsync(members);

    [Theory]
    [InlineData("static void F() { } static delegate*<void> M() => &F;")]
    public Task IsSilentInKernel(string members) => KernelIsSilentAsync(members);
}
