using Atoll.Analyzers.Boundary;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Boundary;

/// <summary>ATL0707.</summary>
public sealed class ReferenceFieldInTrustedOnlyTests : RuleTests<ReferenceFieldInTrustedOnlyAnalyzer>
{
    [Theory]
    [InlineData("ref struct S { public ref int {|ATL0707:F|}; }")]
    [InlineData("ref struct S { private readonly ref readonly ulong {|ATL0707:_f|}; }")]
    [InlineData("ref struct S<T> { public ref T {|ATL0707:F|}; }")]
    [InlineData("[InlineArray(8_000_000)] struct Huge { private ulong _first; } ref struct S { public ref Huge {|ATL0707:F|}; public S(ref Huge f) => F = ref f; }")]
    [InlineData("ref struct S(ref int f) { private ref int {|ATL0707:_f|} = ref f; }")]
    [InlineData("[Trusted(Safety = \"\")] ref struct S { public ref int {|ATL0707:F|}; }")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("ref struct S { public Span<int> F; }")]
    [InlineData("ref struct S { public int* F; public int G; }")]
    [InlineData("static ref int M(ref int a) { ref int b = ref a; return ref b; }")]
    [InlineData("[Trusted(Safety = \"Null only where the length is 0, and every index is compared with the length.\")] ref struct S { private ref int _f; private int _length; }")]
    [InlineData("ref struct S { [Trusted(Safety = \"Made with a reference by the one method that makes it.\")] private ref int _f; }")]
    [InlineData("struct S { private int _a; public ref int First(ref int b) => ref b; }")]
    public Task IsSilent(string members) => IsSilentAsync(members);
}
