using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>
/// A fix that is offered only where it is known to be right, for one place or for all. It may change any file of the
/// solution; one that changes only the reported file is a <see cref="KernelCodeFix"/>.
/// </summary>
public abstract class SolutionCodeFix : CodeFixProvider
{
    private readonly string _title;

    private protected SolutionCodeFix(string id, string title)
    {
        FixableDiagnosticIds = [id];
        _title = title;
    }

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; }

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => MergedFixAll.Instance;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        Document document = context.Document;
        CancellationToken token = context.CancellationToken;
        SyntaxNode? root = await document.GetSyntaxRootAsync(token).ConfigureAwait(false);
        SemanticModel? model = await document.GetSemanticModelAsync(token).ConfigureAwait(false);
        if (root is null || model is null)
        {
            return;
        }

        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            // The edits are small, so whether there is one is found out by making it.
            var target = new FixTarget(document, root, model, diagnostic);
            if (FixSolution(target, token) is { } changed)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(_title, _ => Task.FromResult(changed), equivalenceKey: _title), diagnostic);
            }
        }
    }

    /// <summary>The solution without the finding, or null where a fix could change what the program does.</summary>
    private protected abstract Solution? FixSolution(FixTarget target, CancellationToken cancellationToken);
}
