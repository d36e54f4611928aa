using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0009: a parameter of interface type, to which only structs are passed, gets a type parameter for them.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class ConstrainReceiverFix() : KernelCodeFix("ATL0009", "Use a constrained type parameter")
{
    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        ExpressionSyntax? receiver = target.Find<ExpressionSyntax>() switch
        {
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } => access.Expression,
            MemberAccessExpressionSyntax access => access.Expression,
            ElementAccessExpressionSyntax element => element.Expression,
            _ => null,
        };
        return receiver is not null
            && target.Model.GetSymbolInfo(receiver, cancellationToken).Symbol is IParameterSymbol parameter
            ? ConstrainedGeneric.Make(target, parameter, cancellationToken)
            : null;
    }
}
