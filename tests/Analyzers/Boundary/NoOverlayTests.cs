using Atoll.Analyzers.Boundary;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Boundary;

/// <summary>ATL0708.</summary>
public sealed class NoOverlayTests : RuleTests<NoOverlayAnalyzer>
{
    private const string Explicit = "[StructLayout(LayoutKind.Explicit)] ";

    [Theory]
    [InlineData("struct S { [FieldOffset(0)] public int* {|ATL0708:P|}; [FieldOffset(0)] public ulong N; }")]
    [InlineData("struct S { [FieldOffset(0)] public delegate*<void> {|ATL0708:P|}; [FieldOffset(4)] public uint N; }")]
    [InlineData("struct S { [FieldOffset(8)] public void* {|ATL0708:P|}; [FieldOffset(15)] public byte N; }")]
    [InlineData("struct S { [FieldOffset(0)] public int* {|ATL0708:P|}; [FieldOffset(0)] public byte* {|ATL0708:Q|}; }")]
    [InlineData("struct S { [FieldOffset(0)] public In {|ATL0708:P|}; [FieldOffset(16)] public ulong N; } struct In { public ulong A, B; public void* C; }")]
    [InlineData("struct S { [FieldOffset(0)] public Many {|ATL0708:P|}; [FieldOffset(24)] public ulong N; } [InlineArray(4)] struct Many { private In _first; } struct In { public void* A; }")]
    [InlineData("ref struct S { [FieldOffset(0)] public Span<int> {|ATL0708:P|}; [FieldOffset(0)] public ulong N; }")]
    [InlineData("struct S { [FieldOffset(0)] public void* {|ATL0708:P|} { get; set; } [field: FieldOffset(0)] public ulong N { get; set; } }")]
    [InlineData("[Trusted(Safety = \"\")] struct S { [FieldOffset(0)] public int* {|ATL0708:P|}; [FieldOffset(0)] public ulong N; }")]
    public Task Reports(string members) =>
        ReportsAsync(Explicit + members.Replace("[FieldOffset(0)] public void* {|ATL0708:P|} {", "[field: FieldOffset(0)] public void* {|ATL0708:P|} {", StringComparison.Ordinal));

    [Theory]
    [InlineData("struct S { [FieldOffset(0)] public ulong N; [FieldOffset(0)] public uint M; }")]
    [InlineData("struct S { [FieldOffset(0)] public int* P; [FieldOffset(8)] public ulong N; [FieldOffset(8)] public uint M; }")]
    [InlineData("struct S { [FieldOffset(0)] public In P; [FieldOffset(24)] public ulong N; } struct In { public ulong A, B; public void* C; }")]
    [InlineData("struct S { [FieldOffset(8)] public nint N; [FieldOffset(8)] public ulong M; }")]
    [InlineData("[Trusted(Safety = \"Both views are of one page that stays mapped.\")] struct S { [FieldOffset(0)] public int* P; [FieldOffset(0)] public byte* Q; }")]
    [InlineData("struct S { [FieldOffset(0)] public int* P; public static ulong N; public const int Size = 8; }")]
    public Task IsSilent(string members) => IsSilentAsync(Explicit + members);
}
