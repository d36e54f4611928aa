using Atoll.Analyzers.Ownership;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Ownership;

/// <summary>ATL0408.</summary>
public sealed class OwnedDeclarationTests : RuleTests<OwnedDeclarationAnalyzer>
{
    [Theory]
    [InlineData("[NonCopyable] record struct {|ATL0408:R|}(int X);")]
    [InlineData("[Linear] record struct {|ATL0408:{|ATL0408:R|}|}(int X);")]
    [InlineData("[Linear] struct {|ATL0408:S|} { int _x; }")]
    [InlineData("[Linear] struct {|ATL0408:S|} { public int X; [Consumes] public void End() => X = 0; }")]
    [InlineData("[Linear] struct {|ATL0408:S|} { internal int X; [Consumes] public void End() => X = 0; }")]
    [InlineData("[NonCopyable] struct {|ATL0408:S|} { public static bool operator ==(in S a, in S b) => true; public static bool operator !=(in S a, in S b) => false; }")]
    [InlineData("[NonCopyable] struct {|ATL0408:S|} { public bool Equals(in S other) => true; }")]
    [InlineData("[Linear] struct S { int _x; [Consumes] public void End() => _x = 0; public void {|ATL0408:Dispose|}() { } }")]
    [InlineData("struct S { [Consumes] public void {|ATL0408:End|}() { } }")]
    [InlineData("[Linear] struct S { int _x; [Consumes] public static void {|ATL0408:End|}(S s) { } }")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("[Linear] struct S { int _x; [Consumes] public void End() => _x = 0; }")]
    [InlineData("[Linear] struct S { int _x; [Consumes] public void Dispose() => _x = 0; }")]
    [InlineData("[Linear] struct S { int _x; public static void Drop(S s) { } }")]
    [InlineData("[Linear] readonly struct S { const int X = 1; private readonly int _x; public static void Drop(S s) { } }")]
    [InlineData("[NonCopyable] struct S { public int X; }")]
    [InlineData("[NonCopyable] struct S { public void Dispose() { } }")]
    [InlineData("record struct R(int X); struct S { public int X; public bool Equals(S s) => true; }")]
    public Task IsSilent(string members) => IsSilentAsync(members);
}
