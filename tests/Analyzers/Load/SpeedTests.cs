using System.Collections.Immutable;
using Atoll.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Diagnostics.Telemetry;
using Xunit;

namespace Atoll.Analyzers.Tests.Load;

/// <summary>What a rule must do to be fast, as Roslyn counts it. How fast they are is `bench analyzers`.</summary>
public class SpeedTests
{
    private static readonly Lazy<Task<ImmutableDictionary<DiagnosticAnalyzer, AnalyzerTelemetryInfo>>> s_telemetry = new(CountAsync);

    public static TheoryData<string> Ids => [.. RuleVerifier.AllRules.Select(rule => rule.SupportedDiagnostics[0].Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Rule_IsConcurrent(string id) => Assert.True((await OfAsync(id)).Info.Concurrent);

    /// <summary>An editor does not run actions at the end of a compilation: such a rule says so, and no other has one.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Rule_IsLive_UnlessItSaysThatItNeedsTheWholeCompilation(string id)
    {
        (DiagnosticDescriptor rule, AnalyzerTelemetryInfo info) = await OfAsync(id);

        Assert.Equal(rule.CustomTags.Contains(WellKnownDiagnosticTags.CompilationEnd), info.CompilationEndActionsCount > 0);
    }

    private static async Task<(DiagnosticDescriptor Rule, AnalyzerTelemetryInfo Info)> OfAsync(string id) =>
        (await s_telemetry.Value).Where(pair => pair.Key.SupportedDiagnostics[0].Id == id)
            .Select(pair => (pair.Key.SupportedDiagnostics[0], pair.Value)).Single();

    // The counts are of what a rule has registered by then, so it must have run.
    private static async Task<ImmutableDictionary<DiagnosticAnalyzer, AnalyzerTelemetryInfo>> CountAsync()
    {
        CSharpCompilation compilation = TestPlatform.Kernel.Compile([CSharpSource.Parse("static class Example { static int One() => 1; }")]);

        // A rule that compares with a list registers nothing without one.
        AnalyzerOptions lists = new([new TextFile("Trusted.txt", ""), new TextFile("Layers.txt", "Atoll.Test: *")]);
        AnalysisResult result = await compilation.WithAnalyzers(RuleVerifier.AllRules, lists).GetAnalysisResultAsync(CancellationToken.None);
        return result.AnalyzerTelemetryInfo;
    }
}
