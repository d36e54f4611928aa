using Atoll.Analyzers.Ownership;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Ownership;

/// <summary>ATL0402.</summary>
public sealed class NoCopyableStorageTests : RuleTests<NoCopyableStorageAnalyzer>
{
    [Theory]
    [InlineData("struct S { Cap {|ATL0402:_c|}; }")]
    [InlineData("class S { Cap {|ATL0402:_c|}; }")]
    [InlineData("static Cap {|ATL0402:s_c|};")]
    [InlineData("[NonCopyable] struct S { static Cap {|ATL0402:s_c|}; }")]
    [InlineData("[InlineArray(2)] struct Row { Cap {|ATL0402:_c|}; }")]
    [InlineData("[NonCopyable] struct S { public Cap {|ATL0402:C|} { get; set; } }")]
    [InlineData("static Cap[] {|ATL0402:M|}() => {|ATL0402:new Cap[2]|};")]
    [InlineData("static void M(Cap[] {|ATL0402:a|}) { }")]
    [InlineData("static void M(Span<Cap> {|ATL0402:s|}) { }")]
    [InlineData("static void M(Cap? {|ATL0402:c|}) { }")]
    [InlineData("static void M((int, Cap) {|ATL0402:t|}) { }")]
    [InlineData("static void M(Cap c) { Cap? d = {|ATL0402:c|}; }")]
    [InlineData("static void M(Cap c) { object o = {|ATL0402:c|}; }")]
    [InlineData("static void M(Cap c) { var t = {|ATL0402:(c, 1)|}; }")]
    [InlineData("static void M(Cap c) { var o = {|ATL0402:new { c }|}; }")]
    [InlineData("static void M(Cap c) { {|ATL0402:Id(c)|}; }")]
    [InlineData("static void M() { {|ATL0402:Id<Cap>(Make())|}; }")]
    [InlineData("static class G<T> { public static void F() { } } static void M() { {|ATL0402:G<Cap>.F()|}; }")]
    [InlineData("struct Box<T> { T _t; } static void M(Box<Box<Cap>> {|ATL0402:b|}) { }")]
    [InlineData("static void M(Cap c) { Action a = {|ATL0402:c.Touch|}; }")]
    [InlineData("static void M(Cap c) { void Local() => {|ATL0402:c|}.Touch(); Local(); }")]
    [InlineData("static void M(Cap c) { Action a = () => Take({|ATL0402:c|}); }")]
    [InlineData("[NonCopyable] struct S(Cap c) { public void F() => {|ATL0402:c|}.Touch(); }")]
    [InlineData("struct Box<[AllowLinear] T> { T {|ATL0402:_t|}; }")]
    [InlineData("static void M<[AllowLinear] T>(T t) => {|ATL0402:Id(t)|};")]
    [InlineData("[NonCopyable, StructLayout(LayoutKind.Explicit)] struct S { [FieldOffset(0)] public Cap {|ATL0402:C|}; [FieldOffset(0)] public ulong N; }")]
    [InlineData("[NonCopyable, StructLayout(LayoutKind.Explicit)] struct S { [FieldOffset(0)] public Cap {|ATL0402:C|}; [FieldOffset(0)] public Cap {|ATL0402:D|}; }")]
    [InlineData("[NonCopyable] struct In { public int A; public Cap C; } [NonCopyable, StructLayout(LayoutKind.Explicit)] struct S { [FieldOffset(0)] public In {|ATL0402:C|}; [FieldOffset(0)] public byte N; }")]
    public Task Reports(string members) => ReportsAsync(Capability.Declarations + members);

    [Theory]
    [InlineData("[NonCopyable] struct S { Cap _c; }")]
    [InlineData("[Linear] struct S { Cap _c; Table _t; }")]
    [InlineData("[NonCopyable] [InlineArray(2)] struct Row { Cap _c; }")]
    [InlineData("ref struct S { ref Cap _c; }")]
    [InlineData("struct S { Cap* _p; }")]
    [InlineData("static void M(Cap c) => Lend(ref c);")]
    [InlineData("[NonCopyable] struct Box<[AllowLinear] T> { T _t; } static void M(ref Box<Cap> b) { }")]
    [InlineData("static void M(Cap c) { static void Local(Cap d) => Take(d); Local(c); }")]
    [InlineData("static int M(Free f) { object o = f; (Free, int) t = (f, 1); return Id(1); }")]
    [InlineData("[Trusted(Safety = \"Written once.\")] static Cap s_c;")]
    [InlineData("static string M(Cap c) => nameof(c.Touch);")]
    [InlineData("[NonCopyable] struct S { Cap _c; public readonly ref readonly Cap C => throw null!; public Cap Pull() => Make(); }")]
    [InlineData("[NonCopyable, StructLayout(LayoutKind.Explicit)] struct S { [FieldOffset(0)] public Cap C; [FieldOffset(16)] public ulong N; [FieldOffset(16)] public uint M; }")]
    [InlineData("static int M() => Unsafe.SizeOf<Cap>();")]
    [InlineData("static bool M<[AllowLinear] T>(in T t) => t == null;")]
    public Task IsSilent(string members) => IsSilentAsync(Capability.Declarations + members);
}
