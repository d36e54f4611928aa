using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0203: a local that is disposed in a <c>finally</c> becomes a <c>using</c>.</summary>
/// <remarks>
/// The declaration stands right before the <c>try</c>, which ends the block, and nothing else is done in the
/// <c>finally</c>: then both run at the same moment. A call on a struct that <c>using</c> made read-only could act on a
/// copy, so the variable is not used otherwise unless it is a reference.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class UsingForFinallyFix() : KernelCodeFix("ATL0203", "Use 'using'")
{
    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        if (target.Find<TryStatementSyntax>() is not
                { Parent: BlockSyntax outer, Catches.Count: 0, Finally.Block.Statements.Count: 1 } attempt
            || outer.Statements.Last() != attempt
            || outer.Statements.ElementAtOrDefault(outer.Statements.Count - 2) is not LocalDeclarationStatementSyntax
                { UsingKeyword.RawKind: 0, Declaration.Variables.Count: 1 } declaration
            || target.Model.GetDeclaredSymbol(declaration.Declaration.Variables[0], cancellationToken) is not ILocalSymbol local
            || !Disposes(attempt.Finally.Block.Statements[0], local.Name)
            || MemberUses.FindAll(target.Model, local, cancellationToken) is not { } uses
            || uses.Any(MemberUses.MayWrite)
            || local.Type is not ({ IsReferenceType: true } or { IsReadOnly: true }) && uses.Count > 1)
        {
            return null;
        }

        SyntaxToken keyword = SyntaxFactory.Token(SyntaxKind.UsingKeyword)
            .WithLeadingTrivia(declaration.GetLeadingTrivia()).WithTrailingTrivia(SyntaxFactory.Space);
        IEnumerable<StatementSyntax> statements =
        [
            .. outer.Statements.Take(outer.Statements.Count - 2),
            declaration.WithoutLeadingTrivia().WithUsingKeyword(keyword),
            .. attempt.Block.Statements.Select(static one => one.WithAdditionalAnnotations(Formatter.Annotation)),
        ];
        return target.Replace(outer, outer.WithStatements([.. statements]));
    }

    private static bool Disposes(StatementSyntax statement, string variable) =>
        statement is ExpressionStatementSyntax
        {
            Expression: InvocationExpressionSyntax
            {
                ArgumentList.Arguments.Count: 0,
                Expression: MemberAccessExpressionSyntax
                {
                    Name.Identifier.ValueText: "Dispose",
                    Expression: IdentifierNameSyntax name,
                },
            },
        } && name.Identifier.ValueText == variable;
}
