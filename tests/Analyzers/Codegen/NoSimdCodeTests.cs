using Atoll.Analyzers.Codegen;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Codegen;

/// <summary>ATL0901.</summary>
public sealed class NoSimdCodeTests : RuleTests<NoSimdCodeAnalyzer>
{
    private const string Structs = "struct Pair { public ulong A, B; } struct Three { public ulong A, B, C; } ";

    [Theory]
    [InlineData("[NoSimd] static void M(ref Pair to, in Pair from) => to = {|ATL0901:from|};")]
    [InlineData("[NoSimd] static void M(ref Three to, ref Three from) { to = {|ATL0901:from|}; }")]
    [InlineData("[NoSimd] static void M(Pair* to, Pair* from) { *to = {|ATL0901:*from|}; }")]
    [InlineData("[NoSimd] static void M(Pair* to, Pair own) { *to = {|ATL0901:own|}; }")]
    [InlineData("[NoSimd] static ulong M(in Pair from) { Pair own = {|ATL0901:from|}; return own.A; }")]
    [InlineData("[NoSimd] static void M(ref Pair to) { to = {|ATL0901:default|}; }")]
    [InlineData("[NoSimd] static void M(ref Pair to) { to = {|ATL0901:new Pair()|}; }")]
    [InlineData("[NoSimd] static ulong M() { Three own = {|ATL0901:default|}; return own.A; }")]
    [InlineData("[NoSimd] static ulong M() { var own = {|ATL0901:new Three { A = 1 }|}; return own.A; }")]
    [InlineData("[NoSimd] static Three M(ref Three from) => {|ATL0901:from|};")]
    [InlineData("static void F(Three t) { } [NoSimd] static void M(ref Three from) => F({|ATL0901:from|});")]
    [InlineData("struct Line { public Three T; } [NoSimd] static void M(ref Line l, ref Three t) { l.T = {|ATL0901:t|}; t = {|ATL0901:l.T|}; }")]
    [InlineData("[NoSimd] static ulong M(in Three t) => ({|ATL0901:t with { A = 1 }|}).A;")]
    [InlineData("[NoSimd] static int M(int i) => (int)({|ATL0901:i * 0.5|});")]
    [InlineData("[NoSimd] static bool M(float {|ATL0901:f|}) => {|ATL0901:f|} > {|ATL0901:1|};")]
    [InlineData("[NoSimd] static void M(ref double d) { {|ATL0901:d = d + 1|}; }")]
    [InlineData("[NoSimd] static ulong M(ulong a) => System.Runtime.Intrinsics.Vector128.Sum({|ATL0901:System.Runtime.Intrinsics.Vector128.Create(a)|});")]
    [InlineData("[NoSimd] struct S { public Three T; public void M(ref Three t) => T = {|ATL0901:t|}; }")]
    [InlineData("[NoSimd] static void M(bool b, ref Pair own, in Pair x, in Pair y) => own = b ? {|ATL0901:x|} : {|ATL0901:y|};")]
    [InlineData("[NoSimd] static void M(int n, ref Pair own, in Pair x, in Pair y) => own = n switch { 1 => {|ATL0901:x|}, _ => {|ATL0901:y|} };")]
    [InlineData("[NoSimd] static void M(Pair? given, ref Pair own, in Pair x) => own = given ?? {|ATL0901:x|};")]
    [InlineData("struct S { public ulong A, B; [NoSimd] public void M(ref S own) => own = {|ATL0901:this|}; }")]
    [InlineData("static Three Make() => default; [NoSimd] static void M(ref Three own) => own = {|ATL0901:Make()|};")]
    [InlineData("[NoSimd] static void M(ref Three own, delegate*<Three> make) => own = {|ATL0901:make()|};")]
    [InlineData("static void O() { [NoSimd] void M(ref Pair to, ref Pair from) => to = {|ATL0901:from|}; }")]
    public Task Reports(string members) => ReportsAsync(Structs + members);

    [Theory]
    [InlineData("static void M(ref Three to, ref Three from) => to = from;")]
    [InlineData("[NoSimd] static void M(ref Pair to, ref Pair from) { to.A = from.A; to.B = from.B; }")]
    [InlineData("[NoSimd] static ref Three M(ref Three t) => ref t;")]
    [InlineData("static void F(in Three t) { } [NoSimd] static void M(ref Three from) { F(in from); ref Three again = ref from; F(again); }")]
    [InlineData("static void F(Pair p) { } [NoSimd] static Pair M(Pair p) { Pair q = p; F(q); return q; }")]
    [InlineData("[NoSimd] static ulong M() { Pair p = default; return p.A; }")]
    [InlineData("[NoSimd] static int M(ReadOnlySpan<byte> text) { ReadOnlySpan<byte> rest = text; return rest.Length; }")]
    [InlineData("struct Small { public uint A, B, C; } [NoSimd] static void M(ref Small to, ref Small from) => to = from;")]
    [InlineData("[NoSimd] static Three* M(Three* t) => t + 1;")]
    [InlineData("[NoSimd] static int M(int i) => i / 2;")]
    [InlineData("[NoSimd] static void M(bool b, ref Pair own, ref Pair x, ref Pair y) { own.A = b ? x.A : y.A; ref Pair p = ref b ? ref x : ref y; own.B = p.B; }")]
    [InlineData("static Three Make() => default; [NoSimd] static ulong M() { Three own = Make(); return own.A; }")]
    [InlineData("static Pair Make() => default; [NoSimd] static void M(ref Pair own) => own = Make();")]
    [InlineData("struct S { public ulong A, B, C; [NoSimd] public ulong M() => this.A; [NoSimd] public ref S N(ref S s) { s.A = A; return ref s; } }")]
    [InlineData("[NoSimd, Trusted(Safety = \"Saved by the caller.\")] static void M(ref Three to, ref Three from) => to = from;")]
    [InlineData("[NoSimd] static void M(int* p) { *p = default; }")]
    public Task IsSilent(string members) => IsSilentAsync(Structs + members);
}
