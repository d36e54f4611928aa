using Atoll.Analyzers.Boundary;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Boundary;

/// <summary>ATL0701.</summary>
public sealed class PointerInTrustedOnlyTests : RuleTests<PointerInTrustedOnlyAnalyzer>
{
    [Theory]
    [InlineData("static int M(int* p) => {|ATL0701:*p|};")]
    [InlineData("static void M(int* p) => {|ATL0701:*p|} = 1;")]
    [InlineData("static int M(int** p) => {|ATL0701:**p|};")]
    [InlineData("struct S { public int X; } static int M(S* p) => {|ATL0701:p->X|};")]
    [InlineData("struct S { public int X() => 1; } static int M(S* p) => {|ATL0701:p->X|}();")]
    [InlineData("static int M(int* p) => {|ATL0701:p[3]|};")]
    [InlineData("static int* M(int* p) => {|ATL0701:p + 1|};")]
    [InlineData("static int* M(int* p) => {|ATL0701:1 + p|};")]
    [InlineData("static void M(int* p) => {|ATL0701:p++|};")]
    [InlineData("static void M(int* p) => {|ATL0701:--p|};")]
    [InlineData("static void M(int* p) => {|ATL0701:p += 2|};")]
    [InlineData("static int M(int* p) => {|ATL0701:*(p + 1)|};")]
    [InlineData("static int* M(nint p) => {|ATL0701:(int*)p|};")]
    [InlineData("static int* M(void* p) => {|ATL0701:(int*)p|};")]
    [InlineData("static int* M() => {|ATL0701:(int*)0xFEE00000|};")]
    [InlineData("const ulong Page = 0x1000; static int* M() => {|ATL0701:(int*)Page|};")]
    [InlineData("static int M(int* p) => {|ATL0701:new Span<int>(p, 8)|}[1];")]
    [InlineData("static int M(int* p) { ReadOnlySpan<int> s = {|ATL0701:new(p, 8)|}; return s[1]; }")]
    [InlineData("static int M(ulong p) => {|ATL0701:*(int*)p|};")]
    [InlineData("struct S { public int X; } static int M(ulong p) => {|ATL0701:((S*)p)->X|};")]
    [InlineData("static int M(ulong p) => {|ATL0701:((int*)p)[1]|};")]
    [InlineData("static ref int M(ulong p) => ref {|ATL0701:*(int*)p|};")]
    [InlineData("static int* M() { int x = 1; return {|ATL0701:&x|}; }")]
    [InlineData("struct S { public int X; } static int* M(S* p) => {|ATL0701:&p->X|};")]
    [InlineData("static void F(int* p) { } static void M() { int x = 1; F({|ATL0701:&x|}); }")]
    [InlineData("static void M(int[] a) { fixed ({|ATL0701:int* p = a|}) { } }")]
    [InlineData("static void M(ref int a) { fixed ({|ATL0701:int* p = &a|}) { } }")]
    [InlineData("struct S { fixed int _x[4]; public int M(int i) { fixed ({|ATL0701:int* p = _x|}) return {|ATL0701:p[i]|}; } }")]
    [InlineData("[Trusted(Safety = \" \")] static int M(int* p) => {|ATL0701:*p|};")]
    [InlineData("static int M(int* p) { int F() => {|ATL0701:*p|}; return F(); }")]
    [InlineData("static readonly int* s_x = {|ATL0701:(int*)C.Address|}; static nint Address => 4;")]
    [InlineData("[Trusted(Safety = \"Mine.\")] static int T(int* p) => *p; static int M(int* p) => T(p) + {|ATL0701:*p|};")]
    [InlineData("static Span<ulong> M(int n) => {|ATL0701:new Span<ulong>(null, n)|};")]
    [InlineData("static Span<ulong> M() => {|ATL0701:new Span<ulong>(null, 0x7FFF_FFFF)|};")]
    [InlineData("static ReadOnlySpan<byte> M() => {|ATL0701:new ReadOnlySpan<byte>((void*)0, 16)|};")]
    [InlineData("static Span<byte> M() { Span<byte> s = {|ATL0701:new(default(void*), 1)|}; return s; }")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("[Trusted(Safety = \"One word.\")] static int M(int* p) => *p + p[1] + *(p + 2);")]
    [InlineData("[Trusted(Safety = \"One word.\")] struct S { int* _p; int M() => *_p; }")]
    [InlineData("[Trusted(Safety = \"One word.\")] static int P { get { int x = 1; int* p = &x; return *p; } }")]
    [InlineData("[Trusted(Safety = \"One word.\")] static int M(int* p) { int F() => *p; return F(); }")]
    [InlineData("static bool M(int* p) => p != null;")]
    [InlineData("static bool M(int* p, int* q) => p == q;")]
    [InlineData("static int* M(int* p) => p;")]
    [InlineData("struct S { int* _p; void M(int* p) => _p = p; }")]
    [InlineData("static ulong M(int* p) => (ulong)p;")]
    [InlineData("static int* M() => null;")]
    [InlineData("static int* M() => (int*)null;")]
    [InlineData("static int* M() => (int*)0;")]
    [InlineData("static Span<int> M() => new Span<int>(null, 0);")]
    [InlineData("static int M(ref int x) => new Span<int>(ref x)[0];")]
    [InlineData("[Trusted(Safety = \"Eight of them.\")] static int M(int* p) => new Span<int>(p, 8)[1];")]
    [InlineData("static int M(int[] a, int i) => a[i];")]
    [InlineData("static int M(int a, int b) => a * b + a - b;")]
    [InlineData("static int M(int a, int b) => a & b;")]
    [InlineData("static void F() { } static delegate*<void> M() => &F;")]
    [InlineData("static string M(int* p) => nameof(p);")]
    [InlineData("static int M() => sizeof(int);")]
    [InlineData("static Span<byte> M() => new Span<byte>(null, 0);")]
    [InlineData("static ReadOnlySpan<byte> M() => new ReadOnlySpan<byte>((void*)0, 0);")]
    public Task IsSilent(string members) => IsSilentAsync(members);

    [Fact]
    public Task TrustedLocalFunction_EndsTheProofForItselfOnly() => ReportsAsync(
        "static int M(int* p) { [Trusted(Safety = \"One word.\")] int F() => *p; return F() + {|ATL0701:*p|}; }");
}
