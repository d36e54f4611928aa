using System.IO;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>The place that a fix starts from.</summary>
internal sealed class FixTarget(Document document, SyntaxNode root, SemanticModel model, Diagnostic diagnostic)
{
    public SyntaxNode Root { get; } = root;

    public SemanticModel Model { get; } = model;

    public Diagnostic Diagnostic { get; } = diagnostic;

    public TextSpan Span => Diagnostic.Location.SourceSpan;

    public Project Project => document.Project;

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

    public Document Change(TextSpan before, string after) => Change([new TextChange(before, after)]);

    public Document Change(IEnumerable<TextChange> changes) =>
        document.WithText(Root.SyntaxTree.GetText().WithChanges(changes));

    /// <summary>
    /// Replaces nodes of any file of the solution. The change is given the node and what the changes inside it made of
    /// it. Null when a node is not of a file that can be edited.
    /// </summary>
    public Solution? ReplaceAnywhere(IEnumerable<SyntaxNode> nodes, Func<SyntaxNode, SyntaxNode, SyntaxNode> change)
    {
        Solution before = Project.Solution;
        Solution after = before;
        foreach (IGrouping<SyntaxTree, SyntaxNode> inOneFile in nodes.GroupBy(static node => node.SyntaxTree))
        {
            if (before.GetDocument(inOneFile.Key) is not { } file || file is SourceGeneratedDocument)
            {
                return null;
            }

            after = after.WithDocumentSyntaxRoot(file.Id, inOneFile.Key.GetRoot().ReplaceNodes(inOneFile, change));
        }

        return after;
    }

    /// <summary>The project's file of that name that is not source, or null.</summary>
    public TextDocument? AdditionalFile(string name) =>
        Project.AdditionalDocuments.FirstOrDefault(file => Path.GetFileName(file.FilePath ?? file.Name) == name);

    /// <summary>Edits a file that is not source.</summary>
    public Solution ChangeAdditional(TextDocument file, SourceText text, TextSpan before, string after) =>
        Project.Solution.WithAdditionalDocumentText(file.Id, text.WithChanges(new TextChange(before, after)));
}
