using Atoll.Analyzers.Memory;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Memory;

/// <summary>ATL0008.</summary>
public sealed class NoFinalizerTests : RuleTests<NoFinalizerAnalyzer>
{
    [Theory]
    [InlineData("class D { ~{|ATL0008:D|}() { } }")]
    [InlineData("sealed class D { ~{|ATL0008:D|}() => s_count++; } static int s_count;")]
    [InlineData("class A { ~{|ATL0008:A|}() { } } class B : A { ~{|ATL0008:B|}() { } }")]
    [InlineData("class D<T> { ~{|ATL0008:D|}() { } }")]
    [InlineData("class D : IDisposable { public void Dispose() { } ~{|ATL0008:D|}() { Dispose(); } }")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("class D : IDisposable { public void Dispose() { } }")]
    [InlineData("ref struct R { public void Dispose() { } }")]
    [InlineData("class D { public void Finalize(int x) { } }")]
    [InlineData("static int M(int x) => ~x;")]
    [InlineData("struct S { public static S operator ~(S s) => s; }")]
    [InlineData("class D { D() { } static D() { } }")]
    public Task IsSilent(string members) => IsSilentAsync(members);
}
