using Atoll.Analyzers.Stack;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Stack;

/// <summary>ATL0303.</summary>
public sealed class NoStackallocTests : RuleTests<NoStackallocAnalyzer>
{
    [Theory]
    [InlineData("static void M() { int* p = {|ATL0303:stackalloc int[4]|}; }")]
    [InlineData("static void M() { Span<byte> s = {|ATL0303:stackalloc byte[16]|}; }")]
    [InlineData("static void M(int n) { Span<byte> s = {|ATL0303:stackalloc byte[n]|}; }")]
    [InlineData("static void M() { Span<int> s = {|ATL0303:stackalloc[] { 1, 2 }|}; }")]
    [InlineData("static int F(Span<int> s) => s.Length; static int M() => F({|ATL0303:stackalloc int[] { 1 }|});")]
    [InlineData("static void M(int n) { for (int i = 0; i < n; i++) { int* p = {|ATL0303:stackalloc int[1]|}; } }")]
    [InlineData("struct S { public fixed byte {|ATL0303:Data|}[16]; }")]
    [InlineData("struct S { public fixed ulong {|ATL0303:A|}[2], {|ATL0303:B|}[3]; }")]
    [InlineData("static void M() { void F() { Span<byte> s = {|ATL0303:stackalloc byte[1]|}; } F(); }")]
    [InlineData("[Trusted(Safety = \"Small.\")] static void M() { Span<byte> s = {|ATL0303:stackalloc byte[1]|}; }")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("[InlineArray(16)] struct B { byte _b; } static void M() { B b = default; Span<byte> s = b; s[0] = 1; }")]
    [InlineData("static void M(byte[] a) { fixed (byte* p = a) { } }")]
    [InlineData("static ReadOnlySpan<byte> M() => new byte[] { 1, 2 };")]
    [InlineData("struct S { public byte Data; } static void M() { S s = default; s.Data = 1; }")]
    [InlineData("static void M() { Span<int> s = [1, 2]; }")]
    [InlineData("static int M(int @stackalloc) => @stackalloc;")]
    public Task IsSilent(string members) => IsSilentAsync(members);
}
