using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0008: a finalizer that never runs can go.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class RemoveFinalizerFix() : KernelCodeFix("ATL0008", "Remove the finalizer")
{
    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken) =>
        target.Find<DestructorDeclarationSyntax>() is { } finalizer ? target.Remove(finalizer) : null;
}
