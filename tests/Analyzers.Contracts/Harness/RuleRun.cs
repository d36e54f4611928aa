using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Contracts.Tests.Harness;

/// <summary>Runs the rules over a small program.</summary>
public static class RuleRun
{
    /// <summary>What the rules report, in source order. A crash fails the test.</summary>
    public static async Task<ImmutableArray<Diagnostic>> Of(
        string source, LanguageVersion language = LanguageVersion.Preview, bool mayBeBroken = false,
        IReadOnlyDictionary<string, string>? options = null, params (string Path, string Text)[] files)
    {
        CSharpCompilation compilation = Compile("Program", source, language);
        if (!mayBeBroken)
        {
            Diagnostic[] errors = [.. compilation.GetDiagnostics().Where(one => one.Severity == DiagnosticSeverity.Error)];
            Assert.True(errors.Length == 0, string.Join('\n', errors.Select(error => error.ToString())));
        }

        return await Of(compilation, options, files);
    }

    /// <summary>The same for a compilation.</summary>
    public static async Task<ImmutableArray<Diagnostic>> Of(
        CSharpCompilation compilation, IReadOnlyDictionary<string, string>? options = null, params (string Path, string Text)[] files)
    {
        List<Exception> crashes = [];
        var analyzerOptions = new AnalyzerOptions(
            [.. files.Select(file => (AdditionalText)new TextFile(file.Path, file.Text))], new OptionsOfProject(options ?? ImmutableDictionary<string, string>.Empty));
        ImmutableArray<Diagnostic> found = await compilation.WithAnalyzers(
            [new ContractAnalyzer()],
            new CompilationWithAnalyzersOptions(analyzerOptions, (error, _, _) => { lock (crashes) { crashes.Add(error); } }, concurrentAnalysis: true, logAnalyzerExecutionTime: false))
            .GetAnalyzerDiagnosticsAsync();
        Assert.True(crashes.Count == 0, string.Join('\n', crashes.Take(3)));
        return [.. found.OrderBy(one => one.Location.SourceSpan.Start).ThenBy(one => one.Id, StringComparer.Ordinal)];
    }

    /// <summary>Ids and lines, as <c>ATL2001@3</c>.</summary>
    public static string Summary(ImmutableArray<Diagnostic> found) =>
        string.Join(' ', found.Select(one => $"{one.Id}@{one.Location.GetLineSpan().StartLinePosition.Line + 1}"));

    /// <summary>A library with the attributes.</summary>
    public static CSharpCompilation Compile(string name, string source, LanguageVersion language = LanguageVersion.Preview, params MetadataReference[] references)
    {
        var options = new CSharpParseOptions(language);
        return CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(source, options, name + ".cs"), .. Attributes.Trees(options)],
            [.. Framework.References, .. references],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
    }

    private sealed class TextFile(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }

    private sealed class OptionsOfProject(IReadOnlyDictionary<string, string> values) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(values);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;
    }

    private sealed class Values(IReadOnlyDictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value) => values.TryGetValue(key, out value);
    }
}
