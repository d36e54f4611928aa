using System.Composition;
using Atoll.Analyzers.CodeFixes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.Contracts.CodeFixes;

/// <summary>ATL2002: a small array that never leaves its method becomes memory of the stack.</summary>
/// <remarks>
/// Only for numbers, a constant length up to <see cref="BytesMax"/>, outside loops, and where the local is only indexed,
/// enumerated or asked for its length.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class StackallocFix() : KernelCodeFix("ATL2002", "Use stackalloc")
{
    private const int BytesMax = 1024;
    private const int LargestElementBytes = 16;

    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        if (target.Find<ArrayCreationExpressionSyntax>() is not { Parent: EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax variable } } creation
            || variable.Parent is not VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax } declaration
            || target.Model.GetTypeInfo(creation, cancellationToken).Type is not IArrayTypeSymbol { Rank: 1, ElementType: { } element }
            || !IsNumber(element) || !IsSmall(creation, target.Model) || !IsPlainCode(creation)
            || target.Model.Compilation.GetTypeByMetadataName("System.Span`1") is not { } span
            || target.Model.GetDeclaredSymbol(variable, cancellationToken) is not { } local || !StaysHere(local, creation, target.Model))
        {
            return null;
        }

        string type = span.Construct(element).ToMinimalDisplayString(target.Model, declaration.SpanStart);
        TypeSyntax declared = SyntaxFactory.ParseTypeName(type).WithTriviaFrom(declaration.Type);
        ExpressionSyntax value = SyntaxFactory.ParseExpression("stackalloc " + creation.ToString().Substring("new".Length).TrimStart()).WithTriviaFrom(creation);
        return target.Replace(declaration, declaration.WithType(declared).WithVariables(
            SyntaxFactory.SingletonSeparatedList(variable.WithInitializer(variable.Initializer!.WithValue(value)))));
    }

    private static bool IsNumber(ITypeSymbol type) =>
        type.SpecialType is >= SpecialType.System_Boolean and <= SpecialType.System_Double || type.TypeKind == TypeKind.Enum;

    private static bool IsSmall(ArrayCreationExpressionSyntax creation, SemanticModel model)
    {
        if (creation.Initializer is { } initializer)
        {
            return initializer.Expressions.Count is > 0 and <= BytesMax / LargestElementBytes;
        }

        return creation.Type.RankSpecifiers[0].Sizes[0] is { } size && model.GetConstantValue(size).Value is int length
            && length is > 0 and <= BytesMax / LargestElementBytes;
    }

    // In a loop it would take more stack each time round; in a state machine there is no such local.
    private static bool IsPlainCode(SyntaxNode node)
    {
        foreach (SyntaxNode ancestor in node.Ancestors())
        {
            switch (ancestor)
            {
                case ForStatementSyntax or WhileStatementSyntax or DoStatementSyntax or CommonForEachStatementSyntax or AnonymousFunctionExpressionSyntax or CatchClauseSyntax or FinallyClauseSyntax:
                    return false;
                case LocalFunctionStatementSyntax local:
                    return !local.Modifiers.Any(SyntaxKind.AsyncKeyword) && !local.DescendantNodes().Any(static inner => inner is YieldStatementSyntax);
                case BaseMethodDeclarationSyntax method:
                    return !method.Modifiers.Any(SyntaxKind.AsyncKeyword) && !method.DescendantNodes().Any(static inner => inner is YieldStatementSyntax);
            }
        }

        return true;
    }

    private static bool StaysHere(ISymbol local, SyntaxNode creation, SemanticModel model)
    {
        SyntaxNode? scope = creation.FirstAncestorOrSelf<BlockSyntax>();
        return scope is not null && scope.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.ValueText == local.Name && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name).Symbol, local))
            .All(IsLocalUse);
    }

    private static bool IsLocalUse(IdentifierNameSyntax name) =>
        !name.Ancestors().Any(static ancestor => ancestor is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)
        && name.Parent switch
        {
            ElementAccessExpressionSyntax access => access.Expression == name && access.ArgumentList.Arguments.All(static one => one.Expression is not RangeExpressionSyntax),
            MemberAccessExpressionSyntax member => member.Expression == name && member.Name.Identifier.ValueText == "Length",
            CommonForEachStatementSyntax loop => loop.Expression == name,
            _ => false,
        };
}
