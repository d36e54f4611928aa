using Atoll.Analyzers.Ownership;
using Atoll.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Atoll.Analyzers.Tests.Ownership;

/// <summary>ATL0403.</summary>
public sealed class NoUseAfterMoveTests : RuleTests<NoUseAfterMoveAnalyzer>
{
    [Theory]
    [InlineData("static void M(Cap c) { Take(c); Take({|ATL0403:c|}); }")]
    [InlineData("static bool M(Cap c) { Take(c); return {|ATL0403:c|}.IsSet; }")]
    [InlineData("static void M(Cap c) { c.Close(); {|ATL0403:c|}.Touch(); }")]
    [InlineData("static void M(Cap c) { Take(c); Look({|ATL0403:c|}); Change(ref {|ATL0403:c|}); }")]
    [InlineData("static Cap M(Cap c) { Cap d = c; Take(d); return {|ATL0403:c|}; }")]
    [InlineData("static void M(Cap c, bool b) { if (b) { Take(c); } Take({|ATL0403:c|}); }")]
    [InlineData("static void M(Cap c) { while (Ask()) { Take({|ATL0403:c|}); } }")]
    [InlineData("static void M(Cap c, bool b) { Cap d = b ? c : Make(); Take(d); Take({|ATL0403:c|}); }")]
    [InlineData("static int Two(Cap c, bool b) { Take(c); return b ? 1 : 0; } static int M(Cap c) => Two(c, {|ATL0403:c|}.IsSet);")]
    [InlineData("static int Two(Cap c, int n) { Take(c); return n; } static int M(Cap c, bool b) => Two(c, b ? {|ATL0403:c|}.Next : 0);")]
    [InlineData("static void Put(ref Table t, Cap c, ref Cap also) { } static void M(ref Table t, Cap c) => Put(ref t, c, ref {|ATL0403:c|});")]
    [InlineData("static void M(ref Table t, Cap c) { t.First = c; t.Second = {|ATL0403:c|}; }")]
    [InlineData("static void M(Cap c, bool b) { do { if (b) { continue; } Take({|ATL0403:c|}); } while (Ask()); }")]
    [InlineData("static void M(Cap c, int n) { switch (n) { case 0: Take(c); break; case 1: return; } Take({|ATL0403:c|}); }")]
    [InlineData("static void M(Table t) { Table u = t; {|ATL0403:t|}.Reset(); u.Reset(); }")]
    [InlineData("static void M(Cap c) { void Local(Cap d) { Take(d); Take({|ATL0403:d|}); } Local(c); }")]
    [InlineData("static void M() { using Guard {|ATL0403:g = Guard.Take()|}; Guard h = g; h.Dispose(); }")]
    [InlineData("static class P { [System.Diagnostics.Conditional(\"X\")] static void Give(Cap c) => Take(c); static void M(Cap c) { Give(c); Take({|ATL0403:c|}); } }")]
    public Task Reports(string members) => ReportsAsync(Capability.Declarations + members);

    [Theory]
    [InlineData("static void M(Cap c) { c.Touch(); Look(in c); Take(c); }")]
    [InlineData("static void M(Cap c, bool b) { if (b) { Take(c); return; } Take(c); }")]
    [InlineData("static void M(Cap c, bool b) { if (b) { Take(c); } else { c.Close(); } }")]
    [InlineData("static void M(Cap c) { Take(c); c = Make(); Take(c); }")]
    [InlineData("static void M(Cap c) { Take(c); Get(out c); Take(c); }")]
    [InlineData("static void M() { while (Ask()) { Cap c = Make(); Take(c); } }")]
    [InlineData("static void M(Cap c) { while (Ask()) { Take(c); c = Make(); } Take(c); }")]
    [InlineData("static Cap M(Cap c, Cap d, bool b) { if (b) { Take(d); return c; } Take(c); return d; }")]
    [InlineData("static void M() { using Guard g = Guard.Take(); g.Look(); if (Ask()) { return; } g.Look(); }")]
    [InlineData("static int Two(int n, Cap c) { Take(c); return n; } static int M(Cap c) => Two(c.Next, c);")]
    [InlineData("static void M(Free f) { Free g = f; f.Go(); g.Go(); }")]
    [InlineData("static string M(Cap c) { Take(c); return nameof(c); }")]
    [InlineData("static void M(Cap c) { Take(c); _ = nameof(c); }")]
    public Task IsSilent(string members) => IsSilentAsync(Capability.Declarations + members);

    /// <summary>File by file, not by place in the file: the second has it further up.</summary>
    [Fact]
    public async Task InitializersInTwoFiles_AreTakenInOrder()
    {
        CSharpCompilation compilation = TestPlatform.DotNet.Compile(
            [
                CSharpSource.Parse($"static unsafe partial class C\n{{\n{Capability.Declarations}\n[NonCopyable] partial struct S(Cap c) {{ Cap _a = c; }}\n}}\n", "A.cs"),
                CSharpSource.Parse("static unsafe partial class C { partial struct S { Cap _b = c; } }", "B.cs"),
            ],
            "Atoll.Test");

        Diagnostic found = Assert.Single(await RuleVerifier.RunAsync([new NoUseAfterMoveAnalyzer()], compilation, isConcurrent: true));
        Assert.Equal("B.cs", found.Location.SourceTree!.FilePath);
    }
}
