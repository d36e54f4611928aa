using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>Finds where a variable is used, and how.</summary>
internal static class MemberUses
{
    /// <summary>Every use of a local, a parameter or a private field, or null when some may be in another file.</summary>
    public static IReadOnlyList<ExpressionSyntax>? FindAll(
        SemanticModel model, ISymbol variable, CancellationToken cancellationToken)
    {
        ISymbol scope = variable is ILocalSymbol or IParameterSymbol ? variable.ContainingSymbol : variable.ContainingType;
        if (scope.DeclaringSyntaxReferences.Length != 1
            || scope.DeclaringSyntaxReferences[0].GetSyntax(cancellationToken) is var syntax
                && syntax.SyntaxTree != model.SyntaxTree
            || syntax is TypeDeclarationSyntax type && type.Modifiers.Any(SyntaxKind.PartialKeyword))
        {
            return null;
        }

        return
        [
            .. syntax.DescendantNodes().OfType<IdentifierNameSyntax>()
                .Where(name => name.Identifier.ValueText == variable.Name
                    && Means(model.GetSymbolInfo(name, cancellationToken), variable))
                .Select(Qualified),
        ];
    }

    /// <summary>Says whether the use writes, or makes a reference through which something else may.</summary>
    public static bool MayWrite(ExpressionSyntax use) =>
        use.Parent switch
        {
            AssignmentExpressionSyntax assignment => assignment.Left == use,
            PostfixUnaryExpressionSyntax postfix => !postfix.IsKind(SyntaxKind.SuppressNullableWarningExpression),
            PrefixUnaryExpressionSyntax prefix => prefix.Kind() is SyntaxKind.PreIncrementExpression
                or SyntaxKind.PreDecrementExpression or SyntaxKind.AddressOfExpression,
            ArgumentSyntax argument => argument.Parent is TupleExpressionSyntax
                || argument.RefKindKeyword.Kind() is SyntaxKind.RefKeyword or SyntaxKind.OutKeyword,
            RefExpressionSyntax => true,
            ParenthesizedExpressionSyntax parenthesized => MayWrite(parenthesized),
            _ => false,
        };

    // Under a cast, the address of a method has only candidates.
    private static bool Means(SymbolInfo info, ISymbol variable) =>
        info.CandidateSymbols.Add(info.Symbol!)
            .Any(symbol => SymbolEqualityComparer.Default.Equals(symbol?.OriginalDefinition, variable));

    // C.s_x is one use, not a use of s_x on something.
    private static ExpressionSyntax Qualified(IdentifierNameSyntax name) =>
        name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
}
