using Atoll.Analyzers.Calls;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Calls;

/// <summary>ATL0009.</summary>
public sealed class NoDynamicDispatchTests : RuleTests<NoDynamicDispatchAnalyzer>
{
    [Theory]
    [InlineData("class D { public virtual void F() { } } static void M(D d) => {|ATL0009:d.F()|};")]
    [InlineData("abstract class D { public abstract void F(); } static void M(D d) => {|ATL0009:d.F()|};")]
    [InlineData("class A { public virtual void F() { } } class B : A { public override void F() { } } static void M(B b) => {|ATL0009:b.F()|};")]
    [InlineData("interface I { void F(); } static void M(I i) => {|ATL0009:i.F()|};")]
    [InlineData("interface I { int P { get; } } static int M(I i) => {|ATL0009:i.P|};")]
    [InlineData("class D { public virtual int P { get; set; } } static void M(D d) { {|ATL0009:d.P|} = 1; }")]
    [InlineData("class D { public virtual int this[int i] => i; } static int M(D d) => {|ATL0009:d[0]|};")]
    [InlineData("class D { public virtual void F() { } public void G() => {|ATL0009:F()|}; }")]
    [InlineData("static string? M(object o) => {|ATL0009:o.ToString()|};")]
    [InlineData("static bool M(object o, object p) => {|ATL0009:o.Equals(p)|};")]
    [InlineData("class D { public virtual void F() { } } static void M(D? d) => d?{|ATL0009:.F()|};")]
    [InlineData("class D { public virtual void F() { } } static void M<T>(T t) where T : D => {|ATL0009:t.F()|};")]
    [InlineData("interface I { void F(); } static void M<T>(T t) where T : class, I => {|ATL0009:t.F()|};")]
    [InlineData("static void M(System.Collections.Generic.IEnumerable<int> s) { foreach (int x in {|ATL0009:s|}) { } }")]
    [InlineData("class E { public virtual bool MoveNext() => false; public int Current => 1; } struct S { public E GetEnumerator() => null!; } static void M(S s) { foreach (int x in {|ATL0009:s|}) { } }")]
    [InlineData("static void M(IDisposable d) { using ({|ATL0009:d|}) { } }")]
    [InlineData("static void M(IDisposable d) { using var {|ATL0009:e = d|}; }")]
    // The exact type is known, but only to an optimiser that looks.
    [InlineData("class D { public virtual void F() { } } static void M() => {|ATL0009:new D().F()|};")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("struct S { public void F() { } } static void M(S s) => s.F();")]
    [InlineData("sealed class D { public void F() { } } static void M(D d) => d.F();")]
    [InlineData("abstract class A { public abstract void F(); } sealed class D : A { public override void F() { } } static void M(D d) => d.F();")]
    [InlineData("class A { public virtual void F() { } } class B : A { public sealed override void F() { } } static void M(B b) => b.F();")]
    [InlineData("class A { public virtual void F() { } } class B : A { public override void F() => base.F(); }")]
    [InlineData("interface I { void F(); } static void M<T>(T t) where T : struct, I => t.F();")]
    [InlineData("interface I { void F(); } static void M<T>(ref T t) where T : I, allows ref struct => t.F();")]
    [InlineData("interface I { static abstract void F(); } static void M<T>() where T : I => T.F();")]
    [InlineData("struct S { public override string ToString() => \"\"; } static string M(S s) => s.ToString();")]
    [InlineData("interface I { int P { get; } } struct S : I { public int P => 1; } static int M(S s) => s.P;")]
    [InlineData("static void M(Span<int> s) { foreach (ref int x in s) { x = 1; } }")]
    [InlineData("static void M(int[] a) { foreach (int x in a) { } }")]
    [InlineData("static void M(object o) => o.GetType();")]
    [InlineData("ref struct R { public void Dispose() { } } static void M() { using R r = default; }")]
    [InlineData("class D { public void F() { } } static void M(D d) => d.F();")]
    [InlineData("class D { public virtual void F() { } } static void M(D d) { _ = nameof(d.F); }")]
    public Task IsSilent(string members) => IsSilentAsync(members);
}
