using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0105: a local that keeps a guard becomes a <c>using</c>.</summary>
/// <remarks>
/// Where nothing ends or changes it by hand: a second end could open what another guard still closes, and a call on what
/// <c>using</c> made read-only could act on a copy.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class UseGuardFix() : KernelCodeFix("ATL0105", "End the guard with 'using'")
{
    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        if (target.Find<LocalDeclarationStatementSyntax>() is not
                { UsingKeyword.RawKind: 0, Parent: BlockSyntax, Declaration.Variables.Count: 1 } declaration
            || declaration.Declaration.Variables[0] is var variable && variable.Initializer?.Value.Span != target.Span
            || target.Model.GetDeclaredSymbol(variable, cancellationToken) is not { } guard
            || MemberUses.FindAll(target.Model, guard, cancellationToken) is not { Count: 0 })
        {
            return null;
        }

        SyntaxToken keyword = SyntaxFactory.Token(SyntaxKind.UsingKeyword)
            .WithLeadingTrivia(declaration.GetLeadingTrivia()).WithTrailingTrivia(SyntaxFactory.Space);
        return target.Replace(declaration, declaration.WithoutLeadingTrivia().WithUsingKeyword(keyword));
    }
}
