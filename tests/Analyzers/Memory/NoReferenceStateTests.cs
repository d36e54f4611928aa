using Atoll.Analyzers.Memory;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Memory;

/// <summary>ATL0007.</summary>
public sealed class NoReferenceStateTests : RuleTests<NoReferenceStateAnalyzer>
{
    [Theory]
    [InlineData("static object {|ATL0007:s_field|} = null!;")]
    [InlineData("class D { public D? {|ATL0007:Next|}; }")]
    [InlineData("struct S { public int[] {|ATL0007:Items|}; }")]
    [InlineData("static void M(object {|ATL0007:o|}) { }")]
    [InlineData("static void M(ref IDisposable {|ATL0007:d|}) { }")]
    [InlineData("static string? {|ATL0007:M|}() => null;")]
    [InlineData("static Action? {|ATL0007:P|} { get; set; }")]
    [InlineData("static event Action? {|ATL0007:E|};")]
    [InlineData("static void M() { object? {|ATL0007:o|} = null; }")]
    [InlineData("static void M(bool b) { if (b is var x && (object)x is object {|ATL0007:o|}) { } }")]
    [InlineData("static void F(out string {|ATL0007:s|}) => s = null!; static void M() { F(out var {|ATL0007:t|}); }")]
    [InlineData("static void M(ReadOnlySpan<string> {|ATL0007:s|}) { foreach (string {|ATL0007:t|} in s) { } }")]
    [InlineData("static void M(dynamic {|ATL0007:d|}) { }")]
    [InlineData("static void M((int, string) {|ATL0007:t|}) { }")]
    [InlineData("static void M<T>(T {|ATL0007:t|}) where T : class { }")]
    [InlineData("static void M(Memory<byte> {|ATL0007:m|}) { }")]
    [InlineData("static void M(delegate*<object, void> {|ATL0007:f|}) { }")]
    [InlineData("static void M() { void F(object {|ATL0007:o|}) { } F(null!); }")]
    [InlineData("static void M() { object? {|ATL0007:F|}() => null; F(); }")]
    [InlineData("static void F<T>() { } static void M() => {|ATL0007:F<string>()|};")]
    [InlineData("[Trusted] static void M(object {|ATL0007:o|}) { }")]
    [InlineData("[Trusted(Safety = \" \")] static void M(object {|ATL0007:o|}) { }")]
    [InlineData("class D { object {|ATL0007:this|}[int i] => null!; }")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("static int M(int a, ref long b) { Guid g = default; return a; }")]
    [InlineData("static void M(Span<byte> s, ReadOnlySpan<int> r) { }")]
    [InlineData("static void M<T>(T t) where T : struct { T u = t; }")]
    [InlineData("static void M<T>(T t) { }")]
    [InlineData("static void M<T>(Span<T> t) { }")]
    [InlineData("static void M(int* p, delegate*<int, void> f) { }")]
    [InlineData("const string Name = \"a\";")]
    [InlineData("static void M() { const string Name = \"a\"; }")]
    [InlineData("sealed class NameAttribute(string name) : Attribute { public string Name { get; } = name; public Type? Type; }")]
    [InlineData("struct S { public override bool Equals(object? o) => false; public override int GetHashCode() => 0; }")]
    [InlineData("interface I { void F(int x); } struct S : I { public void F(int x) { } }")]
    [InlineData("delegate void D(object o);")]
    [InlineData("enum E { A }")]
    [InlineData("[Trusted(Safety = \"ILC asks that it exists.\")] static object M(object o) { object p = o; return p; }")]
    [InlineData("[Trusted(Safety = \"ILC asks that it exists.\")] static object? P { get { object? o = null; return o; } }")]
    [InlineData("[Trusted(Safety = \"ILC asks that it exists.\")] class D { object _target = null!; object F(object o) { object G(object p) => p; return G(o); } }")]
    [InlineData("static void F<T>() where T : struct { } static void M() => F<int>();")]
    [InlineData("static void M((int, long) t) { (int a, long b) = t; }")]
    [InlineData("ref struct R { ref int _x; } static void M(R r) { R s = r; }")]
    [InlineData("struct Box<T> where T : struct { public T Value; } static void M(Box<int> b) { } static void N<T>(Box<T> b) where T : struct { }")]
    public Task IsSilent(string members) => IsSilentAsync(members);

    [Theory]
    [InlineData("static void M(object {|ATL0007:o|}) { }")]
    public Task ReportsInKernel(string members) => KernelReportsAsync(members);

    [Theory]
    [InlineData("static void M(ReadOnlySpan<byte> s, in long b, void* p) { }")]
    public Task IsSilentInKernel(string members) => KernelIsSilentAsync(members);
}
