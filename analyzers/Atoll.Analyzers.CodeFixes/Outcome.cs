using Microsoft.CodeAnalysis;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>What the compiler says to a changed file, asked before the change is offered.</summary>
internal static class Outcome
{
    /// <summary>The change, or null when it brings an error of C# into the file.</summary>
    public static Document? IfCompiles(FixTarget target, Document? changed, CancellationToken cancellationToken) =>
        changed is not null
        && Diagnostics(target, changed, cancellationToken) is { } found
        && found.Count(IsError) <= target.Model.GetDiagnostics(cancellationToken: cancellationToken).Count(IsError)
            ? changed
            : null;

    /// <summary>What the compiler says to the changed file.</summary>
    public static ImmutableArray<Diagnostic> Diagnostics(
        FixTarget target, Document changed, CancellationToken cancellationToken)
    {
        SyntaxTree before = target.Root.SyntaxTree;
        if (!changed.TryGetSyntaxRoot(out SyntaxNode? root))
        {
            return [];
        }

        SyntaxTree after = before.WithRootAndOptions(root, before.Options);
        return target.Model.Compilation.ReplaceSyntaxTree(before, after).GetSemanticModel(after)
            .GetDiagnostics(cancellationToken: cancellationToken);
    }

    private static bool IsError(Diagnostic diagnostic) => diagnostic.Severity == DiagnosticSeverity.Error;
}
