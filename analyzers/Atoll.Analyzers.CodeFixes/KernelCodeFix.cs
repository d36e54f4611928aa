using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>A fix that is offered only where it is known to be right, for one place or for all.</summary>
public abstract class KernelCodeFix : CodeFixProvider
{
    private readonly string _title;

    private protected KernelCodeFix(string id, string title)
    {
        FixableDiagnosticIds = [id];
        _title = title;
    }

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; }

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is null || model is null)
        {
            return;
        }

        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            // The edits are small, so whether there is one is found out by making it.
            var target = new FixTarget(context.Document, root, model, diagnostic.Location.SourceSpan);
            if (Fix(target, context.CancellationToken) is { } changed)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(_title, _ => Task.FromResult(changed), equivalenceKey: _title), diagnostic);
            }
        }
    }

    /// <summary>The document without the finding, or null where a fix could change what the program does.</summary>
    private protected abstract Document? Fix(FixTarget target, CancellationToken cancellationToken);
}
