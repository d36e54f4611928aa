using Atoll.Analyzers.Memory;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Memory;

/// <summary>ATL0001.</summary>
public sealed class NoHeapObjectTests : RuleTests<NoHeapObjectAnalyzer>
{
    [Theory]
    [InlineData("static object M() => {|ATL0001:new object()|};")]
    [InlineData("static void M() { object o = {|ATL0001:new()|}; }")]
    [InlineData("static T M<T>() where T : new() => {|ATL0001:new T()|};")]
    [InlineData("static T M<T>() where T : class, new() => {|ATL0001:new T()|};")]
    [InlineData("static void M() { var o = {|ATL0001:new { X = 1 }|}; }")]
    [InlineData("static void M() { System.Collections.Generic.List<int> l = {|ATL0001:[1, 2]|}; }")]
    [InlineData("static void M() { System.Collections.Generic.IEnumerable<int> l = {|ATL0001:[1, 2]|}; }")]
    [InlineData("record R(int X); static R M(R r) => {|ATL0001:r with { X = 2 }|};")]
    [InlineData("sealed class D { public D Next = null!; } static void M() { var d = {|ATL0001:new D { Next = {|ATL0001:new D()|} }|}; }")]
    // It does not escape, and the JIT may keep it on the stack. Today.
    [InlineData("sealed class D { public int X; } static int M() => {|ATL0001:new D { X = 3 }|}.X;")]
    [InlineData("static readonly object s_gate = {|ATL0001:new object()|};")]
    [InlineData("static object? M(bool b) { object F() => {|ATL0001:new object()|}; return b ? F() : null; }")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("static Guid M() => new Guid();")]
    [InlineData("struct P { public int X; } static P M() => new() { X = 1 };")]
    [InlineData("static T M<T>() where T : struct => new T();")]
    [InlineData("static T M<T>() where T : unmanaged => default;")]
    [InlineData("record struct R(int X); static R M(R r) => r with { X = 2 };")]
    [InlineData("static void M() { Span<int> s = [1, 2]; ReadOnlySpan<int> r = [1, 2]; }")]
    [InlineData("static (int, int) M() => (1, 2);")]
    // roslyn-analyzers#6851: arguments of an attribute are metadata.
    [InlineData("sealed class NameAttribute(object value) : Attribute { public object Value => value; } [Name(1)] static void M() { }")]
    [InlineData("[Obsolete(DiagnosticId = \"X\")] static void M() { }")]
    // ATL0002, ATL0004 and ATL0006 own these.
    [InlineData("static int[] M() => new int[3];")]
    [InlineData("static Action M() => new Action(() => { });")]
    [InlineData("static string M() => new string('a', 3);")]
    // ATL0201 owns the throw, and the object goes with it.
    [InlineData("static void M() => throw new Exception(\"no\");")]
    [InlineData("static void M() { _ = nameof(Object); }")]
    public Task IsSilent(string members) => IsSilentAsync(members);

    [Theory]
    [InlineData("sealed class D; static void M() { {|ATL0001:new D()|}.ToStringless(); } static void ToStringless(this D d) { }")]
    public Task ReportsInKernel(string members) => KernelReportsAsync(members);

    [Theory]
    [InlineData("struct P(int x) { public int X = x; } static int M() => new P(3).X;")]
    public Task IsSilentInKernel(string members) => KernelIsSilentAsync(members);
}
