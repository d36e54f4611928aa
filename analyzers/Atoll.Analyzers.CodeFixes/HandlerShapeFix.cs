using System.Composition;
using Atoll.Analyzers.Contracts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0902: a handler becomes static and <c>[InterruptSafe]</c>. Its parameters and result are left alone.</summary>
/// <remarks>
/// Static only where it is private, uses no instance and is not called on one. Both at once, so that fixing each is the
/// same edit.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class HandlerShapeFix() : KernelCodeFix("ATL0902", "Give the handler its shape")
{
    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        if (!target.Diagnostic.Properties.TryGetValue(InterruptHandlerShapeAnalyzer.Missing, out string? missing)
            || target.Find<MethodDeclarationSyntax>() is not { } declaration
            || target.Model.GetDeclaredSymbol(declaration, cancellationToken) is not { } handler)
        {
            return null;
        }

        bool becomesStatic = !handler.IsStatic && MayBeStatic(target.Model, handler, declaration, cancellationToken);
        if (missing == InterruptHandlerShapeAnalyzer.MissingStatic && !becomesStatic)
        {
            return null;
        }

        MethodDeclarationSyntax shaped = becomesStatic ? MakeStatic(declaration) : declaration;
        return (Contract.Of(handler).Promises & Promises.InterruptSafe) != 0
            ? target.Replace(declaration, shaped)
            : AttributeLists.Add(declaration, shaped, ContractAttributes.Of(Promises.InterruptSafe)) is { } safe
                ? target.Replace(declaration, safe)
                : null;
    }

    private static bool MayBeStatic(
        SemanticModel model, IMethodSymbol handler, MethodDeclarationSyntax declaration, CancellationToken cancellationToken)
    {
        IOperation? body = model.GetOperation(declaration, cancellationToken);
        return handler is
            {
                DeclaredAccessibility: Accessibility.Private, ExplicitInterfaceImplementations.IsEmpty: true, IsReadOnly: false,
            }
            && body is not null && !body.Everything().OfType<IInstanceReferenceOperation>().Any(static reference =>
                reference.ReferenceKind == InstanceReferenceKind.ContainingTypeInstance)
            && MemberUses.FindAll(model, handler, cancellationToken) is { } uses
            && uses.All(static use => use is IdentifierNameSyntax);
    }

    private static MethodDeclarationSyntax MakeStatic(MethodDeclarationSyntax declaration)
    {
        int place = declaration.Modifiers.Any(SyntaxKind.PrivateKeyword) ? 1 : 0;
        SyntaxToken next = place < declaration.Modifiers.Count
            ? declaration.Modifiers[place]
            : declaration.ReturnType.GetFirstToken();
        SyntaxToken keyword = SyntaxFactory.Token(SyntaxKind.StaticKeyword)
            .WithLeadingTrivia(next.LeadingTrivia).WithTrailingTrivia(SyntaxFactory.Space);
        MethodDeclarationSyntax bare = declaration.ReplaceToken(next, next.WithLeadingTrivia(SyntaxTriviaList.Empty));
        return bare.WithModifiers(bare.Modifiers.Insert(place, keyword));
    }
}
