using System.Collections.Immutable;
using Atoll.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.RuleTimer;

/// <summary>All rules over some compilations, once, concurrently as in a build.</summary>
internal static class RuleRound
{
    /// <summary>Runs, and says how long each rule's own actions took, and what stands in the way of believing it.</summary>
    public static async Task<(IReadOnlyDictionary<string, TimeSpan> Times, IReadOnlyList<Diagnostic> Complaints)> RunAsync(
        IEnumerable<CSharpCompilation> compilations, ImmutableArray<AdditionalText> lists)
    {
        // New ones each time, as for each run of the compiler.
        ImmutableArray<DiagnosticAnalyzer> rules = CreateRules();
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions(lists), onAnalyzerException: null, concurrentAnalysis: true, logAnalyzerExecutionTime: true);
        SortedDictionary<string, TimeSpan> times = new(StringComparer.Ordinal);
        List<Diagnostic> complaints = [];
        foreach (CSharpCompilation room in compilations)
        {
            AnalysisResult result = await room.WithAnalyzers(rules, options).GetAnalysisResultAsync(CancellationToken.None);
            complaints.AddRange(result.GetAllDiagnostics());
            complaints.AddRange(room.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
            foreach (DiagnosticAnalyzer rule in rules)
            {
                string id = rule.SupportedDiagnostics[0].Id;
                times[id] = times.GetValueOrDefault(id) + result.AnalyzerTelemetryInfo[rule].ExecutionTime;
            }
        }

        return (times, complaints);
    }

    private static ImmutableArray<DiagnosticAnalyzer> CreateRules() =>
    [
        .. typeof(KernelRule).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(KernelRule)) && !type.IsAbstract)
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];
}
