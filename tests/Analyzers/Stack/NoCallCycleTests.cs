using Atoll.Analyzers.Stack;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Stack;

/// <summary>ATL0302.</summary>
public sealed class NoCallCycleTests : RuleTests<NoCallCycleAnalyzer>
{
    [Theory]
    [InlineData("static void A() => {|ATL0302:B()|}; static void B() => A();")]
    [InlineData("static void A() => {|ATL0302:B()|}; static void B() => X(); static void X() => A();")]
    [InlineData("static int P => {|ATL0302:F()|}; static int F() => P;")]
    [InlineData("class D { public D() { {|ATL0302:F()|}; } static void F() { _ = new D(); } }")]
    [InlineData("class D { int _x = {|ATL0302:F()|}; static int F() => new D()._x; }")]
    [InlineData("struct S { public static S operator +(S a, S b) => {|ATL0302:F(a)|}; static S F(S s) => s + s; }")]
    [InlineData("static void A() => {|ATL0302:B<int>()|}; static void B<T>() => A();")]
    [InlineData("static delegate*<void> s_f; static void A() => s_f = &{|ATL0302:A|};")]
    [InlineData("static delegate*<void> s_f; static void A() => s_f = &{|ATL0302:B|}; static void B() => A();")]
    [InlineData("static void M() { void A() => {|ATL0302:B()|}; void B() => A(); A(); }")]
    [InlineData("static void M() { void A() => {|ATL0302:M()|}; A(); }")]
    [InlineData("struct E { public bool MoveNext() { {|ATL0302:F()|}; return false; } public int Current => 1; public E GetEnumerator() => this; } static void F() { foreach (int x in default(E)) { } }")]
    [InlineData("ref struct R { public void Dispose() => {|ATL0302:F()|}; } static void F() { using R r = default; }")]
    // Two circles, one report each.
    [InlineData("static void A() => {|ATL0302:B()|}; static void B() => A(); static void X() => {|ATL0302:Y()|}; static void Y() => X();")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("static void A() => B(); static void B() { }")]
    [InlineData("static void A() { B(); X(); } static void B() => X(); static void X() { }")]
    // ATL0301 reports this one.
    [InlineData("static void A() => A();")]
    [InlineData("static void A() { _ = nameof(B); } static void B() => A();")]
    [InlineData("interface I { void F(); } struct Leaf : I { public void F() { } } struct Outer<T> : I where T : struct, I { T _inner; public void F() => _inner.F(); } static void M() => default(Outer<Outer<Leaf>>).F();")]
    [InlineData("static void A(int x) => A((long)x); static void A(long x) { }")]
    [InlineData("static int P { get => F(1); set { } } static int F(int x) => P = x;")]
    [InlineData("class A { public virtual void F() { } } class B : A { public override void F() => base.F(); }")]
    [InlineData("static readonly int s_x = F(); static int F() => s_x;")]
    public Task IsSilent(string members) => IsSilentAsync(members);
}
