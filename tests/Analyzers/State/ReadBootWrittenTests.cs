using Atoll.Analyzers.State;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.State;

/// <summary>ATL0606.</summary>
public sealed class ReadBootWrittenTests : RuleTests<ReadBootWrittenAnalyzer>
{
    private const string Declarations =
        """
        struct Table { public ulong First; public readonly ulong Get() => First; }
        [BootWritten] static ulong s_base;
        [BootWritten] static Table s_table;

        """;

    [Theory]
    [InlineData("static ulong M() => {|ATL0606:s_base|};")]
    [InlineData("static ulong M() => {|ATL0606:s_table.First|} + 1;")]
    [InlineData("static bool M() => {|ATL0606:s_base|} == 0;")]
    [InlineData("static ulong F(ulong x) => x; static ulong M() => F({|ATL0606:s_base|});")]
    [InlineData("static void M() => {|ATL0606:s_base|} = 1;")]
    [InlineData("static void M() => {|ATL0606:s_base|}++;")]
    [InlineData("static void M() => {|ATL0606:s_table.First|} |= 2;")]
    [InlineData("static void F(out ulong x) => x = 1; static void M() => F(out {|ATL0606:s_base|});")]
    [InlineData("static Table M() { Table copy = {|ATL0606:s_table|}; return copy; }")]
    [InlineData("[BootWritten] static readonly ulong {|ATL0606:s_fixed|};")]
    [InlineData("[BootWritten] const ulong {|ATL0606:Fixed|} = 1;")]
    [InlineData("struct S { [BootWritten] public ulong {|ATL0606:Field|}; }")]
    public Task Reports(string members) => ReportsAsync(Declarations + members);

    [Theory]
    [InlineData("static ulong M() => Volatile.Read(ref s_base);")]
    [InlineData("static ulong M() => Volatile.Read(in s_table.First);")]
    [InlineData("static ulong* M() { fixed (ulong* p = &s_base) { return p; } }")]
    [InlineData("static ref readonly ulong M() => ref s_base;")]
    [InlineData("static ulong M() { ref readonly ulong r = ref s_base; return Volatile.Read(in r); }")]
    [InlineData("static string M() => nameof(s_base);")]
    [InlineData("static ulong s_other; static ulong M() => s_other;")]
    [InlineData("static ulong M(Table s_table) => s_table.First;")]
    public Task IsSilent(string members) => IsSilentAsync(Declarations + members);
}
