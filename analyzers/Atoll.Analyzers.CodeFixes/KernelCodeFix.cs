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
            var target = new FixTarget(document, root, model, diagnostic.Location.SourceSpan);
            if (Fix(target, token) is { } changed)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(_title, _ => Task.FromResult(changed), equivalenceKey: _title), diagnostic);
            }
        }
    }

    /// <summary>The document without the finding, or null where a fix could change what the program does.</summary>
    private protected abstract Document? Fix(FixTarget target, CancellationToken cancellationToken);
}
