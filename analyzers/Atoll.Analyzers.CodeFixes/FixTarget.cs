using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>The place that a fix starts from.</summary>
internal sealed class FixTarget(Document document, SyntaxNode root, SemanticModel model, TextSpan span)
{
    public SyntaxNode Root { get; } = root;

    public SemanticModel Model { get; } = model;

    public TextSpan Span { get; } = span;

    /// <summary>The reported node, or the nearest one around it of the type.</summary>
    public T? Find<T>()
        where T : SyntaxNode =>
        Root.FindNode(Span, getInnermostNodeForTie: true).FirstAncestorOrSelf<T>();

    public Document Replace(SyntaxNode before, SyntaxNode after) =>
        document.WithSyntaxRoot(Root.ReplaceNode(before, after));

    public Document Replace(SyntaxNode before, IEnumerable<SyntaxNode> after) =>
        document.WithSyntaxRoot(Root.ReplaceNode(before, after));

    public Document Remove(SyntaxNode node) =>
        document.WithSyntaxRoot(Root.RemoveNode(node, SyntaxRemoveOptions.KeepUnbalancedDirectives)!);

    public Document Change(TextSpan before, string after) =>
        document.WithText(Root.SyntaxTree.GetText().WithChanges(new TextChange(before, after)));
}
