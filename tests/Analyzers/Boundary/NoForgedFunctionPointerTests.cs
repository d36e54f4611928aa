using Atoll.Analyzers.Boundary;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Boundary;

/// <summary>ATL0705.</summary>
public sealed class NoForgedFunctionPointerTests : RuleTests<NoForgedFunctionPointerAnalyzer>
{
    [Theory]
    [InlineData("static delegate*<void> M(ulong a) => {|ATL0705:(delegate*<void>)a|};")]
    [InlineData("static void M(nint a) => ({|ATL0705:(delegate*<void>)a|})();")]
    [InlineData("static void M(void* a) => ({|ATL0705:(delegate*<int, void>)a|})(1);")]
    [InlineData("static delegate*<void> M(byte* a) => {|ATL0705:(delegate*<void>)a|};")]
    [InlineData("static delegate*<void> s_f = {|ATL0705:(delegate*<void>)0x1000|};")]
    [InlineData("struct T { public delegate*<void> F; } static T M(nuint a) => new T { F = {|ATL0705:(delegate*<void>)(a + 16)|} };")]
    [InlineData("static void M(ulong a) { void F() { delegate*<void> f = {|ATL0705:(delegate*<void>)a|}; } F(); }")]
    [InlineData("[Trusted(Safety = \" \")] static delegate*<void> M(ulong a) => {|ATL0705:(delegate*<void>)a|};")]
    [InlineData("static delegate*<ulong, ref ulong> M(delegate*<ref ulong, ref ulong> f) => {|ATL0705:(delegate*<ulong, ref ulong>)f|};")]
    [InlineData("static ref ulong Same(ref ulong p) => ref p; static ulong M(ulong a) => ({|ATL0705:(delegate*<ulong, ref ulong>)(delegate*<ref ulong, ref ulong>)&Same|})(a);")]
    [InlineData("static delegate*<void*, void> M(delegate*<int*, void> f) => {|ATL0705:(delegate*<void*, void>)f|};")]
    [InlineData("static delegate*<uint> M(delegate*<int> f) => {|ATL0705:(delegate*<uint>)f|};")]
    [InlineData("static delegate*<void> M(delegate*<int> f) { void* p = f; return {|ATL0705:(delegate*<void>)p|}; }")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("static void F() { } static delegate*<void> M() => &F;")]
    [InlineData("static delegate*<void> M() => null;")]
    [InlineData("static bool M(delegate*<void> f) => f == null;")]
    [InlineData("static ulong M(delegate*<void> f) => (ulong)f;")]
    [InlineData("static delegate*<void> M(delegate*<void>* table) => table[1];")]
    [InlineData("[Trusted(Safety = \"From the linker's table.\")] static delegate*<void> M(ulong a) => (delegate*<void>)a;")]
    [InlineData("static byte* M(ulong a) => (byte*)a;")]
    [InlineData("static delegate*<int> M(delegate*<int> f) => (delegate*<int>)f;")]
    [InlineData("static delegate*<int*, void> M(delegate*<void*, void> f) => f;")]
    [InlineData("static delegate*<int*, void> M(delegate*<void*, void> f) => (delegate*<int*, void>)f;")]
    [InlineData("static int F(int x) => x; static int M() => ((delegate*<int, int>)&F)(1);")]
    public Task IsSilent(string members) => IsSilentAsync(members);

    // The room that knows what starts where.
    [Fact]
    public Task IsSilentInArch() => IsSilentFileAsync(
        "unsafe class C { static delegate*<void> M(ulong a) => (delegate*<void>)a; }", TestPlatform.Kernel, "Atoll.Arch");
}
