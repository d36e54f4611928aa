using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0002: a table of constants that is only read becomes a span over data of the image.</summary>
/// <remarks>For locals and for private static readonly fields of a type that is not partial.</remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class ConstantDataFix() : KernelCodeFix("ATL0002", "Use a ReadOnlySpan over constant data")
{
    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        if (target.Find<VariableDeclaratorSyntax>() is not
                { Parent: VariableDeclarationSyntax { Variables.Count: 1 } declaration } variable
            || variable.Initializer?.Value is not { } value || value.Span != target.Span
            || target.Model.GetDeclaredSymbol(variable, cancellationToken) is not { } symbol
            || ElementType(symbol) is not { } element
            || Data(target.Model, value, element, cancellationToken) is not { } data
            || MemberUses.FindAll(target.Model, symbol, cancellationToken) is not { } uses || !uses.All(OnlyReads)
            || symbol is ILocalSymbol && uses.Any(IsCaptured))
        {
            return null;
        }

        return declaration.Parent switch
        {
            LocalDeclarationStatementSyntax => target.Replace(
                declaration,
                declaration.WithType(Span(element).WithTriviaFrom(declaration.Type))
                    .WithVariables([variable.WithInitializer(variable.Initializer.WithValue(data))])),
            FieldDeclarationSyntax field => target.Replace(field, Property(field, variable, element, data)),
            _ => null,
        };
    }

    private static ITypeSymbol? ElementType(ISymbol variable) =>
        (variable switch
        {
            ILocalSymbol local => local.Type,
            IFieldSymbol { IsStatic: true, IsReadOnly: true, DeclaredAccessibility: Accessibility.Private } field =>
                field.Type,
            _ => null,
        }) is IArrayTypeSymbol { Rank: 1, ElementType: { } element } && IsPrimitive(element) ? element : null;

    // bool to double; decimal is not data.
    private static bool IsPrimitive(ITypeSymbol type) =>
        type.SpecialType is >= SpecialType.System_Boolean and <= SpecialType.System_UInt64
            or SpecialType.System_Single or SpecialType.System_Double;

    private static ExpressionSyntax? Data(
        SemanticModel model, ExpressionSyntax value, ITypeSymbol element, CancellationToken cancellationToken)
    {
        InitializerExpressionSyntax? initializer = value switch
        {
            ArrayCreationExpressionSyntax creation => creation.Initializer,
            ImplicitArrayCreationExpressionSyntax creation => creation.Initializer,
            InitializerExpressionSyntax bare => bare,
            _ => null,
        };
        bool isConstant = initializer is not null && initializer.Expressions.All(
            expression => model.GetConstantValue(expression, cancellationToken).HasValue);
        if (!isConstant)
        {
            return null;
        }

        return value is InitializerExpressionSyntax
            ? SyntaxFactory.ParseExpression($"new {Name(element)}[] {value.WithoutTrivia()}").WithTriviaFrom(value)
            : value;
    }

    // Reads of an element and of the length mean the same on a span.
    private static bool OnlyReads(ExpressionSyntax use) =>
        use.Parent switch
        {
            ElementAccessExpressionSyntax element => element.Expression == use && !MemberUses.MayWrite(element)
                && element.ArgumentList.Arguments[0].Expression is not RangeExpressionSyntax
                && !element.ArgumentList.Arguments[0].Expression.IsKind(SyntaxKind.IndexExpression),
            MemberAccessExpressionSyntax access =>
                access.Expression == use && access.Name.Identifier.ValueText == "Length",
            ForEachStatementSyntax loop => loop.Expression == use,
            _ => false,
        };

    // A span cannot be; for a local function that does not capture after all, nothing is lost.
    private static bool IsCaptured(ExpressionSyntax use) =>
        use.Ancestors().Any(static node => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax);

    private static PropertyDeclarationSyntax Property(
        FieldDeclarationSyntax field, VariableDeclaratorSyntax variable, ITypeSymbol element, ExpressionSyntax data) =>
        SyntaxFactory.PropertyDeclaration(
            field.AttributeLists,
            [.. field.Modifiers.Where(static modifier => !modifier.IsKind(SyntaxKind.ReadOnlyKeyword))],
            Span(element).WithTrailingTrivia(SyntaxFactory.Space),
            explicitInterfaceSpecifier: null,
            variable.Identifier.WithTrailingTrivia(SyntaxFactory.Space),
            accessorList: null,
            SyntaxFactory.ArrowExpressionClause(
                SyntaxFactory.Token(SyntaxKind.EqualsGreaterThanToken).WithTrailingTrivia(SyntaxFactory.Space),
                data.WithoutTrivia()),
            initializer: null,
            field.SemicolonToken);

    private static TypeSyntax Span(ITypeSymbol element) =>
        SyntaxFactory.ParseTypeName($"System.ReadOnlySpan<{Name(element)}>");

    private static string Name(ITypeSymbol element) =>
        element.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat);
}
