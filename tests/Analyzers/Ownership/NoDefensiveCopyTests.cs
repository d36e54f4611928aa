using Atoll.Analyzers.Ownership;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Ownership;

/// <summary>ATL0406.</summary>
public sealed class NoDefensiveCopyTests : RuleTests<NoDefensiveCopyAnalyzer>
{
    [Theory]
    [InlineData("static void M(in Cap c) => {|ATL0406:c.Touch()|};")]
    [InlineData("static void M(ref readonly Cap c) => {|ATL0406:c.Touch()|};")]
    [InlineData("static int M(in Cap c) => {|ATL0406:c.Next|};")]
    [InlineData("static void M(in Table t) => {|ATL0406:t.First.Touch()|};")]
    [InlineData("[NonCopyable] struct S { readonly Cap _c; public void F() => {|ATL0406:_c.Touch()|}; }")]
    [InlineData("[NonCopyable] struct S { Cap _c; public readonly void F() => {|ATL0406:_c.Touch()|}; }")]
    [InlineData("static void M(ref Table t) { ref readonly Cap c = ref t.First; {|ATL0406:c.Touch()|}; }")]
    [InlineData("static ref readonly Cap First(in Table t) => ref t.First; static void M(in Table t) => {|ATL0406:First(t).Touch()|};")]
    [InlineData("[Linear] ref struct G { int _x; public static G Take() => new G(); [Consumes] public void Dispose() { } public void Step() => _x++; } static void M() { using G g = G.Take(); {|ATL0406:g.Step()|}; }")]
    [InlineData("interface I { void F(); } static void M<[AllowLinear] T>(in T t) where T : struct, I => {|ATL0406:t.F()|};")]
    [InlineData("[NonCopyable] struct N { public Span<int>.Enumerator GetEnumerator() => default; } static void M(in N n) { foreach (int i in {|ATL0406:n|}) { } }")]
    public Task Reports(string members) => ReportsAsync(Capability.Declarations + members);

    [Theory]
    [InlineData("static bool M(in Cap c) => c.IsSet;")]
    [InlineData("static void M(ref Cap c) => c.Touch();")]
    [InlineData("static void M(Cap c) { c.Touch(); Take(c); }")]
    [InlineData("static int M(in Table t) => t.Size;")]
    [InlineData("[NonCopyable] struct S { Cap _c; public void F() => _c.Touch(); }")]
    [InlineData("[NonCopyable] struct S { readonly Table _t; public S(int x) { _t.Reset(); } }")]
    [InlineData("static void M(in Free f) => f.Go();")]
    [InlineData("static string M(in Cap c) => nameof(c.Touch);")]
    [InlineData("static void M() { using Guard g = Guard.Take(); g.Look(); }")]
    [InlineData("[NonCopyable] struct N { public readonly Span<int>.Enumerator GetEnumerator() => default; } static void M(in N n) { foreach (int i in n) { } }")]
    public Task IsSilent(string members) => IsSilentAsync(Capability.Declarations + members);
}
