using System.Collections.Immutable;
using Atoll.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Formatting;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>Files in a workspace, as an editor has them.</summary>
internal static class CodeFixProject
{
    /// <summary>The name of the main project's assembly, unless a test wants another.</summary>
    public const string Room = "Atoll.Test";

    private const string LibraryFolder = "Library/";

    /// <summary>
    /// Source files (*.cs) and others. Those in <c>Library/</c> are a project of their own, which the other refers to.
    /// </summary>
    public static Project Create(IEnumerable<(string Path, string Text)> files, string room = Room)
    {
        Solution solution = new AdhocWorkspace().CurrentSolution;
        if (!files.Any(file => IsInLibrary(file.Path)))
        {
            return AddProject(solution, room, files);
        }

        Project library = AddProject(solution, "Atoll.Library", files.Where(file => IsInLibrary(file.Path)));
        return AddProject(library.Solution, room, files.Where(file => !IsInLibrary(file.Path)))
            .AddProjectReference(new ProjectReference(library.Id));
    }

    public static async Task<ImmutableArray<Diagnostic>> ReportAsync<TRule>(Project project)
        where TRule : DiagnosticAnalyzer, new()
    {
        string text = string.Join('\n', (await TextsAsync(project)).Select(file => file.Text));
        foreach (Project one in project.Solution.Projects)
        {
            RuleVerifier.AssertCompiles((await one.GetCompilationAsync())!, text);
        }

        Compilation compilation = (await project.GetCompilationAsync())!;
        return await RuleVerifier.RunAsync(
            [new TRule()], compilation, isConcurrent: false, project.AnalyzerOptions);
    }

    public static async Task<Project> ApplyAsync(Project project, CodeAction action)
    {
        CodeActionOperation operation = Assert.Single(await action.GetOperationsAsync(CancellationToken.None));
        Solution changed = ((ApplyChangesOperation)operation).ChangedSolution;
        foreach (DocumentId id in changed.GetChanges(project.Solution).GetProjectChanges()
            .SelectMany(one => one.GetChangedDocuments()))
        {
            changed = (await Formatter.FormatAsync(changed.GetDocument(id)!, Formatter.Annotation)).Project.Solution;
        }

        return changed.GetProject(project.Id)!;
    }

    /// <summary>The files as they are now.</summary>
    public static async Task<IEnumerable<(string Path, string Text)>> TextsAsync(Project project)
    {
        var texts = new List<(string Path, string Text)>();
        foreach (TextDocument file in project.Solution.Projects
            .SelectMany(one => one.Documents.Concat(one.AdditionalDocuments))
            .Where(file => file.Folders is ["Test"]))
        {
            texts.Add((file.Name, (await file.GetTextAsync()).ToString()));
        }

        return texts;
    }

    private static bool IsInLibrary(string path) => path.StartsWith(LibraryFolder, StringComparison.Ordinal);

    private static Project AddProject(Solution solution, string name, IEnumerable<(string Path, string Text)> files)
    {
        Project project = solution.AddProject(name, name, LanguageNames.CSharp)
            .WithParseOptions(CSharpSource.ParseOptions)
            .WithCompilationOptions(CSharpSource.Options)
            .WithMetadataReferences(TestPlatform.DotNet.References);
        foreach (SyntaxTree tree in TestPlatform.DotNet.Prelude)
        {
            project = project.AddDocument(tree.FilePath, tree.GetText()).Project;
        }

        foreach ((string path, string text) in files)
        {
            project = path.EndsWith(".cs", StringComparison.Ordinal)
                ? project.AddDocument(path, text, folders: ["Test"], filePath: path).Project
                : project.AddAdditionalDocument(path, text, folders: ["Test"], filePath: path).Project;
        }

        return project;
    }

    /// <summary>What a fix of many findings asks for them.</summary>
    public sealed class Reports<TRule> : FixAllContext.DiagnosticProvider
        where TRule : DiagnosticAnalyzer, new()
    {
        public override async Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(
            Project project, CancellationToken cancellationToken) =>
            await ReportAsync<TRule>(project);

        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(
            Document document, CancellationToken cancellationToken)
        {
            SyntaxTree? tree = await document.GetSyntaxTreeAsync(cancellationToken);
            return (await ReportAsync<TRule>(document.Project)).Where(one => one.Location.SourceTree == tree);
        }

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(
            Project project, CancellationToken cancellationToken) =>
            Task.FromResult<IEnumerable<Diagnostic>>([]);
    }
}
