using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>Applies the fixes of many findings at once, whichever files they change.</summary>
/// <remarks>
/// Each fix is made on its own and its edits are then joined, as with the platform's batch fixer; but an edit that two
/// fixes share is made once, and files that are not source take part. A fix that contradicts an earlier one is left for the
/// next time.
/// </remarks>
internal sealed class MergedFixAll : FixAllProvider
{
    public static MergedFixAll Instance { get; } = new();

    public override IEnumerable<FixAllScope> GetSupportedFixAllScopes() =>
        [FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution];

    public override async Task<CodeAction?> GetFixAsync(FixAllContext fixAllContext)
    {
        Solution before = fixAllContext.Solution;
        CancellationToken token = fixAllContext.CancellationToken;
        var changes = new List<Solution>();
        foreach (Diagnostic diagnostic in await DiagnosticsAsync(fixAllContext).ConfigureAwait(false))
        {
            if (before.GetDocument(diagnostic.Location.SourceTree) is { } document
                && await ApplyAsync(fixAllContext, document, diagnostic).ConfigureAwait(false) is { } after)
            {
                changes.Add(after);
            }
        }

        MergedEdits edits = await MergeAsync(new MergedEdits(before), changes, token).ConfigureAwait(false);
        Solution all = await edits.ApplyAsync(token).ConfigureAwait(false);
        string title = fixAllContext.CodeActionEquivalenceKey ?? "";
        return CodeAction.Create(title, _ => Task.FromResult(all), equivalenceKey: title);
    }

    // All at once, as they seldom get in each other's way; one after the other where they do.
    private static async Task<MergedEdits> MergeAsync(
        MergedEdits none, List<Solution> changes, CancellationToken cancellationToken)
    {
        MergedEdits all = none.Copy();
        foreach (Solution change in changes)
        {
            await all.TryAddAsync(change, cancellationToken).ConfigureAwait(false);
        }

        if (!await all.BringErrorsAsync(cancellationToken).ConfigureAwait(false))
        {
            return all;
        }

        MergedEdits sound = none;
        foreach (Solution change in changes)
        {
            MergedEdits more = sound.Copy();
            await more.TryAddAsync(change, cancellationToken).ConfigureAwait(false);
            sound = await more.BringErrorsAsync(cancellationToken).ConfigureAwait(false) ? sound : more;
        }

        return sound;
    }

    private static async Task<IEnumerable<Diagnostic>> DiagnosticsAsync(FixAllContext context)
    {
        if (context is { Scope: FixAllScope.Document, Document: { } document })
        {
            return InOrder(await context.GetDocumentDiagnosticsAsync(document).ConfigureAwait(false));
        }

        var found = new List<Diagnostic>();
        foreach (Project project in context.Scope == FixAllScope.Solution ? context.Solution.Projects : [context.Project])
        {
            found.AddRange(InOrder(await context.GetAllDiagnosticsAsync(project).ConfigureAwait(false)));
        }

        return found;
    }

    // The outcome must not depend on which rule's thread was first.
    private static IEnumerable<Diagnostic> InOrder(IEnumerable<Diagnostic> diagnostics) =>
        diagnostics.OrderBy(static diagnostic => diagnostic.Location.SourceTree?.FilePath, StringComparer.Ordinal)
            .ThenBy(static diagnostic => diagnostic.Location.SourceSpan);

    // By way of the action, which also formats what the fix marked.
    private static async Task<Solution?> ApplyAsync(FixAllContext context, Document document, Diagnostic diagnostic)
    {
        CodeAction? offered = null;
        await context.CodeFixProvider.RegisterCodeFixesAsync(new CodeFixContext(
            document,
            diagnostic,
            (action, _) => offered ??= action.EquivalenceKey == context.CodeActionEquivalenceKey ? action : null,
            context.CancellationToken)).ConfigureAwait(false);
        if (offered is null)
        {
            return null;
        }

        ImmutableArray<CodeActionOperation> operations =
            await offered.GetOperationsAsync(context.CancellationToken).ConfigureAwait(false);
        return operations.OfType<ApplyChangesOperation>().Single().ChangedSolution;
    }
}
