using Atoll.Analyzers.Progress;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Progress;

/// <summary>ATL0105.</summary>
public sealed class GuardInUsingTests : RuleTests<GuardInUsingAnalyzer>
{
    [Theory]
    [InlineData("[Guard] ref struct G { public void Dispose() { } } static void M() { G g = {|ATL0105:new G()|}; }")]
    [InlineData("[Guard] ref struct G { public static G Enter() => default; public void Dispose() { } } static void M() { {|ATL0105:G.Enter()|}; }")]
    [InlineData("[Guard] ref struct G { public static G Enter() => default; public void Dispose() { } } static void M() { var g = {|ATL0105:G.Enter()|}; g.Dispose(); }")]
    [InlineData("[Guard] ref struct G { public static G Enter() => default; public void Dispose() { } } static void M() { _ = {|ATL0105:G.Enter()|}; }")]
    [InlineData("[Guard] ref struct G { public static G Enter() => default; public void Dispose() { } } static void M() { {|ATL0105:G.Enter()|}.Dispose(); }")]
    [InlineData("[Guard] ref struct G { public void Dispose() { } } static void F(G g) { } static void M() => F({|ATL0105:new()|});")]
    [InlineData("[Guard] ref struct G { public static G Now => default; public void Dispose() { } } ref struct H { public G G; } static void M(ref H h) => h.G = {|ATL0105:G.Now|};")]
    [InlineData("[Guard] ref struct G { public void Dispose() { } } static void F(out G g) => g = default; static void M() { F(out {|ATL0105:G g|}); }")]
    [InlineData("[Guard] ref struct G<T> { public void Dispose() { } } static void M() { void F() { var g = {|ATL0105:new G<int>()|}; } F(); }")]
    [InlineData("[Guard] ref struct G { public void Dispose() { } } static void M(bool b) { G g = b ? {|ATL0105:new G()|} : default; }")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("[Guard] ref struct G { public void Dispose() { } } static void M() { using G g = new(); }")]
    [InlineData("[Guard] ref struct G { public static G Enter() => new G(); public void Dispose() { } } static void M() { using (G.Enter()) { } }")]
    [InlineData("[Guard] ref struct G { public static G Enter() { G g = new(); return g; } public void Dispose() { } } static void M() { using (var g = G.Enter()) { } }")]
    [InlineData("[Guard] ref struct G { public void Dispose() { } } static G Make() => new();")]
    [InlineData("[Guard] ref struct G { public void Dispose() { } } static void M(bool b) { using G g = b ? new G() : default; }")]
    [InlineData("[Guard] ref struct G { public void Dispose() { } } static G Make(int i) => i switch { 0 => new G(), _ => default };")]
    [InlineData("ref struct G { public void Dispose() { } } static void M() { G g = new(); }")]
    [InlineData("[Guard] ref struct G { public void Dispose() { } } static ref G F(ref G g) => ref g; static void M() { using G g = new(); F(ref System.Runtime.CompilerServices.Unsafe.AsRef(in g)); }")]
    public Task IsSilent(string members) => IsSilentAsync(members);
}
