using System.Collections.Immutable;
using Atoll.Analyzers.Tests.Harness;
using Atoll.Analyzers.Trust;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace Atoll.Analyzers.Tests.Trust;

/// <summary>ATL1004.</summary>
public sealed class LayersKeptTests : RuleTests<LayersKeptAnalyzer>
{
    private static readonly MetadataReference s_above = Library(
        "Atoll.Above",
        "namespace Above; public struct S { public int X; public static S Make() => default; } public static class E { public static int Twice(this int x) => x; }");

    [Theory]
    [InlineData("class C { {|ATL1004:S|} _s; }")]
    [InlineData("class C { Above.{|ATL1004:S|} _s; }")]
    [InlineData("class C { int M() => {|ATL1004:S|}.Make().X; }")]
    [InlineData("class C { int M() => 1.{|ATL1004:Twice|}(); }")]
    [InlineData("class C { System.Collections.Generic.List<{|ATL1004:S|}> _s; }")]
    [InlineData("class C { void M() { {|ATL1004:var|} s = {|ATL1004:S|}.Make(); } }")]
    [InlineData("class C { string M() => nameof({|ATL1004:S|}); }")]
    [InlineData("class C<T> where T : struct { C<{|ATL1004:S|}> _c; }")]
    public Task Reports(string source) => VerifyAsync(source, "Atoll.Test: System.*");

    [Theory]
    [InlineData("class C { S _s; int M() => S.Make().X; }", "Atoll.Test: System.* Atoll.Above")]
    [InlineData("class C { S _s; }", "Atoll.Test: *")]
    [InlineData("class C { S _s; }", "# c\nAtoll.Other:\nAtoll.Test:\tSystem.Private.CoreLib   Atoll.A*")]
    [InlineData("class C { int _x; int M() => System.Math.Abs(_x); }", "Atoll.Test: System.*")]
    [InlineData("class S2; class C { S2 _s; }", "Atoll.Test: System.*")]
    public Task IsSilent(string source, string map) => VerifyAsync(source, map);

    [Fact]
    public async Task AssemblyThatTheMapDoesNotKnow_IsReportedOnce()
    {
        ImmutableArray<Diagnostic> reported = await RunAsync(["class C;", "class D;"], "# Atoll.Test: *\nAtoll.Tester: *");

        Assert.Equal(
            "'Atoll.Test' is in no layer: add a line to Layers.txt that says what it may use", Assert.Single(reported).GetMessage());
    }

    [Fact]
    public async Task Message_SaysWhoMayNotUseWhom() => Assert.Equal(
        "'Atoll.Test' may not use 'Atoll.Above', which 'S' is in (Layers.txt)",
        Assert.Single(await RunAsync(["using Above; class C { S _s; }"], "Atoll.Test: System.*")).GetMessage());

    [Fact]
    public async Task WithoutAMap_NothingIsReported() => Assert.Empty(await RunAsync(["using Above; class C { S _s; }"], null));

    private static Task VerifyAsync(string source, string map) => RuleVerifier.VerifyAsync(
        [new LayersKeptAnalyzer()], $"using Above;\n{source}", TestPlatform.DotNet, "Atoll.Test", Files(map), s_above);

    private static Task<ImmutableArray<Diagnostic>> RunAsync(string[] sources, string? map) => RuleVerifier.RunAsync(
        [new LayersKeptAnalyzer()],
        TestPlatform.DotNet.Compile([.. sources.Select(source => CSharpSource.Parse(source))]).AddReferences(s_above),
        isConcurrent: true,
        Files(map));

    private static AnalyzerOptions Files(string? map) => new(map is null ? [] : [new TextFile("/kernel/Layers.txt", map)]);

    private static MetadataReference Library(string name, string source) =>
        TestPlatform.DotNet.Compile([CSharpSource.Parse(source)], name).ToMetadataReference();
}
