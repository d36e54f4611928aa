using Atoll.Analyzers.Boundary;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Boundary;

/// <summary>ATL0702.</summary>
public sealed class UnsafeInTrustedOnlyTests : RuleTests<UnsafeInTrustedOnlyAnalyzer>
{
    [Theory]
    [InlineData("static ref uint M(ref ulong x) => ref {|ATL0702:Unsafe.As<ulong, uint>(ref x)|};")]
    [InlineData("static void M(out int x) => {|ATL0702:Unsafe.SkipInit(out x)|};")]
    [InlineData("static uint M(float x) => {|ATL0702:Unsafe.BitCast<float, uint>(x)|};")]
    [InlineData("static ref int M(ref int x) => ref {|ATL0702:Unsafe.Add(ref x, 1)|};")]
    [InlineData("static Span<byte> M(ref byte x) => {|ATL0702:MemoryMarshal.CreateSpan(ref x, 2)|};")]
    [InlineData("static Span<uint> M(Span<ulong> x) => {|ATL0702:MemoryMarshal.Cast<ulong, uint>(x)|};")]
    [InlineData("static void* M() => {|ATL0702:NativeMemory.Alloc(16)|};")]
    [InlineData("static void M() { void F(out int x) => {|ATL0702:Unsafe.SkipInit(out x)|}; F(out _); }")]
    [InlineData("static delegate*<ref byte, int, ref byte> M() => &{|ATL0702:Unsafe.Add<byte>|};")]
    [InlineData("[Trusted(Safety = \" \")] static void M(out int x) => {|ATL0702:Unsafe.SkipInit(out x)|};")]
    [InlineData("static int s_x = {|ATL0702:Unsafe.BitCast<uint, int>(1)|};")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("static int M<T>() where T : struct => Unsafe.SizeOf<T>();")]
    [InlineData("[Trusted(Safety = \"Numbers only.\")] static void M(out int x) => Unsafe.SkipInit(out x);")]
    [InlineData("[Trusted(Safety = \"Numbers only.\")] struct S { static void M(out int x) => Unsafe.SkipInit(out x); }")]
    [InlineData("[Trusted(Safety = \"Numbers only.\")] static uint P { get { Unsafe.SkipInit(out uint x); return x; } }")]
    [InlineData("static class Unsafe { public static void SkipInit(out int x) => x = 0; } static void M(out int x) => Unsafe.SkipInit(out x);")]
    [InlineData("static string M() => nameof(Unsafe.SkipInit);")]
    [InlineData("static void M(Span<byte> x) => x.Clear();")]
    public Task IsSilent(string members) => IsSilentAsync(members);
}
