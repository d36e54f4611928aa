using System.Composition;
using Atoll.Analyzers.CodeFixes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.Contracts.CodeFixes;

/// <summary>ATL2003: <c>value.HasFlag(flag)</c> becomes <c>(value &amp; flag) == flag</c>, which boxes nothing.</summary>
/// <remarks>The flag is written twice, so it must be a name.</remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class FlagTestFix() : KernelCodeFix("ATL2003", "Test the bits")
{
    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        if (target.Find<InvocationExpressionSyntax>() is not { Expression: MemberAccessExpressionSyntax access, ArgumentList.Arguments: { Count: 1 } arguments } call
            || target.Model.GetSymbolInfo(call, cancellationToken).Symbol is not IMethodSymbol { Name: "HasFlag", ContainingType.SpecialType: SpecialType.System_Enum }
            || !IsName(arguments[0].Expression)
            || !SymbolEqualityComparer.Default.Equals(
                target.Model.GetTypeInfo(access.Expression, cancellationToken).Type, target.Model.GetTypeInfo(arguments[0].Expression, cancellationToken).Type))
        {
            return null;
        }

        string flag = arguments[0].Expression.ToString();
        ExpressionSyntax test = SyntaxFactory.ParseExpression($"(({access.Expression.WithoutTrivia()} & {flag}) == {flag})").WithTriviaFrom(call);
        return target.Replace(call, test.WithAdditionalAnnotations(Microsoft.CodeAnalysis.Simplification.Simplifier.Annotation));
    }

    private static bool IsName(ExpressionSyntax expression) =>
        expression is IdentifierNameSyntax
        || expression is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax or MemberAccessExpressionSyntax } member && IsName(member.Expression);
}
