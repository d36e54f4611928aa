using Atoll.Analyzers.Ownership;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Ownership;

/// <summary>ATL0404.</summary>
public sealed class ConsumeOnEveryPathTests : RuleTests<ConsumeOnEveryPathAnalyzer>
{
    [Theory]
    [InlineData("static void M(Cap {|ATL0404:c|}) { }")]
    [InlineData("static bool M(Cap {|ATL0404:c|}) => c.IsSet;")]
    [InlineData("static void M() { Cap {|ATL0404:c|} = Make(); c.Touch(); }")]
    [InlineData("static void M() { Get(out Cap {|ATL0404:c|}); }")]
    [InlineData("static void M(Cap {|ATL0404:c|}, bool b) { if (b) { Take(c); } }")]
    [InlineData("static void M(Cap {|ATL0404:c|}, bool b) { if (b) { return; } Take(c); }")]
    [InlineData("static void M() { Cap c = Make(); {|ATL0404:c = Make()|}; Take(c); }")]
    [InlineData("static void M(Cap c) { Get({|ATL0404:out c|}); Take(c); }")]
    [InlineData("static void M() { while (Ask()) { Cap {|ATL0404:c|} = Make(); c.Touch(); } }")]
    [InlineData("static void M() { while (true) { Cap {|ATL0404:c|} = Make(); c.Touch(); } }")]
    [InlineData("static void M() { {|ATL0404:Make()|}; }")]
    [InlineData("static void M() { _ = {|ATL0404:Make()|}; }")]
    [InlineData("static bool M() => {|ATL0404:Make()|}.IsSet;")]
    [InlineData("static void M() => Look({|ATL0404:Make()|});")]
    [InlineData("static void M(Cap {|ATL0404:c|}, int n) { switch (n) { case 0: Take(c); break; case 1: c.Close(); break; } }")]
    [InlineData("static void M() { void Local(Cap {|ATL0404:c|}) { } Local(Make()); }")]
    [InlineData("[Linear] struct Other { int _x; [Consumes] public void End() => _x = 0; public static void F(Cap {|ATL0404:c|}) { } }")]
    [InlineData("[Linear] struct Own { int _x; [Consumes] public void End() => _x = 0; static void F() { Own {|ATL0404:o|} = new Own(); } }")]
    [InlineData("static void F(out Cap c) => c = Make(); static void M() { F(out {|ATL0404:_|}); }")]
    [InlineData("static void F(out Cap c) => c = Make(); static void M() { F(out {|ATL0404:var _|}); }")]
    [InlineData("static void F(out Cap c) => c = Make(); static void M() { F(out {|ATL0404:Cap _|}); }")]
    [InlineData("static void M(delegate*<out Cap, void> f) => f(out {|ATL0404:_|});")]
    [InlineData("struct Pair { public void Deconstruct(out Cap a, out int b) { a = Make(); b = 1; } } static int M(Pair p) { ({|ATL0404:_|}, int n) = p; return n; }")]
    [InlineData("struct Pair { public void Deconstruct(out Cap a, out int b) { a = Make(); b = 1; } } static int M(Pair p) { var ({|ATL0404:_|}, n) = p; return n; }")]
    [InlineData("static void M(Cap c) { _ = {|ATL0404:c|}; }")]
    [InlineData("static partial class P { static partial void Give(Cap c); static void M(Cap {|ATL0404:c|}) => Give(c); }")]
    [InlineData("static partial class P { static partial void Give(Cap c); static void M(bool b, Cap {|ATL0404:c|}, Cap {|ATL0404:d|}) => Give(b ? c : d); }")]
    [InlineData("static class P { [System.Diagnostics.Conditional(\"X\")] static void Give(Cap c) => Take(c); static void M(Cap {|ATL0404:c|}) => Give(c); }")]
    [InlineData("[Linear] struct L { private int _x; [Consumes] public void End() { } [Consumes, System.Diagnostics.Conditional(\"X\")] public void Close() => End(); } static void M(L {|ATL0404:l|}) => l.Close();")]
    public Task Reports(string members) => ReportsAsync(Capability.Declarations + members);

    [Theory]
    [InlineData("static void M(Cap c) => Take(c);")]
    [InlineData("static void M(Cap c) => c.Close();")]
    [InlineData("static Cap M(Cap c) { c.Touch(); return c; }")]
    [InlineData("static void M(Cap c, bool b) { if (b) { Take(c); return; } c.Close(); }")]
    [InlineData("static void M(ref Table t, Cap c) => t.First = c;")]
    [InlineData("static void M(in Cap c, ref Cap d) { Look(c); d.Touch(); }")]
    [InlineData("static void M() { using Guard g = Guard.Take(); g.Look(); if (Ask()) { return; } g.Look(); }")]
    [InlineData("static void M() { using (Guard g = Guard.Take()) { g.Look(); } }")]
    [InlineData("static void M() => Make().Close();")]
    [InlineData("static void M(bool b) { Cap c = b ? Make() : Cap.Make(); Take(c); }")]
    [InlineData("static Cap M(int n, Cap c, Cap d) { if (n == 0) { Take(d); return c; } Take(c); return d; }")]
    [InlineData("static void M() { while (Ask()) { Cap c = Make(); if (Ask()) { Take(c); continue; } c.Close(); } }")]
    [InlineData("static void M() { Table t = default; t.Reset(); }")]
    [InlineData("static void M(Free f) { }")]
    [InlineData("static void M(Cap c) { while (true) { c.Touch(); } }")]
    [InlineData("[Trusted(Safety = \"Kept by the hardware.\")] static void M(Cap c) { }")]
    [InlineData("static void M(delegate*<Cap, void> f, Cap c) => f(c);")]
    [InlineData("static void F(out Cap c) => c = Make(); static void M() { F(out Cap c); Take(c); }")]
    [InlineData("static partial class P { static partial void See(Cap c); static partial void See(Cap c) => Take(c); static void M(Cap c) => See(c); }")]
    [InlineData("static partial class P { static partial void Give(Cap c); static void M(Cap c) { Give(c); Take(c); } static void N() => Give(Make()); }")]
    [InlineData("[NonCopyable] struct N { } static void F(out N n) => n = default; static void M() => F(out _);")]
    public Task IsSilent(string members) => IsSilentAsync(Capability.Declarations + members);
}
