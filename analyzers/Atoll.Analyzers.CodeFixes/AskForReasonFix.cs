using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0701: the member becomes <c>[Trusted]</c>, with an empty reason.</summary>
/// <remarks>An empty reason ends no proof: the finding stays until somebody has written one.</remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class AskForReasonFix() : SolutionCodeFix("ATL0701", "Ask for the reason with [Trusted(Safety = \"\")]")
{
    private const string Trusted = "Trusted";

    private protected override Solution? FixSolution(FixTarget target, CancellationToken cancellationToken)
    {
        if (target.Find<MemberDeclarationSyntax>() is not (BaseMethodDeclarationSyntax or BasePropertyDeclarationSyntax) ||
            target.Find<MemberDeclarationSyntax>() is not { } member || member.AttributeLists.Any(IsTrusted))
        {
            return null;
        }

        AttributeArgumentSyntax reason = SyntaxFactory.AttributeArgument(
            SyntaxFactory.NameEquals("Safety"),
            nameColon: null,
            SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal("")));
        AttributeListSyntax list = SyntaxFactory.AttributeList([
            SyntaxFactory.Attribute(SyntaxFactory.ParseName(Trusted), SyntaxFactory.AttributeArgumentList([reason]))]);
        return target.ReplaceAnywhere([member], (_, inner) => Attributes.Add((MemberDeclarationSyntax)inner, list));
    }

    private static bool IsTrusted(AttributeListSyntax list) =>
        list.Attributes.Any(static attribute => attribute.Name.ToString() is Trusted or $"Atoll.{Trusted}");
}
