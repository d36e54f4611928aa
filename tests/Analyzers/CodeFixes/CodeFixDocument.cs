using System.Collections.Immutable;
using Atoll.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Formatting;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>A file in a workspace, as an editor has it.</summary>
internal static class CodeFixDocument
{
    public static Document Create(string text)
    {
        var workspace = new AdhocWorkspace();
        Project project = workspace.CurrentSolution
            .AddProject("Atoll.Test", "Atoll.Test", LanguageNames.CSharp)
            .WithParseOptions(CSharpSource.ParseOptions)
            .WithCompilationOptions(CSharpSource.Options)
            .WithMetadataReferences(TestPlatform.DotNet.References);
        foreach (SyntaxTree tree in TestPlatform.DotNet.Prelude)
        {
            project = project.AddDocument(tree.FilePath, tree.GetText()).Project;
        }

        return project.AddDocument("Test.cs", text);
    }

    public static async Task<ImmutableArray<Diagnostic>> ReportAsync<TRule>(Document document)
        where TRule : DiagnosticAnalyzer, new()
    {
        Compilation compilation = (await document.Project.GetCompilationAsync())!;
        RuleVerifier.AssertCompiles(compilation, await TextAsync(document));
        return await RuleVerifier.RunAsync([new TRule()], compilation, isConcurrent: false);
    }

    public static async Task<Document> ApplyAsync(Document document, CodeAction action)
    {
        CodeActionOperation operation = Assert.Single(await action.GetOperationsAsync(CancellationToken.None));
        Document changed = ((ApplyChangesOperation)operation).ChangedSolution.GetDocument(document.Id)!;
        return await Formatter.FormatAsync(changed, Formatter.Annotation);
    }

    public static async Task<string> TextAsync(Document document) => (await document.GetTextAsync()).ToString();

    /// <summary>What a fix of many findings asks for them.</summary>
    public sealed class Reports<TRule> : FixAllContext.DiagnosticProvider
        where TRule : DiagnosticAnalyzer, new()
    {
        public override async Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(
            Project project, CancellationToken cancellationToken) =>
            await ReportAsync<TRule>(project.Documents.First());

        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(
            Document document, CancellationToken cancellationToken) =>
            await ReportAsync<TRule>(document);

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(
            Project project, CancellationToken cancellationToken) =>
            Task.FromResult<IEnumerable<Diagnostic>>([]);
    }
}
