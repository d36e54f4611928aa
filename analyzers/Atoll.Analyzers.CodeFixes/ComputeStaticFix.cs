using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0602: a static that is a simple expression of constants is computed where it is read.</summary>
/// <remarks>
/// Operators, constants, other readonly statics and addresses of functions: as often as it is computed, it is the same.
/// For private readonly fields of a type that is not partial, and for properties that only get.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class ComputeStaticFix() : KernelCodeFix("ATL0602", "Compute it where it is read")
{
    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        if (target.Find<EqualsValueClauseSyntax>() is not { } initializer
            || !IsSameAlways(target.Model.GetOperation(initializer.Value, cancellationToken)))
        {
            return null;
        }

        return initializer.Parent switch
        {
            VariableDeclaratorSyntax
            {
                Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: FieldDeclarationSyntax field },
            } variable when target.Model.GetDeclaredSymbol(variable, cancellationToken) is IFieldSymbol
                {
                    IsReadOnly: true, DeclaredAccessibility: Accessibility.Private,
                } symbol && IsOnlyRead(target, symbol, cancellationToken)
                => target.Replace(field, Property(field, variable)),
            PropertyDeclarationSyntax property
                when target.Model.GetDeclaredSymbol(property, cancellationToken) is { SetMethod: null } symbol
                    && IsOnlyRead(target, symbol, cancellationToken)
                => target.Replace(property, Property(property)),
            _ => null,
        };
    }

    private static bool IsSameAlways(IOperation? value) =>
        value is not null && value.Everything().All(static part => part switch
        {
            ILiteralOperation or IParenthesizedOperation or ISizeOfOperation or IDefaultValueOperation
                or IConditionalOperation or IAddressOfOperation or IMethodReferenceOperation { Method.IsStatic: true } => true,
            IFieldReferenceOperation reference => reference.Field is { IsConst: true } or { IsStatic: true, IsReadOnly: true },
            IBinaryOperation binary => binary is { OperatorMethod: null, IsChecked: false },
            IUnaryOperation unary => unary is { OperatorMethod: null, IsChecked: false },
            IConversionOperation conversion => conversion is { OperatorMethod: null, IsChecked: false },
            _ => false,
        });

    // A property has no place in memory.
    private static bool IsOnlyRead(FixTarget target, ISymbol member, CancellationToken cancellationToken) =>
        MemberUses.FindAll(target.Model, member, cancellationToken) is { } uses
        && !uses.Any(static use => MemberUses.MayWrite(use)
            || use.Parent is ArgumentSyntax argument && argument.RefKindKeyword.IsKind(SyntaxKind.InKeyword));

    private static PropertyDeclarationSyntax Property(FieldDeclarationSyntax field, VariableDeclaratorSyntax variable) =>
        SyntaxFactory.PropertyDeclaration(
            field.AttributeLists,
            [.. field.Modifiers.Where(static modifier => !modifier.IsKind(SyntaxKind.ReadOnlyKeyword))],
            field.Declaration.Type,
            explicitInterfaceSpecifier: null,
            variable.Identifier,
            accessorList: null,
            Arrow(variable.Initializer!),
            initializer: null,
            field.SemicolonToken);

    private static PropertyDeclarationSyntax Property(PropertyDeclarationSyntax property) =>
        property.WithIdentifier(property.Identifier.WithTrailingTrivia(SyntaxFactory.Space))
            .WithAccessorList(null)
            .WithExpressionBody(Arrow(property.Initializer!))
            .WithInitializer(null);

    private static ArrowExpressionClauseSyntax Arrow(EqualsValueClauseSyntax initializer) =>
        SyntaxFactory.ArrowExpressionClause(
            SyntaxFactory.Token(SyntaxKind.EqualsGreaterThanToken).WithTriviaFrom(initializer.EqualsToken),
            initializer.Value);
}
