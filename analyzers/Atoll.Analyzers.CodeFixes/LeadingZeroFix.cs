using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0903: a logarithm becomes a count of leading zeros, which is one instruction.</summary>
/// <remarks>The lowest bit is set first, because the logarithm of zero is zero there.</remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class LeadingZeroFix() : KernelCodeFix("ATL0903", "Count leading zeros")
{
    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        if (target.Find<InvocationExpressionSyntax>() is not
                {
                    ArgumentList.Arguments.Count: 1,
                    Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Log2" } access,
                } call
            || target.Model.GetSymbolInfo(call, cancellationToken).Symbol is not IMethodSymbol method)
        {
            return null;
        }

        int? highest = method.Parameters[0].Type.SpecialType switch
        {
            SpecialType.System_UInt32 => 31,
            SpecialType.System_UInt64 => 63,
            _ => null,
        };
        return highest is null
            ? null
            : target.Replace(
                call,
                SyntaxFactory.ParseExpression(
                    $"({highest} - {access.Expression}.LeadingZeroCount(({call.ArgumentList.Arguments[0].Expression}) | 1))").WithTriviaFrom(call));
    }
}
