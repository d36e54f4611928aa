using Atoll.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Atoll.Analyzers.Tests.Load;

/// <summary>Code that somebody is still typing: no rule throws, recurses for ever or takes the editor down.</summary>
public sealed class UnfinishedSourceTests
{
    [Theory]
    [InlineData("struct Node { Node _next; } static class C { static void M(ref Node a, in Node b) => a = b; }")]
    [InlineData("struct A { B _b; } struct B { A _a, _c; } static class C { [NoSimd] static void M(ref A a, in A b) => a = b; }")]
    [InlineData("struct A<T> { A<A<T>> _w, _x, _y, _z; } static class C { [NoSimd] static void M(ref A<int> a) { A<int> b = a; } }")]
    [InlineData("[Message(Id = )] struct M { [FieldOffset(] public int X; public M Y; }")]
    [InlineData("[Linear] struct S { S _s; [Consumes] void End() }")]
    [InlineData("interface I : I { } class D : D { } [NonCopyable] record struct R(R r) { R _a = r, _b = }")]
    [InlineData("static class C { static int M(int x) => x / ; static int N(int x) { switch (x) { case : return 1 / x; } } }")]
    [InlineData("static unsafe class C { static int M(int* p) => p[; static void N() { fixed (int* q = ) { } } }")]
    [InlineData("[Trusted(Safety = )] class C { [Trusted(] void M() { int Local() => } ")]
    [InlineData("static class C { static void M() { while (Volatile.Read( } static void N() { for (;;) { Cpu.")]
    [InlineData("static class C { static void M() { foreach (var x in ) { x?.y ??= ; } using var g = ; return x is { } } }")]
    // Outside of all types: the method that csc makes of it has a parameter that stands nowhere.
    [InlineData("return 0; struct S { public int X }")]
    [InlineData("[assembly: KernelProfile(] #pragma warning disable\nnamespace N; class C<T> where T : C<T>, { T this[] => ; }")]
    public async Task BreaksNoRule(string source)
    {
        Compilation compilation = TestPlatform.DotNet.Compile([CSharpSource.Parse(source)]);
        Assert.Contains(compilation.GetDiagnostics(), static found => found.Severity == DiagnosticSeverity.Error);

        await RuleVerifier.RunAsync(RuleVerifier.AllRules, compilation, isConcurrent: false);
    }
}
