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
    public Task IsSilent(string members) => IsSilentAsync(Capability.Declarations + members);
}
