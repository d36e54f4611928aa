using Atoll.Contracts.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Contracts.Tests.OptIn;

/// <summary>Severities are set in <c>.editorconfig</c>, as for any rule: read here by the compiler's own reader.</summary>
public sealed class EditorConfigTests
{
    private const string Source = "using Atoll;\nclass C {\n System.Action A;\n [NoGC] object M() => new object();\n [NoGC] void N() => A(); }";

    [Theory]
    [InlineData("", "ATL2001 Warning, ATL2901 Warning")]
    [InlineData("dotnet_diagnostic.ATL2001.severity = error", "ATL2001 Error, ATL2901 Warning")]
    [InlineData("dotnet_diagnostic.ATL2001.severity = none", "ATL2901 Warning")]
    [InlineData("dotnet_diagnostic.ATL2901.severity = suggestion", "ATL2001 Warning, ATL2901 Info")]
    [InlineData("dotnet_analyzer_diagnostic.category-Atoll.Unknown.severity = none", "ATL2001 Warning")]
    [InlineData("dotnet_analyzer_diagnostic.category-Atoll.NoGC.severity = error", "ATL2001 Error, ATL2901 Warning")]
    public async Task Severity_IsWhatTheFileSays(string line, string expected)
    {
        CSharpCompilation compilation = RuleRun.Compile("Program", Source);
        SyntaxTree tree = compilation.SyntaxTrees[0];
        string folder = Path.GetTempPath();
        CSharpCompilation configured = compilation.ReplaceSyntaxTree(tree, tree.WithFilePath(Path.Combine(folder, "Program.cs")));
        var config = AnalyzerConfig.Parse(SourceText.From($"root = true\n\n[*.cs]\n{line}\n"), Path.Combine(folder, ".editorconfig"));
        AnalyzerConfigSet files = AnalyzerConfigSet.Create(new[] { config });
        configured = configured.WithOptions(configured.Options.WithSyntaxTreeOptionsProvider(new FromFile(files)));

        var found = await RuleRun.Of(configured, files.GetOptionsForSourcePath(Path.Combine(folder, "Program.cs")).AnalyzerOptions);

        Assert.Equal(expected, string.Join(", ", found.Select(one => $"{one.Id} {one.Severity}")));
    }

    private sealed class FromFile(AnalyzerConfigSet files) : SyntaxTreeOptionsProvider
    {
        public override GeneratedKind IsGenerated(SyntaxTree tree, CancellationToken cancellationToken) => GeneratedKind.NotGenerated;

        public override bool TryGetDiagnosticValue(SyntaxTree tree, string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity) =>
            files.GetOptionsForSourcePath(tree.FilePath).TreeOptions.TryGetValue(diagnosticId, out severity);

        public override bool TryGetGlobalDiagnosticValue(string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity)
        {
            severity = ReportDiagnostic.Default;
            return false;
        }
    }
}
