using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0802: a bad answer is returned before the statement that reads the value beside it.</summary>
/// <remarks>
/// In functions that can hand it on (<see cref="Answer"/>). Offered at the first read in its block, since the check in
/// front of that one is for all.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class CheckFirstFix() : KernelCodeFix("ATL0802", "Return it first unless it is good")
{
    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        if (target.Find<ExpressionSyntax>() is not { } read || read.Span != target.Span
            || read.FirstAncestorOrSelf<StatementSyntax>() is not { Parent: BlockSyntax block } statement
            || statement is not (ExpressionStatementSyntax or LocalDeclarationStatementSyntax or ReturnStatementSyntax
                or IfStatementSyntax or SwitchStatementSyntax)
            || !EvaluationOrder.ComesFirst(read, statement))
        {
            return null;
        }

        ISymbol? answer = read switch
        {
            MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Value" } value =>
                Variable(target.Model, value.Expression),
            IdentifierNameSyntax name => Giver(target.Model, block, statement, Variable(target.Model, name)),
            _ => null,
        };
        if (answer is null || !IsFirst(target.Model, block, statement, answer, read)
            || Answer.ToReturn(target, statement, TypeOf(answer)) is not { } returned)
        {
            return null;
        }

        StatementSyntax check = returned.Return(answer.Name).WithLeadingTrivia(statement.GetLeadingTrivia())
            .WithAdditionalAnnotations(Formatter.Annotation);
        return Outcome.IfCompiles(
            target, target.Replace(statement, [check, statement.WithLeadingTrivia(Indent(statement))]), cancellationToken);
    }

    // Comments stay above what was there first.
    private static IEnumerable<SyntaxTrivia> Indent(StatementSyntax statement) =>
        statement.GetLeadingTrivia().Reverse().TakeWhile(static trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia));

    // What the call answered that gave the 'out' argument its value.
    private static ISymbol? Giver(SemanticModel model, BlockSyntax block, StatementSyntax statement, ISymbol? value)
    {
        StatementSyntax? call = block.Statements.TakeWhile(other => other != statement)
            .LastOrDefault(other => Mentions(model, other, value).Any());
        (ISymbol? answer, ExpressionSyntax? asked) = call switch
        {
            LocalDeclarationStatementSyntax { Declaration.Variables: { Count: 1 } variables } =>
                (model.GetDeclaredSymbol(variables[0]), variables[0].Initializer?.Value),
            ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax assignment } =>
                (Variable(model, assignment.Left), assignment.Right),
            _ => (null, null),
        };
        bool isGiven = asked is InvocationExpressionSyntax { ArgumentList.Arguments: var arguments }
            && arguments.Any(argument => argument.RefKindKeyword.IsKind(SyntaxKind.OutKeyword)
                && Mentions(model, argument, value).Any());
        return isGiven ? answer : null;
    }

    // Nothing writes the answer here, and nothing before used what it was about.
    private static bool IsFirst(
        SemanticModel model, BlockSyntax block, StatementSyntax statement, ISymbol answer, ExpressionSyntax read)
    {
        if (Mentions(model, statement, answer).Any(MemberUses.MayWrite))
        {
            return false;
        }

        return read is IdentifierNameSyntax || !block.Statements.TakeWhile(other => other != statement).Reverse()
            .TakeWhile(other => !Mentions(model, other, answer).Any(MemberUses.MayWrite))
            .SelectMany(other => Mentions(model, other, answer))
            .Any(static use => use.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Value" });
    }

    private static IEnumerable<ExpressionSyntax> Mentions(SemanticModel model, SyntaxNode scope, ISymbol? variable) =>
        scope.DescendantNodes().Where(node => node switch
        {
            IdentifierNameSyntax name => SymbolEqualityComparer.Default.Equals(Variable(model, name), variable),
            DeclarationExpressionSyntax { Designation: SingleVariableDesignationSyntax one } =>
                SymbolEqualityComparer.Default.Equals(model.GetDeclaredSymbol(one), variable),
            _ => false,
        }).Cast<ExpressionSyntax>();

    private static ISymbol? Variable(SemanticModel model, ExpressionSyntax expression) =>
        expression is IdentifierNameSyntax && model.GetSymbolInfo(expression).Symbol is ILocalSymbol or IParameterSymbol
            ? model.GetSymbolInfo(expression).Symbol
            : null;

    private static ITypeSymbol? TypeOf(ISymbol variable) =>
        variable switch
        {
            ILocalSymbol local => local.Type,
            IParameterSymbol parameter => parameter.Type,
            _ => null,
        };
}
