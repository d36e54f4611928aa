using System.Collections.Immutable;
using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>
/// Tests of one fix: what it makes of a file, one finding after the other and all at once; and where it is not offered.
/// </summary>
public abstract class CodeFixTests<TRule, TFix>
    where TRule : DiagnosticAnalyzer, new()
    where TFix : SolutionCodeFix, new()
{
    private const int RoundsMax = 10;
    private const string OnlyFile = "Test.cs";

    /// <summary>Fixes until nothing is offered, both ways, and compares. The outcome must compile.</summary>
    protected static Task FixesAsync(string before, string after, string room = CodeFixProject.Room) =>
        FixesAsync([(OnlyFile, before)], [(OnlyFile, after)], room);

    /// <summary>
    /// The same for several files, whose findings are fixed in the main project. See
    /// <see cref="CodeFixProject.Create"/> for their names.
    /// </summary>
    protected static async Task FixesAsync(
        (string Path, string Text)[] before, (string Path, string Text)[] after, string room = CodeFixProject.Room)
    {
        Assert.NotEqual(before, after);
        Assert.Equal(Join(after), await JoinAsync(await OneByOneAsync(CodeFixProject.Create(before, room))));
        Assert.Equal(Join(after), await JoinAsync(await AllAtOnceAsync(CodeFixProject.Create(before, room))));
    }

    /// <summary>
    /// Fixes all at once where what two fixes write does not compile together: so many findings are left, and the outcome
    /// compiles.
    /// </summary>
    protected static async Task FixesAllButAsync(string before, int left)
    {
        Project project = CodeFixProject.Create([(OnlyFile, before)]);
        foreach (Diagnostic diagnostic in await CodeFixProject.ReportAsync<TRule>(project))
        {
            Assert.Single(await OfferAsync(project, diagnostic));
        }

        Assert.Equal(left, (await CodeFixProject.ReportAsync<TRule>(await AllAtOnceAsync(project))).Length);
    }

    /// <summary>The rule reports something, and the fix leaves it to a human.</summary>
    protected static Task IsNotOfferedAsync(string text, string room = CodeFixProject.Room) =>
        IsNotOfferedAsync([(OnlyFile, text)], room);

    /// <summary>The same for several files.</summary>
    protected static async Task IsNotOfferedAsync(
        (string Path, string Text)[] files, string room = CodeFixProject.Room)
    {
        Project project = CodeFixProject.Create(files, room);
        ImmutableArray<Diagnostic> reported = await CodeFixProject.ReportAsync<TRule>(project);

        Assert.NotEmpty(reported);
        foreach (Diagnostic diagnostic in reported)
        {
            Assert.Empty(await OfferAsync(project, diagnostic));
        }
    }

    private static async Task<string> JoinAsync(Project project) => Join(await CodeFixProject.TextsAsync(project));

    private static string Join(IEnumerable<(string Path, string Text)> files) =>
        string.Join('\n', files.OrderBy(file => file.Path, StringComparer.Ordinal).Select(file => $"{file.Path}:\n{file.Text}"));

    private static async Task<Project> OneByOneAsync(Project project)
    {
        for (int round = 0; round < RoundsMax; round++)
        {
            CodeAction? action = null;
            foreach (Diagnostic diagnostic in await CodeFixProject.ReportAsync<TRule>(project))
            {
                action ??= (await OfferAsync(project, diagnostic)).FirstOrDefault();
            }

            if (action is null)
            {
                break;
            }

            project = await CodeFixProject.ApplyAsync(project, action);
        }

        return project;
    }

    private static async Task<Project> AllAtOnceAsync(Project project)
    {
        var fix = new TFix();
        Diagnostic? first = null;
        foreach (Diagnostic diagnostic in await CodeFixProject.ReportAsync<TRule>(project))
        {
            first ??= (await OfferAsync(project, diagnostic)).IsEmpty ? null : diagnostic;
        }

        CodeAction single = (await OfferAsync(project, first!)).Single();
        var context = new FixAllContext(
            project.GetDocument(first!.Location.SourceTree)!,
            fix,
            FixAllScope.Project,
            single.EquivalenceKey!,
            fix.FixableDiagnosticIds,
            new CodeFixProject.Reports<TRule>(),
            CancellationToken.None);

        CodeAction all = (await fix.GetFixAllProvider().GetFixAsync(context))!;
        return await CodeFixProject.ApplyAsync(project, all);
    }

    private static async Task<ImmutableArray<CodeAction>> OfferAsync(Project project, Diagnostic diagnostic)
    {
        // What is reported without a place is not in an editor.
        if (project.GetDocument(diagnostic.Location.SourceTree) is not { } document)
        {
            return [];
        }

        var actions = ImmutableArray.CreateBuilder<CodeAction>();
        await new TFix().RegisterCodeFixesAsync(
            new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), CancellationToken.None));
        return actions.ToImmutable();
    }
}
