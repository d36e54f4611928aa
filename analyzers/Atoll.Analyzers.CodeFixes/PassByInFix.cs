using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0305: a large parameter that is only read is passed by <c>in</c>. Callers stay as they are.</summary>
/// <remarks>
/// Private methods of a type that is not partial and local functions only, as others may keep a pointer to the method; no
/// write, no capture, and no other name by which the value could change meanwhile. Inside, a struct that is not readonly is read only through its fields, since a call would act on a
/// copy.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class PassByInFix() : KernelCodeFix("ATL0305", "Pass it by 'in'")
{
    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        if (target.Find<ParameterSyntax>() is not { } parameter
            || target.Model.GetDeclaredSymbol(parameter, cancellationToken) is not
                { ContainingSymbol: IMethodSymbol method } symbol
            || MemberUses.FindAll(target.Model, symbol, cancellationToken) is not { } uses
            || !uses.All(use => OnlyReads(target.Model, use, symbol.Type))
            || !CanChange(target.Model, parameter, method)
            || !QuietCode.KeepsArgument(target.Model, method, symbol, cancellationToken))
        {
            return null;
        }

        return target.Replace(parameter, WithIn(parameter));
    }

    /// <summary>Says whether every call of the method is in sight, and stays as it is when a parameter becomes <c>in</c>.</summary>
    internal static bool CanChange(SemanticModel model, ParameterSyntax parameter, IMethodSymbol method) =>
        method is { DeclaredAccessibility: Accessibility.Private, MethodKind: MethodKind.Ordinary }
            or { MethodKind: MethodKind.LocalFunction }
        && method.ContainingType.DeclaringSyntaxReferences.Length == 1
        && !parameter.Ancestors().OfType<TypeDeclarationSyntax>().First().DescendantNodes()
            .Any(node => IsPointerTo(model, node, method));

    internal static ParameterSyntax WithIn(ParameterSyntax parameter) =>
        parameter.AddModifiers(SyntaxFactory.Token(SyntaxKind.InKeyword).WithTrailingTrivia(SyntaxFactory.Space));

    private static bool OnlyReads(SemanticModel model, ExpressionSyntax use, ITypeSymbol type)
    {
        bool isCaptured = use.Ancestors().Any(static node => node is AnonymousFunctionExpressionSyntax)
            || model.GetEnclosingSymbol(use.SpanStart) is not IMethodSymbol inner
            || model.GetSymbolInfo(use).Symbol is { } parameter
                && !SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, inner);
        return !isCaptured && !MemberUses.MayWrite(use)
            && (use.Parent is not MemberAccessExpressionSyntax access
                || !MemberUses.MayWrite(access)
                && (type.IsReadOnly || model.GetSymbolInfo(access).Symbol is IFieldSymbol));
    }

    private static bool IsPointerTo(SemanticModel model, SyntaxNode node, IMethodSymbol method) =>
        node is IdentifierNameSyntax name && name.Identifier.ValueText == method.Name
            && name.FirstAncestorOrSelf<ExpressionSyntax>(static part => part.Parent is not MemberAccessExpressionSyntax)
                is not { Parent: InvocationExpressionSyntax }
            && SymbolEqualityComparer.Default.Equals(
                model.GetSymbolInfo(name).Symbol?.OriginalDefinition, method.OriginalDefinition);
}
