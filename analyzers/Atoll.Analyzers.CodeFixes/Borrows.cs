using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>What the uses of an owned value need of it.</summary>
internal static class Borrows
{
    /// <summary>Says whether a readonly reference is enough for the use, and no call would act on a copy.</summary>
    public static bool OnlyLooks(SemanticModel model, ExpressionSyntax use) =>
        use.Parent switch
        {
            MemberAccessExpressionSyntax access => model.GetSymbolInfo(access).Symbol switch
            {
                IMethodSymbol method => method.IsReadOnly,
                IPropertySymbol property => property.GetMethod is { IsReadOnly: true },
                _ => false,
            },
            ArgumentSyntax argument => model.GetOperation(argument) is IArgumentOperation { Parameter.RefKind: RefKind.In },
            _ => false,
        };

    /// <summary>Says whether the use is in a function inside the scope, which may run later or twice.</summary>
    public static bool IsCaptured(ExpressionSyntax use, SyntaxNode scope) =>
        use.Ancestors().TakeWhile(node => node != scope)
            .Any(static node => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax);
}
