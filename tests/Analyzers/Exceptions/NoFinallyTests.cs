using Atoll.Analyzers.Exceptions;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Exceptions;

/// <summary>ATL0203.</summary>
public sealed class NoFinallyTests : RuleTests<NoFinallyAnalyzer>
{
    [Theory]
    [InlineData("static int M(int a) { try { return a; } {|ATL0203:finally|} { a++; } }")]
    [InlineData("static void M() { try { } catch { } {|ATL0203:finally|} { } }")]
    [InlineData("static void M() { void F() { try { } {|ATL0203:finally|} { } } F(); }")]
    [InlineData("static Action A = () => { try { } {|ATL0203:finally|} { } };")]
    [InlineData("static void M() { try { try { } {|ATL0203:finally|} { } } {|ATL0203:finally|} { } }")]
    [InlineData("static int P { get { try { return 1; } {|ATL0203:finally|} { } } }")]
    [InlineData("[Trusted(Safety = \"Tried.\")] static void M() { try { } {|ATL0203:finally|} { } }")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("struct S : IDisposable { public void Dispose() { } } static void M() { using S s = default; }")]
    [InlineData("struct S : IDisposable { public void Dispose() { } } static void M() { using (new S()) { } }")]
    [InlineData("static void M(System.Collections.Generic.List<int> l) { foreach (int x in l) { } }")]
    [InlineData("static void M() { try { } catch { } }")]
    [InlineData("static void M(object o) { lock (o) { } }")]
    [InlineData("static int M(int @finally) => @finally;")]
    public Task IsSilent(string members) => IsSilentAsync(members);
}
