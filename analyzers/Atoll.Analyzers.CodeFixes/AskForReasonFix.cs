using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0701: the member becomes <c>[Trusted]</c>, with an empty reason.</summary>
/// <remarks>An empty reason ends no proof: the finding stays until somebody has written one.</remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class AskForReasonFix() : SolutionCodeFix("ATL0701", "Ask for the reason with [Trusted(Safety = \"\")]")
{
    private const string Trusted = "Atoll.TrustedAttribute";

    private protected override Solution? FixSolution(FixTarget target, CancellationToken cancellationToken)
    {
        if (target.Find<MemberDeclarationSyntax>() is not { } member
            || target.Model.GetDeclaredSymbol(member, cancellationToken) is not { Kind: SymbolKind.Method or SymbolKind.Property } symbol
            || symbol.HasAttribute(Trusted))
        {
            return null;
        }

        return target.ReplaceAnywhere(
            [member], static (_, inner) => AttributeLists.Add(inner, ["Atoll.Trusted(Safety = \"\")"]) ?? inner);
    }
}
