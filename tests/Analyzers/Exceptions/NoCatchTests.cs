using Atoll.Analyzers.Exceptions;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Exceptions;

/// <summary>ATL0202.</summary>
public sealed class NoCatchTests : RuleTests<NoCatchAnalyzer>
{
    [Theory]
    [InlineData("static void M() { try { } {|ATL0202:catch|} { } }")]
    [InlineData("static void M() { try { } {|ATL0202:catch|} (Exception) { } }")]
    [InlineData("static void M() { try { } {|ATL0202:catch|} (Exception e) when (e is null) { } }")]
    [InlineData("static void M() { try { } {|ATL0202:catch|} (InvalidOperationException) { } {|ATL0202:catch|} { } finally { } }")]
    [InlineData("static void M() { void F() { try { } {|ATL0202:catch|} { } } F(); }")]
    [InlineData("static int P { get { try { return 1; } {|ATL0202:catch|} { return 2; } } }")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("static void M() { try { } finally { } }")]
    [InlineData("ref struct R { public void Dispose() { } } static void M() { using R r = default; }")]
    [InlineData("static int @catch(int x) => x; static int M() => @catch(1);")]
    [InlineData("static void M(Span<int> s) { foreach (int x in s) { } }")]
    [InlineData("static void M(Exception e) { }")]
    public Task IsSilent(string members) => IsSilentAsync(members);
}
