using Atoll.Analyzers.Ownership;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Ownership;

/// <summary>ATL0407.</summary>
public sealed class NoAliasedBorrowTests : RuleTests<NoAliasedBorrowAnalyzer>
{
    [Theory]
    [InlineData("static void M(Cap c) => Both(ref c, {|ATL0407:ref c|});")]
    [InlineData("static void M(ref Cap c) => Both(ref c, {|ATL0407:ref c|});")]
    [InlineData("static void M(ref Cap c) => Mixed(ref c, {|ATL0407:in c|});")]
    [InlineData("static void M(ref Cap c) => Mixed(ref c, {|ATL0407:c|});")]
    [InlineData("static void M(ref Table t) => Both(ref t.First, {|ATL0407:ref t.First|});")]
    [InlineData("static void F(ref Table t, ref Cap c) { } static void M(ref Table t) => F(ref t, {|ATL0407:ref t.First|});")]
    [InlineData("static void F(ref Table t, ref int n) { } static void M(ref Table t) => F(ref t, {|ATL0407:ref t.Count|});")]
    [InlineData("[NonCopyable] struct S { public void F(ref S other) { } } static void M(ref S s) => s.F({|ATL0407:ref s|});")]
    [InlineData("[NonCopyable] struct S { Cap _c; void F(ref Cap c) { } public void G() => F({|ATL0407:ref _c|}); }")]
    [InlineData("static void M(Cap c) { ref Cap r = ref {|ATL0407:c|}; r.Touch(); Take(c); }")]
    [InlineData("static void M(Cap c) { ref readonly Cap r = ref {|ATL0407:c|}; Look(r); Take(c); }")]
    [InlineData("static void M(Cap c) { Cap* p = &{|ATL0407:c|}; p->Touch(); Take(c); }")]
    [InlineData("static void M(ref Table t, Cap c) { ref Cap r = ref t.First; r = ref {|ATL0407:c|}; r.Touch(); Take(c); }")]
    [InlineData("static void M(delegate*<ref Cap, ref Cap, void> f, Cap c) => f(ref c, {|ATL0407:ref c|});")]
    public Task Reports(string members) => ReportsAsync(Capability.Declarations + members);

    [Theory]
    [InlineData("static void M(Cap c, Cap d) => Both(ref c, ref d);")]
    [InlineData("static void M(in Cap c) => LookBoth(in c, in c);")]
    [InlineData("static void M(ref Table t) => Both(ref t.First, ref t.Second);")]
    [InlineData("static void M(ref Table t, ref Table u) => Both(ref t.First, ref u.First);")]
    [InlineData("static void M(ref Table t) { ref Cap r = ref t.First; r.Touch(); }")]
    [InlineData("[NonCopyable] struct S { public readonly void F(in S other) { } } static void M(ref S s) => s.F(in s);")]
    [InlineData("static void F(ref int a, ref int b) { } static void M(int n) => F(ref n, ref n);")]
    [InlineData("static void F(ref Free a, ref Free b) { } static void M(Free f) => F(ref f, ref f);")]
    [InlineData("[InlineArray(4)] [NonCopyable] struct Row { private Cap _c; } static void M(ref Row r) => Both(ref r[1], ref r[2]);")]
    public Task IsSilent(string members) => IsSilentAsync(Capability.Declarations + members);
}
