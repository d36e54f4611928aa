using Atoll.Analyzers.Messages;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Messages;

/// <summary>ATL0501.</summary>
public sealed class BlittableMessageTests : RuleTests<BlittableMessageAnalyzer>
{
    [Theory]
    [InlineData("[Message] struct S { public bool {|ATL0501:X|}; }")]
    [InlineData("[Message] struct S { public char {|ATL0501:X|}; }")]
    [InlineData("[Message] struct S { public nint {|ATL0501:X|}; }")]
    [InlineData("[Message] struct S { public nuint {|ATL0501:X|}; }")]
    [InlineData("[Message] struct S { public int* {|ATL0501:X|}; }")]
    [InlineData("[Message] struct S { public delegate*<void> {|ATL0501:X|}; }")]
    [InlineData("[Message] struct S { public float {|ATL0501:X|}; }")]
    [InlineData("[Message] struct S { public double {|ATL0501:X|}; }")]
    [InlineData("[Message] struct S { public decimal {|ATL0501:X|}; }")]
    [InlineData("[Message] struct S { public string {|ATL0501:X|}; }")]
    [InlineData("[Message] struct S { public DateTime {|ATL0501:X|}; }")]
    [InlineData("struct In { public bool B; } [Message] struct S { public In {|ATL0501:X|}; }")]
    [InlineData("struct In { public bool B; } struct Mid { public In I; } [Message] struct S { public Mid {|ATL0501:X|}; }")]
    [InlineData("[InlineArray(2)] struct Row { private char _c; } [Message] struct S { public Row {|ATL0501:X|}; }")]
    [InlineData("[Message] struct S<T> where T : unmanaged { public T {|ATL0501:X|}; }")]
    [InlineData("[Message] struct S { public fixed char {|ATL0501:X|}[2]; }")]
    [InlineData("[Message] ref struct S { public ref int {|ATL0501:X|}; }")]
    [InlineData("[Message] struct S { public bool {|ATL0501:X|} { get; set; } }")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("[Message] struct S { public byte X; }")]
    [InlineData("[Message] struct S { public sbyte X; }")]
    [InlineData("[Message] struct S { public ushort X; }")]
    [InlineData("[Message] struct S { public int X; }")]
    [InlineData("[Message] struct S { public uint X; }")]
    [InlineData("[Message] struct S { public long X; }")]
    [InlineData("[Message] struct S { public ulong X; }")]
    [InlineData("[Message] struct S { public DayOfWeek X; }")]
    [InlineData("enum E : byte { A } struct In { public E X; public ulong Y; } [Message] struct S { public In X; }")]
    [InlineData("[InlineArray(2)] struct Row { private ulong _w; } [Message] struct S { public Row X; }")]
    [InlineData("[Message] struct S { public fixed byte X[8]; public const bool C = true; public static readonly bool B = true; }")]
    [InlineData("struct Plain { public bool B; public int* P; }")]
    public Task IsSilent(string members) => IsSilentAsync(members);
}
