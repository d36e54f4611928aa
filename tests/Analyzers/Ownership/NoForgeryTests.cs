using Atoll.Analyzers.Ownership;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Ownership;

/// <summary>ATL0405.</summary>
public sealed class NoForgeryTests : RuleTests<NoForgeryAnalyzer>
{
    [Theory]
    [InlineData("static Cap M() => {|ATL0405:default|};")]
    [InlineData("static Cap M() => {|ATL0405:default(Cap)|};")]
    [InlineData("static Cap M() => {|ATL0405:new Cap()|};")]
    [InlineData("static Cap M() => {|ATL0405:new()|};")]
    [InlineData("static Cap M(Cap c) => {|ATL0405:c with { }|};")]
    [InlineData("static void M() => Take({|ATL0405:default|});")]
    [InlineData("static void M(Cap c = {|ATL0405:default|}) => Take(c);")]
    [InlineData("static void M() { {|ATL0405:Unsafe.SkipInit(out Cap c)|}; Take(c); }")]
    [InlineData("static Cap M(int x) => {|ATL0405:Unsafe.BitCast<int, Cap>(x)|};")]
    [InlineData("static void M(ref int x) => Change(ref {|ATL0405:Unsafe.As<int, Cap>(ref x)|});")]
    [InlineData("static T M<[AllowLinear] T>() where T : struct => {|ATL0405:default(T)|};")]
    [InlineData("static T M<[AllowLinear] T>() where T : new() => {|ATL0405:new T()|};")]
    [InlineData("[Linear] struct Other { public static Cap F() => {|ATL0405:new Cap()|}; }")]
    public Task Reports(string members) => ReportsAsync(Capability.Declarations + members);

    [Theory]
    [InlineData("static Cap M() => Cap.Make();")]
    [InlineData("[Linear] struct Own { int _x; public static Own None => default; public static Own Make(int x) => new Own { _x = x }; }")]
    [InlineData("[Linear] struct Own { class Helper { static Own Make() => new Own(); } }")]
    [InlineData("static Table M() => default;")]
    [InlineData("static Table M() => new Table();")]
    [InlineData("static Free M() => default;")]
    [InlineData("[Trusted(Safety = \"The slot is empty.\")] static void M(ref Cap c) => c = default;")]
    [InlineData("static ref int M(ref uint x) => ref Unsafe.As<uint, int>(ref x);")]
    [InlineData("static int M<T>() where T : new() { T t = new T(); return default; }")]
    public Task IsSilent(string members) => IsSilentAsync(Capability.Declarations + members);
}
