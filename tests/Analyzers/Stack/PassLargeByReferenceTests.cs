using Atoll.Analyzers.Stack;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Stack;

/// <summary>ATL0305.</summary>
public sealed class PassLargeByReferenceTests : RuleTests<PassLargeByReferenceAnalyzer>
{
    [Theory]
    [InlineData("struct B { public long X, Y, Z; } static void M(B {|ATL0305:b|}) { }")]
    [InlineData("struct B { public long X, Y; public byte Z; } static void M(int a, B {|ATL0305:b|}, B {|ATL0305:c|}) { }")]
    [InlineData("struct B { public object X, Y, Z; } static void M(B {|ATL0305:b|}) { }")]
    [InlineData("struct B { public int* X; public nint Y; public delegate*<void> Z; } static void M(B {|ATL0305:b|}) { }")]
    [InlineData("[InlineArray(17)] struct B { byte _b; } static void M(B {|ATL0305:b|}) { }")]
    [InlineData("[StructLayout(LayoutKind.Explicit, Size = 64)] struct B { } static void M(B {|ATL0305:b|}) { }")]
    [InlineData("struct B { public fixed int X[5]; } static void M(B {|ATL0305:b|}) { }")]
    [InlineData("struct B { public long X, Y, Z; } static void M() { void F(B {|ATL0305:b|}) { } F(default); }")]
    [InlineData("struct B { public long X, Y, Z; public static B operator +(B {|ATL0305:a|}, B {|ATL0305:b|}) => a; }")]
    [InlineData("struct B { public long X, Y, Z; } struct D(B {|ATL0305:b|}) { public long P => b.X; }")]
    [InlineData("struct B { public long X, Y, Z; } interface I { void F(B {|ATL0305:b|}); } struct S : I { public void F(B b) { } }")]
    [InlineData("struct B<T> { public T X; public long Y, Z; } static void M(B<int> {|ATL0305:b|}) { }")]
    [InlineData("struct B { public (long, long, long) X; } static void M((long, B) {|ATL0305:b|}) { }")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("struct B { public long X, Y; } static void M(B b) { }")]
    [InlineData("struct B { public long X, Y, Z; } static void M(in B b) { }")]
    [InlineData("struct B { public long X, Y, Z; } static void M(ref B a, out B b, ref readonly B c) { b = a; }")]
    [InlineData("static void M(ReadOnlySpan<byte> s, Memory<byte> m, Guid g) { }")]
    [InlineData("static void M<T>(T t) where T : struct { }")]
    [InlineData("[Linear] struct B { public long X, Y, Z; } static void M(B b) { }")]
    [InlineData("struct B { public long X, Y, Z; } static B M() => default;")]
    [InlineData("[StructLayout(LayoutKind.Explicit)] struct B { [FieldOffset(0)] public long X; [FieldOffset(0)] public double Y; } static void M(B b) { }")]
    [InlineData("class B { public long X, Y, Z; } static void M(B b) { }")]
    [InlineData("struct B { public static long X, Y, Z; public const long K = 1; } static void M(B b) { }")]
    public Task IsSilent(string members) => IsSilentAsync(members);
}
