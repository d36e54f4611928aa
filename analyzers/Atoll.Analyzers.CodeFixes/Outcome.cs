using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>What the compiler says to a changed file, asked before the change is offered.</summary>
internal static class Outcome
{
    /// <summary>The change, or null when it brings an error of C# into the file.</summary>
    public static Document? IfCompiles(FixTarget target, Document? changed, CancellationToken cancellationToken) =>
        changed is not null && Root(target, changed) is { } root
        && Errors(Diagnostics(target.Model.Compilation, target.Root.SyntaxTree, root, cancellationToken))
            <= Errors(target.Model.GetDiagnostics(cancellationToken: cancellationToken))
            ? changed
            : null;

    /// <summary>The change, or null when it brings an error of C# into any file of the project.</summary>
    public static Document? IfAllCompile(FixTarget target, Document? changed, CancellationToken cancellationToken)
    {
        Compilation before = target.Model.Compilation;
        return changed is not null && Root(target, changed) is { } root
            && Errors(Replace(before, target.Root.SyntaxTree, root, out _).GetDiagnostics(cancellationToken))
                <= Errors(before.GetDiagnostics(cancellationToken))
                ? changed
                : null;
    }

    /// <summary>What the compiler says to one changed file.</summary>
    public static ImmutableArray<Diagnostic> Diagnostics(
        Compilation compilation, SyntaxTree before, SyntaxNode root, CancellationToken cancellationToken) =>
        Replace(compilation, before, root, out SyntaxTree after).GetSemanticModel(after)
            .GetDiagnostics(cancellationToken: cancellationToken);

    public static int Errors(IEnumerable<Diagnostic> diagnostics) =>
        diagnostics.Count(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    // The change has made one of the two.
    private static SyntaxNode? Root(FixTarget target, Document changed) =>
        changed.TryGetSyntaxRoot(out SyntaxNode? root) ? root
        : changed.TryGetText(out SourceText? text) ? target.Root.SyntaxTree.WithChangedText(text).GetRoot()
        : null;

    private static Compilation Replace(Compilation compilation, SyntaxTree before, SyntaxNode root, out SyntaxTree after)
    {
        after = before.WithRootAndOptions(root, before.Options);
        return compilation.ReplaceSyntaxTree(before, after);
    }
}
