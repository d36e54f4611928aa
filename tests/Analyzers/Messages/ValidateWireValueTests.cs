using Atoll.Analyzers.Messages;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Messages;

/// <summary>ATL0506.</summary>
public sealed class ValidateWireValueTests : RuleTests<ValidateWireValueAnalyzer>
{
    private const string Declarations =
        """
        enum Kind : uint { A, B }
        struct Payload { public uint Word; }
        [InlineArray(8)] struct Row { private int _x; }
        [Message] struct Note { public Kind Kind; public uint Index; public Payload Payload; }
        static bool IsGood(uint i) => i < 8;

        """;

    [Theory]
    [InlineData("static int M(in Note n, int[] a) => a[{|ATL0506:n.Index|}];")]
    [InlineData("static int M(in Note n, ref Row r) => r[{|ATL0506:(int)n.Index|}];")]
    [InlineData("static int M(in Note n, Span<int> s) => s[{|ATL0506:(int)n.Index|}];")]
    [InlineData("static int M(in Note n, int* p) => p[{|ATL0506:n.Index|}];")]
    [InlineData("static int M(in Note n, int[] a) => a[{|ATL0506:n.Payload.Word|}];")]
    [InlineData("static int M(in Note n, int[] a) { uint i = n.Index; return a[{|ATL0506:i|}]; }")]
    [InlineData("static int M(in Note n, int[] a, bool b) { uint i = n.Index; if (b && i > 7) { return 0; } return a[{|ATL0506:i|}]; }")]
    [InlineData("static int M(in Note n, int[] a) => a[{|ATL0506:(int)n.Kind|}];")]
    [InlineData("static void M(in Note n) { switch ({|ATL0506:n.Kind|}) { case Kind.A: break; case Kind.B: break; } }")]
    [InlineData("static int M(Note* n, int[] a) => a[{|ATL0506:n->Index|}];")]
    public Task Reports(string members) => ReportsAsync(Declarations + members);

    [Theory]
    [InlineData("static int M(in Note n, int[] a) => n.Index < 8 ? a[n.Index] : 0;")]
    [InlineData("static int M(in Note n, int[] a) { uint i = n.Index; if (i >= 8) { return 0; } return a[i]; }")]
    [InlineData("static int M(in Note n, int[] a) => a[n.Index & 7];")]
    [InlineData("static int M(in Note n, int[] a) => IsGood(n.Index) ? a[n.Index] : 0;")]
    [InlineData("static int M(in Note n, int[] a) { int sum = 0; for (uint i = 0; i < n.Index; i++) { sum += a[i]; } return sum; }")]
    [InlineData("static void M(in Note n) { switch (n.Kind) { case Kind.A: break; default: break; } }")]
    [InlineData("static int M(in Note n) => n.Kind switch { Kind.A => 1, _ => 0 };")]
    [InlineData("static int M(uint i, int[] a) => a[i];")]
    [InlineData("static int M(Payload p, int[] a) => a[p.Word];")]
    [InlineData("static void M(Kind k) { switch (k) { case Kind.A: break; } }")]
    public Task IsSilent(string members) => IsSilentAsync(Declarations + members);
}
