using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0202: handlers that nothing reaches can go; what they guard stays, with its finally.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class RemoveHandlersFix() : KernelCodeFix("ATL0202", "Remove the handlers, keep what they guard")
{
    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        if (target.Find<TryStatementSyntax>() is not { Parent: BlockSyntax outer } statement)
        {
            return null;
        }

        // Only the handlers let control go on behind the statement: without them the rest would be dead code.
        bool hasRest = outer.Statements.Last() != statement;
        if (hasRest
            && target.Model.AnalyzeControlFlow(statement.Block) is not { Succeeded: true, EndPointIsReachable: true })
        {
            return null;
        }

        if (statement.Finally is not null)
        {
            return target.Replace(statement, statement.WithCatches([]));
        }

        return Declares(statement.Block)
            ? target.Replace(
                statement,
                statement.Block.WithTriviaFrom(statement).WithAdditionalAnnotations(Formatter.Annotation))
            : target.Replace(statement, Statements(statement));
    }

    // The block is a scope: what it declares could meet a namesake outside.
    private static bool Declares(BlockSyntax block) =>
        block.Statements.Any(static statement =>
            statement is LocalDeclarationStatementSyntax or LocalFunctionStatementSyntax)
        || block.DescendantNodes(static node => node is not AnonymousFunctionExpressionSyntax)
            .Any(static node => node is SingleVariableDesignationSyntax);

    private static IEnumerable<StatementSyntax> Statements(TryStatementSyntax statement)
    {
        SyntaxList<StatementSyntax> statements = statement.Block.Statements;
        for (int i = 0; i < statements.Count; i++)
        {
            StatementSyntax moved = i == 0
                ? statements[i].WithLeadingTrivia(
                    statement.GetLeadingTrivia().AddRange(statements[i].GetLeadingTrivia().SkipWhile(IsIndent)))
                : statements[i];
            yield return moved.WithAdditionalAnnotations(Formatter.Annotation);
        }

        static bool IsIndent(SyntaxTrivia trivia) =>
            trivia.IsKind(SyntaxKind.WhitespaceTrivia) || trivia.IsKind(SyntaxKind.EndOfLineTrivia);
    }
}
