using Atoll.Analyzers.Ownership;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Ownership;

/// <summary>ATL0401. Among the rows are the holes known in NonCopyableAnalyzer and in Roslyn's RS0042.</summary>
public sealed class NoCopyTests : RuleTests<NoCopyAnalyzer>
{
    [Theory]
    // Out of what stays behind.
    [InlineData("static void M(ref Table t) => Take({|ATL0401:t.First|});")]
    [InlineData("static Cap M(ref Table t) => {|ATL0401:t.First|};")]
    [InlineData("static void M(ref Table t) { Cap c = {|ATL0401:t.First|}; Take(c); }")]
    [InlineData("static void M(ref Table t) { t.Second = {|ATL0401:t.First|}; }")]
    [InlineData("static void M(ref Cap c) => Take({|ATL0401:c|});")]
    [InlineData("static Cap M(in Cap c) => {|ATL0401:c|};")]
    [InlineData("static void M(Cap* p) => Take({|ATL0401:*p|});")]
    [InlineData("static void M(Cap* p) => Take({|ATL0401:p[1]|});")]
    [InlineData("static void M(Table* p) => Take({|ATL0401:p->First|});")]
    [InlineData("static void M(ref Table t) => Take({|ATL0401:Slot(ref t)|});")]
    [InlineData("static void M(ref Table t) { ref Cap r = ref t.First; Take({|ATL0401:r|}); }")]
    [InlineData("static void M(Cap[] a) => Take({|ATL0401:a[0]|});")]
    [InlineData("[NonCopyable] struct S { Cap _c; public Cap Pull() => {|ATL0401:_c|}; public S Self() => {|ATL0401:this|}; }")]
    [InlineData("[InlineArray(4)] [NonCopyable] struct Row { private Cap _c; } static void M(ref Row r) => Take({|ATL0401:r[1]|});")]
    // Both arms of a choice.
    [InlineData("static void M(ref Table t, bool b) => Take(b ? Make() : {|ATL0401:t.First|});")]
    [InlineData("static void M(ref Table t, bool b) => Take(b ? {|ATL0401:t.First|} : Make());")]
    [InlineData("static void M(ref Table t, bool b) => Take({|ATL0401:b ? ref t.First : ref t.Second|});")]
    [InlineData("static void M(ref Table t, int n) => Take(n switch { 0 => Make(), _ => {|ATL0401:t.First|} });")]
    // Operators and conversions.
    [InlineData("[NonCopyable] struct N { public static N operator +(N a, in N b) => default; } static N M(N a, N b) => {|ATL0401:a|} + b;")]
    [InlineData("[NonCopyable] struct N { public static N operator -(N a) => default; } static N M(N a) => -{|ATL0401:a|};")]
    [InlineData("[NonCopyable] struct N { public static N operator ++(N a) => default; } static void M(ref N a) { {|ATL0401:{|ATL0401:a|}++|}; }")]
    [InlineData("[NonCopyable] struct N { public static N operator +(N a, int b) => default; } static void M(ref N a) { {|ATL0401:{|ATL0401:a|} += 1|}; }")]
    [InlineData("[NonCopyable] struct N { public static implicit operator int(N a) => 1; } static void F(in int x) { } static void M(N a) => F({|ATL0401:a|});")]
    [InlineData("[NonCopyable] struct N { public static explicit operator N(Cap a) => default; } static void F(in N x) { } static void M(Cap a) => F((N){|ATL0401:a|});")]
    [InlineData("static void M(Cap c) => Look({|ATL0401:(Cap){|ATL0401:c|}|});")]
    // Patterns.
    [InlineData("static bool M(Cap c) => {|ATL0401:c|} is { IsSet: true };")]
    [InlineData("static bool M(Table t) => {|ATL0401:t|} is { {|ATL0401:First|}: {|ATL0401:var f|} };")]
    [InlineData("static int M(Cap c) => {|ATL0401:c|} switch { { IsSet: true } => 1, _ => 0 };")]
    [InlineData("static void M(Cap c) { switch ({|ATL0401:c|}) { case { IsSet: true }: break; } }")]
    [InlineData("static bool M(Span<Cap> s) => s is [{|ATL0401:var c|}];")]
    // Loops, deconstruction, chains.
    [InlineData("static void M(Span<Cap> s) { foreach (var {|ATL0401:c|} in s) { } }")]
    [InlineData("struct D { public void Deconstruct(out Cap a, out Cap b) { a = Make(); b = Make(); } } static void M(D d, ref Table t) { ({|ATL0401:t.First|}, {|ATL0401:t.Second|}) = d; }")]
    [InlineData("static void M(ref Table t, Cap c) { t.First = {|ATL0401:t.Second = c|}; }")]
    [InlineData("static void M(Guard g) { using ({|ATL0401:(Guard){|ATL0401:g|}|}) { } }")]
    [InlineData("static void M(Cap c) { _ = {|ATL0401:{|ATL0401:c|} with { }|}; }")]
    // Generic code that admits them.
    [InlineData("static T M<[AllowLinear] T>(ref T t) => {|ATL0401:t|};")]
    [InlineData("[NonCopyable] struct Box<[AllowLinear] T> { T _t; public T Pull() => {|ATL0401:_t|}; }")]
    public Task Reports(string members) => ReportsAsync(Capability.Declarations + members);

