using System.Collections.Immutable;
using Atoll.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace Atoll.Analyzers.Tests.Ownership;

/// <summary>
/// The holes known in NonCopyableAnalyzer (ufcpp) and RS0042 (Roslyn), and the questions of dotnet/runtime#50389: each is closed
/// here, by whichever rule.
/// </summary>
public sealed class KnownHolesTests
{
    private static readonly ImmutableArray<DiagnosticAnalyzer> s_rules =
    [
        .. RuleVerifier.AllRules.Where(static rule => rule.SupportedDiagnostics[0].Id is var id
            && (id.StartsWith("ATL04", StringComparison.Ordinal) || id is "ATL0003" or "ATL0004" or "ATL0005")),
    ];

    /// <summary>NonCopyableAnalyzer asks twice about the second arm, so never about one of them.</summary>
    [Theory]
    [InlineData("static Cap M(ref Table t, bool b) => b ? {|ATL0401:t.First|} : Make();")]
    [InlineData("static Cap M(ref Table t, bool b) => b ? Make() : {|ATL0401:t.First|};")]
    [InlineData("static Cap M(ref Table t, bool b) => b ? {|ATL0401:t.First|} : {|ATL0401:t.Second|};")]
    public Task Conditional_BothArms(string members) => VerifyAsync(members);

    /// <summary>Not supported by NonCopyableAnalyzer.</summary>
    [Theory]
    [InlineData("[NonCopyable] struct N { public static N operator +(N a, N b) => default; } static N M(N a, N b) => {|ATL0401:a|} + {|ATL0401:b|};")]
    [InlineData("[NonCopyable] struct N { public static N operator ~(N a) => default; } static N M(N a) => ~{|ATL0401:a|};")]
    [InlineData("[NonCopyable] struct N { public static bool operator true(N a) => true; public static bool operator false(N a) => true; } static int M(in N a) => {|ATL0401:a|} ? 1 : 0;")]
    [InlineData("[NonCopyable] struct N { public static int operator +(in N a, in N b) => 1; } static int M(in N a, in N b) => a + b;")]
    public Task Operator(string members) => VerifyAsync(members);

    /// <summary>Not supported by NonCopyableAnalyzer.</summary>
    [Theory]
    [InlineData("[NonCopyable] struct N { public static N operator +(N a, int b) => default; } static void M(ref N a) { {|ATL0401:{|ATL0401:a|} += 1|}; }")]
    [InlineData("[NonCopyable] struct N { public static N operator --(N a) => default; } static void M(ref N a) { {|ATL0401:--{|ATL0401:a|}|}; }")]
    public Task CompoundAssignment(string members) => VerifyAsync(members);

    /// <summary>NonCopyableAnalyzer#14: by value it copies, by <c>in</c> it does not.</summary>
    [Theory]
    [InlineData("[NonCopyable] struct N { public static implicit operator int(N a) => 1; } static int M(in N a) => {|ATL0401:a|};")]
    [InlineData("[NonCopyable] struct N { public static implicit operator int(in N a) => 1; } static int M(in N a) => a;")]
    [InlineData("[NonCopyable] struct N { public static explicit operator int(in N a) => 1; } static int M(ref N a) => (int)a;")]
    public Task Conversion_WithInOperand(string members) => VerifyAsync(members);

    /// <summary>roslyn-analyzers#7389: RS0042 did not know the operations of C# 11.</summary>
    [Theory]
    [InlineData("static bool M(Span<Cap> {|ATL0402:s|}) => s is [{|ATL0401:var c|}, ..];")]
    [InlineData("[NonCopyable] struct N { public readonly int Length => 1; public readonly int this[int i] => 1; } static bool M(in N n) => {|ATL0401:n|} is [1, ..];")]
    [InlineData("[NonCopyable] struct N { public int Length => 1; public readonly int this[int i] => 1; } static int M(in N n) => {|ATL0406:n[^1]|};")]
    public Task ListPattern_AndIndexFromEnd(string members) => VerifyAsync(members);

    /// <summary>roslyn-analyzers#7128: its signature changed, and RS0042 fell silent.</summary>
    [Theory]
    [InlineData("static void M(in Cap c) { ref Cap r = ref {|ATL0402:{|ATL0405:Unsafe.AsRef(in c)|}|}; r.Touch(); }")]
    [InlineData("static Cap M(in Cap c) => {|ATL0401:{|ATL0402:{|ATL0405:Unsafe.AsRef(in c)|}|}|};")]
    [InlineData("static Cap M(ref Table t) { Cap* p = (Cap*){|ATL0402:Unsafe.AsPointer(ref t.First)|}; return {|ATL0401:*p|}; }")]
    public Task UnsafeAsRef(string members) => VerifyAsync(members);

    /// <summary>NonCopyableAnalyzer#8, and the first question of dotnet/runtime#50389.</summary>
    [Theory]
    [InlineData("static void G<T>(in T t) { T copy = t; } static void M(in Cap c) => {|ATL0402:G(in c)|};")]
    [InlineData("static T Pick<T>(T a, T b) => a; static void M(Cap a, Cap b) => Take({|ATL0402:Pick(a, b)|});")]
    [InlineData("static void M(System.Collections.Generic.List<Cap> {|ATL0402:l|}) { }")]
    [InlineData("interface I { void Go(); } [NonCopyable] struct N : I { public void Go() { } } static void F<T>(T t) where T : I => t.Go(); static void M(N n) => {|ATL0402:F(n)|};")]
    [InlineData("static void Twice<[AllowLinear] T>(ref T a, ref T b) { a = {|ATL0401:b|}; }")]
    public Task Generic(string members) => VerifyAsync(members);

