using System.Composition;
using Atoll.Analyzers.Ownership;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0406: a member that changes nothing says <c>readonly</c>, and is then called on the value itself.</summary>
/// <remarks>
/// The compiler decides whether it writes something. To a call that would now act on a copy it does not always object, and
/// pointers it does not follow; so a member with one of these is left alone.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class MakeMemberReadOnlyFix() : SolutionCodeFix("ATL0406", "Make the member readonly")
{
    private protected override Solution? FixSolution(FixTarget target, CancellationToken cancellationToken)
    {
        IMethodSymbol? member = target.Model.GetSymbolInfo(target.Root.FindNode(target.Span, getInnermostNodeForTie: true), cancellationToken).Symbol switch
        {
            IMethodSymbol method => method.OriginalDefinition,
            IPropertySymbol property => property.OriginalDefinition.GetMethod,
            _ => null,
        };
        if (member is not { IsStatic: false, ContainingType.TypeKind: TypeKind.Struct, DeclaringSyntaxReferences: { Length: 1 } sources }
            || Owned.EndsReceiver(member)
            || Declaration(sources[0].GetSyntax(cancellationToken)) is not { } declaration
            || !target.Model.Compilation.ContainsSyntaxTree(declaration.SyntaxTree)
            || MakesPointer(declaration)
            || CallsOnCopy(target.Model.Compilation.GetSemanticModel(declaration.SyntaxTree), declaration)
            || !IsAccepted(target.Model.Compilation, declaration, cancellationToken))
        {
            return null;
        }

        return target.ReplaceAnywhere([declaration], static (_, node) => WithReadOnly(node));
    }

    // A property with one accessor is readonly as a whole.
    private static SyntaxNode? Declaration(SyntaxNode syntax) =>
        syntax switch
        {
            MethodDeclarationSyntax method => method.Modifiers.Any(SyntaxKind.PartialKeyword) ? null : method,
            AccessorDeclarationSyntax { Parent.Parent: BasePropertyDeclarationSyntax { AccessorList.Accessors.Count: 1 } property } =>
                property,
            AccessorDeclarationSyntax accessor => accessor,
            ArrowExpressionClauseSyntax { Parent: BasePropertyDeclarationSyntax property } => property,
            _ => null,
        };

    private static bool MakesPointer(SyntaxNode member) =>
        member.DescendantNodes().Any(static node => node is FixedStatementSyntax
            || node.IsKind(SyntaxKind.AddressOfExpression)
            || node is IdentifierNameSyntax { Identifier.ValueText: "Unsafe" or "MemoryMarshal" });

    private static bool IsAccepted(Compilation compilation, SyntaxNode member, CancellationToken cancellationToken)
    {
        SyntaxTree tree = member.SyntaxTree;
        SyntaxNode changed = tree.GetRoot(cancellationToken).ReplaceNode(member, WithReadOnly(member));
        return Outcome.Errors(Outcome.Diagnostics(compilation, tree, changed, cancellationToken))
            <= Outcome.Errors(compilation.GetSemanticModel(tree).GetDiagnostics(cancellationToken: cancellationToken));
    }

    private static bool CallsOnCopy(SemanticModel model, SyntaxNode member) =>
        member.DescendantNodes().Select(node => model.GetOperation(node)).Any(static operation => operation switch
        {
            IInvocationOperation call => IsInValue(call.Instance) && !call.TargetMethod.IsReadOnly,
            IPropertyReferenceOperation property =>
                IsInValue(property.Instance) && property.Property.GetMethod is not { IsReadOnly: true },
            _ => false,
        });

    // The value itself or something in one of its fields.
    private static bool IsInValue(IOperation? place) =>
        place switch
        {
            IInstanceReferenceOperation => true,
            { Type.IsReferenceType: true } => false,
            IFieldReferenceOperation field => IsInValue(field.Instance),
            IInlineArrayAccessOperation access => IsInValue(access.Instance),
            _ => false,
        };

    private static SyntaxNode WithReadOnly(SyntaxNode member)
    {
        switch (member)
        {
            case AccessorDeclarationSyntax accessor:
                return accessor.WithKeyword(accessor.Keyword.WithoutTrivia().WithTrailingTrivia(accessor.Keyword.TrailingTrivia))
                    .WithModifiers([.. accessor.Modifiers, Keyword(accessor.Keyword.LeadingTrivia)]);
            case MethodDeclarationSyntax { Modifiers.Count: 0 } method:
                return method.WithReturnType(method.ReturnType.WithoutLeadingTrivia())
                    .WithModifiers([Keyword(method.ReturnType.GetLeadingTrivia())]);
            case BasePropertyDeclarationSyntax { Modifiers.Count: 0 } property:
                return property.WithType(property.Type.WithoutLeadingTrivia())
                    .WithModifiers([Keyword(property.Type.GetLeadingTrivia())]);
            default:
                var declaration = (MemberDeclarationSyntax)member;
                return declaration.WithModifiers([.. declaration.Modifiers, Keyword(default)]);
        }
    }

    private static SyntaxToken Keyword(SyntaxTriviaList leading) =>
        SyntaxFactory.Token(SyntaxKind.ReadOnlyKeyword).WithLeadingTrivia(leading)
            .WithTrailingTrivia(SyntaxFactory.Space);
}
