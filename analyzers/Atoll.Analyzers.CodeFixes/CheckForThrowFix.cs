using System.Composition;
using Atoll.Analyzers.Contracts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Simplification;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0201: a throw that nothing catches becomes a check, which ends the instance in its stead.</summary>
/// <remarks>
/// For statements, and where the end of the statement may be reachable. Not in code that promises never to stop the
/// instance, and not under handlers.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class CheckForThrowFix() : KernelCodeFix("ATL0201", "Check instead")
{
    private const string Class = "Atoll.Base.Check";

    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        if (target.Find<ThrowStatementSyntax>() is not { Expression: not null } statement
            || statement.Span != target.Span
            || statement.Ancestors().OfType<TryStatementSyntax>().Any(static guarded => guarded.Catches.Count > 0)
            || target.Model.Compilation.GetTypeByMetadataName(Class) is not { } check
            || !target.Model.IsAccessible(target.Span.Start, check)
            || (Contract.Of(target.Model.GetEnclosingSymbol(target.Span.Start, cancellationToken)).Promises
                & Promises.NoPanic) != 0)
        {
            return null;
        }

        Document changed = ConditionOf(statement) is { } condition
            ? target.Replace(condition.Parent!, Check(Negate(target.Model, condition), condition.Parent!))
            : target.Replace(statement, Check("false", statement));
        return Outcome.IfCompiles(target, changed, cancellationToken);
    }

    // Of an if that does nothing but throw.
    private static ExpressionSyntax? ConditionOf(ThrowStatementSyntax statement)
    {
        SyntaxNode branch = statement.Parent is BlockSyntax { Statements.Count: 1 } block ? block : statement;
        return branch.Parent is IfStatementSyntax { Else: null } test && test.Statement == branch
            && test.Parent is not ElseClauseSyntax
            ? test.Condition
            : null;
    }

    private static StatementSyntax Check(string condition, SyntaxNode place)
    {
        var statement = (ExpressionStatementSyntax)SyntaxFactory.ParseStatement($"global::{Class}.That({condition});");
        ExpressionSyntax name =
            ((MemberAccessExpressionSyntax)((InvocationExpressionSyntax)statement.Expression).Expression).Expression;
        return statement.ReplaceNode(name, name.WithAdditionalAnnotations(Simplifier.Annotation))
            .WithTriviaFrom(place);
    }

    private static string Negate(SemanticModel model, ExpressionSyntax condition) =>
        condition switch
        {
            PrefixUnaryExpressionSyntax unary when unary.IsKind(SyntaxKind.LogicalNotExpression) => $"{unary.Operand}",
            BinaryExpressionSyntax binary when Opposite(model, binary) is { } opposite =>
                $"{binary.Left.WithoutTrivia()} {opposite} {binary.Right.WithoutTrivia()}",
            IdentifierNameSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax => $"!{condition}",
            _ => $"!({condition})",
        };

    // Of integers only: a comparison with NaN is as false as its opposite.
    private static string? Opposite(SemanticModel model, BinaryExpressionSyntax binary) =>
        model.GetOperation(binary) is IBinaryOperation { OperatorMethod: null, IsLifted: false } operation
        && operation.LeftOperand.Type?.SpecialType is not (SpecialType.System_Single or SpecialType.System_Double)
            ? binary.Kind() switch
            {
                SyntaxKind.EqualsExpression => "!=",
                SyntaxKind.NotEqualsExpression => "==",
                SyntaxKind.LessThanExpression => ">=",
                SyntaxKind.LessThanOrEqualExpression => ">",
                SyntaxKind.GreaterThanExpression => "<=",
                SyntaxKind.GreaterThanOrEqualExpression => "<",
                _ => null,
            }
            : null;
}