    [Theory]
    [InlineData("static Cap M(Cap c) => c;")]
    [InlineData("static void M(Cap c) => Take(c);")]
    [InlineData("static void M() => Take(Make());")]
    [InlineData("static void M() { Cap a = Make(); Cap b = a; Take(b); }")]
    [InlineData("static void M(ref Table t, Cap c) => t.First = c;")]
    [InlineData("static void M(out Cap to, Cap c) => to = c;")]
    [InlineData("static Cap M(bool b, Cap c, Cap d) => b ? c : d;")]
    [InlineData("static Cap M(int n, Cap c) => n switch { 0 => c, _ => Make() };")]
    [InlineData("static bool M(in Cap c) => c.IsSet;")]
    [InlineData("static void M(ref Table t) { Look(in t.First); Look(t.Second); Change(ref t.First); t.First.Touch(); }")]
    [InlineData("static ref Cap M(ref Table t) => ref t.First;")]
    [InlineData("static void M(ref Table t, bool b) { ref Cap r = ref b ? ref t.First : ref t.Second; Change(ref r); }")]
    [InlineData("static void M(ref Table t) { ref Cap r = ref t.First; r = ref t.Second; r.Touch(); }")]
    [InlineData("static void M(Span<Cap> s) { foreach (ref Cap c in s) { c.Touch(); } }")]
    [InlineData("static void M(Cap* p) { p->Touch(); (*p).Touch(); p[2].Touch(); Change(ref *p); }")]
    [InlineData("static void M() { Get(out Cap c); Take(c); }")]
    [InlineData("static void M() { using Guard g = Guard.Take(); g.Look(); }")]
    [InlineData("static void M() { using (Guard.Take()) { } }")]
    [InlineData("[NonCopyable] struct N { public static int operator +(in N a, in N b) => 1; } static int M(ref N a, ref N b) => a + b;")]
    [InlineData("[Trusted(Safety = \"The slot is emptied.\")] static Cap M(ref Table t) { Cap c = t.First; t.First = default; return c; }")]
    [InlineData("static Free M(Free f) { Free g = f; return g; }")]
    [InlineData("static void M(Cap c) { _ = nameof(c); Lend(ref c); }")]
    [InlineData("[NonCopyable] struct S { Cap _c; public S(Cap c) => _c = c; public readonly bool Is => _c.IsSet; }")]
    [InlineData("static Table M() => new Table { First = Make(), Count = 1 };")]
    [InlineData("static void M(delegate*<Cap, void> f) => f(Make());")]
    [InlineData("static Cap M(bool b) { Cap c = b ? Make() : default; return c; }")]
    [InlineData("[NonCopyable] struct N { public Span<int>.Enumerator GetEnumerator() => default; } static void M(N n, ref N r) { foreach (int i in n) { } foreach (int i in r) { } }")]
    [InlineData("[NonCopyable] struct N { public static N Make() => default; public readonly Span<int>.Enumerator GetEnumerator() => default; } static void M(in N n) { foreach (int i in n) { } foreach (int i in N.Make()) { } }")]
    [InlineData("static bool M(in Cap c) => nameof(c.IsSet) == nameof(c.Touch) && nameof(c) == nameof(M);")]
    [InlineData("static bool M<[AllowLinear] T>(in T t) => t is null || t is not null;")]
    public Task IsSilent(string members) => IsSilentAsync(Capability.Declarations + members);

    /// <summary>An extension by value gets a copy for its enumerator.</summary>
    [Fact]
    public Task Reports_ForeachByAnExtension() => ReportsFileAsync(
        """
        [NonCopyable] struct N { }
        static class E
        {
            public static Span<int>.Enumerator GetEnumerator(this N n) => default;
            static void M(ref N n) { foreach (int i in {|ATL0401:n|}) { } }
        }
        """,
        TestPlatform.DotNet);
}
