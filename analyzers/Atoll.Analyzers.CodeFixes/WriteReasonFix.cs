using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL1001: writes the empty place of the reason.</summary>
/// <remarks>Which is reported still: only a human has the reason, and a text made here would end proofs for nothing.</remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class WriteReasonFix() : KernelCodeFix("ATL1001", "Write the place of the reason")
{
    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken) =>
        target.Find<AttributeSyntax>() is { } attribute && attribute.ArgumentList is not { Arguments.Count: > 0 }
            ? target.Replace(
                attribute,
                attribute.WithArgumentList(SyntaxFactory.ParseAttributeArgumentList("(Safety = \"\")")))
            : null;
}
