using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace Atoll.Analyzers.Tests.Harness;

/// <summary>Runs rules over marked sources and compares what they report with the markers.</summary>
public static class RuleVerifier
{
    /// <summary>Every rule of the assembly.</summary>
    public static ImmutableArray<DiagnosticAnalyzer> AllRules { get; } =
    [
        .. typeof(KernelRule).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(KernelRule)) && !type.IsAbstract)
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!)
            .OrderBy(rule => rule.SupportedDiagnostics[0].Id, StringComparer.Ordinal),
    ];

    /// <summary>Checks a source with its markers against some rules.</summary>
    public static async Task VerifyAsync(
        ImmutableArray<DiagnosticAnalyzer> rules,
        string marked,
        TestPlatform platform,
        string assemblyName = "Atoll.Test",
        AnalyzerOptions? files = null,
        params MetadataReference[] references)
    {
        MarkedSource source = MarkedSource.Parse(marked);
        CSharpCompilation compilation = platform.Compile([CSharpSource.Parse(source.Text)], assemblyName);
        if (references.Length > 0)
        {
            compilation = compilation.AddReferences(references);
        }

        AssertCompiles(compilation, source.Text);

        ImmutableArray<Diagnostic> serial = await RunAsync(rules, compilation, isConcurrent: false, files);
        ImmutableArray<Diagnostic> concurrent = await RunAsync(rules, compilation, isConcurrent: true, files);

        Assert.Equal(serial.Select(Describe), concurrent.Select(Describe));
        Assert.Equal(
            source.Expected.Select(expected => Describe(expected.Id, expected.Span, source.Text)).Order(),
            serial.Select(reported => Describe(reported.Id, reported.Location.SourceSpan, source.Text)).Order());
    }

    /// <summary>Reports, in source order. A rule that throws fails the test.</summary>
    public static async Task<ImmutableArray<Diagnostic>> RunAsync(
        ImmutableArray<DiagnosticAnalyzer> rules,
        Compilation compilation,
        bool isConcurrent,
        AnalyzerOptions? files = null)
    {
        var exceptions = new ConcurrentBag<Exception>();
        var options = new CompilationWithAnalyzersOptions(
            files ?? new AnalyzerOptions([]),
            onAnalyzerException: (exception, _, _) => exceptions.Add(exception),
            concurrentAnalysis: isConcurrent,
            logAnalyzerExecutionTime: false,
            reportSuppressedDiagnostics: false);

        ImmutableArray<Diagnostic> reported =
            await compilation.WithAnalyzers(rules, options).GetAnalyzerDiagnosticsAsync();
        Assert.Empty(exceptions);
        AssertNoCrash(reported, "");
        return
        [
            .. reported.OrderBy(diagnostic => diagnostic.Location.SourceTree?.FilePath, StringComparer.Ordinal)
                .ThenBy(diagnostic => diagnostic.Location.SourceSpan)
                .ThenBy(diagnostic => diagnostic.Id, StringComparer.Ordinal)
                .ThenBy(diagnostic => diagnostic.GetMessage(), StringComparer.Ordinal),
        ];
    }

    /// <summary>Fails when a rule crashed, and says where.</summary>
    public static void AssertNoCrash(ImmutableArray<Diagnostic> reported, string text)
    {
        IEnumerable<Diagnostic> crashes = reported.Where(diagnostic => diagnostic.Id == KernelRule.CrashId);
        Assert.True(!crashes.Any(), string.Join('\n', [.. crashes.Select(crash => crash.ToString()), text]));
    }

    /// <summary>Fails when the source is not C#: a rule that is silent about nonsense proves nothing.</summary>
    public static void AssertCompiles(Compilation compilation, string text)
    {
        IEnumerable<Diagnostic> errors =
            compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.True(!errors.Any(), string.Join('\n', [.. errors.Select(error => error.ToString()), text]));
    }

    private static string Describe(Diagnostic diagnostic) => diagnostic.ToString();

    private static string Describe(string id, TextSpan span, string text) =>
        $"{id} on '{text.Substring(span.Start, span.Length)}' at {span.Start}";
}