    /// <summary>A local that lives across an <c>await</c> is a field of a class: there is no such function.</summary>
    [Theory]
    [InlineData("static {|ATL0005:async|} System.Threading.Tasks.Task M() { C.Cap c = C.Cap.Make(); await System.Threading.Tasks.Task.Yield(); C.Cap.Drop(c); }")]
    [InlineData("static {|ATL0005:async|} System.Threading.Tasks.Task M(C.Cap c) { await System.Threading.Tasks.Task.Yield(); C.Cap.Drop(c); }")]
    [InlineData("static System.Collections.Generic.IEnumerable<int> M(C.Cap c) { {|ATL0005:yield|} return 1; C.Cap.Drop(c); }")]
    public Task AsyncLocal(string member) => RuleVerifier.VerifyAsync(
        s_rules,
        $"static unsafe class C\n{{\n{Capability.Declarations.Replace("[Linear] struct", "[Linear] public struct", StringComparison.Ordinal)}\n}}\nstatic class D {{ {member} }}\n",
        TestPlatform.DotNet);

    /// <summary>Its getter returns copies.</summary>
    [Theory]
    [InlineData("[NonCopyable] struct S { public Cap {|ATL0402:C|} { get; set; } }")]
    [InlineData("class S { public Cap {|ATL0402:C|} { get; init; } }")]
    [InlineData("[NonCopyable] struct S { Cap _c; public Cap C => {|ATL0401:_c|}; }")]
    public Task AutoProperty(string members) => VerifyAsync(members);

    [Theory]
    [InlineData("static (Cap, int) {|ATL0402:M|}() => {|ATL0402:(Make(), 1)|};")]
    [InlineData("static void M(Cap a, Cap b) { ({|ATL0401:a|}, {|ATL0401:b|}) = {|ATL0402:(b, a)|}; Take(a); Take(b); }")]
    [InlineData("static void M(ValueTuple<Cap> {|ATL0402:t|}) { }")]
    public Task Tuple(string members) => VerifyAsync(members);

    [Theory]
    [InlineData("static void M(Cap? {|ATL0402:c|}) { }")]
    [InlineData("static bool M(Cap {|ATL0404:c|}) { Cap? d = {|ATL0402:c|}; return d.HasValue; }")]
    public Task Nullable(string members) => VerifyAsync(members);

    /// <summary>dotnet/runtime#50389: <c>F(ref x, ref x)</c>; and its sister, where the second name takes the value over.</summary>
    [Theory]
    [InlineData("static void M(ref Cap c) => Both(ref c, {|ATL0407:ref c|});")]
    [InlineData("static void M(ref Table t) => Both(ref t.First, {|ATL0407:ref t.First|});")]
    [InlineData("static void F(ref Cap a, Cap b) => Take(b); static void M(Cap c) => F(ref c, {|ATL0407:c|});")]
    [InlineData("static void F(in Cap a, Cap b) => Take(b); static void M(Cap c) => F(in c, {|ATL0407:c|});")]
    [InlineData("static void F(Cap a, ref Cap b) => Take(a); static void M(Cap c) => F(c, ref {|ATL0403:c|});")]
    [InlineData("static void F(ref Cap a, Cap b) => Take(b); static void M(Cap c, Cap d) { F(ref c, d); Take(c); }")]
    [InlineData("[NonCopyable] struct N { public readonly void Merge(N other) { } } static void M(N n) => n.Merge({|ATL0407:n|});")]
    [InlineData("static void M(delegate*<ref Cap, Cap, void> f, Cap c) => f(ref c, {|ATL0407:c|});")]
    public Task RefAliasing(string members) => VerifyAsync(members);

    [Theory]
    [InlineData("static void M(ref Table t) { Action a = {|ATL0004:{|ATL0402:t.First.Touch|}|}; }")]
    [InlineData("static void M(Cap {|ATL0404:c|}) { Func<Cap> f = {|ATL0004:() => {|ATL0402:c|}|}; }")]
    [InlineData("static void M(Cap {|ATL0404:c|}) { Cap Local() => {|ATL0402:c|}; Take(Local()); }")]
    public Task Delegate(string members) => VerifyAsync(members);

    /// <summary>One parameter, two initialisers: no single function moves it twice.</summary>
    [Theory]
    [InlineData("[NonCopyable] struct S(Cap c) { Cap _a = c; Cap _b = {|ATL0403:c|}; }")]
    [InlineData("[NonCopyable] struct S(Cap c) { Cap _a = c; bool _b = {|ATL0403:c|}.IsSet; }")]
    [InlineData("[NonCopyable] struct S(Cap c) { Cap _a = c, _b = {|ATL0403:c|}; }")]
    [InlineData("[NonCopyable] struct S(Cap c, Cap d) { Cap _a = c, _b = d; }")]
    [InlineData("[NonCopyable] struct S(Cap c, Cap d) { bool _b = c.IsSet; Cap _a = c; Cap _d = d; }")]
    public Task PrimaryConstructorParameter(string members) => VerifyAsync(members);

    private static Task VerifyAsync(string members) => RuleVerifier.VerifyAsync(
        s_rules, $"static unsafe class C\n{{\n{Capability.Declarations}\n{members}\n}}\n", TestPlatform.DotNet);
}
