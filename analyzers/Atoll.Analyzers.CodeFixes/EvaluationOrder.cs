using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>What a statement does before it comes to an expression in it.</summary>
internal static class EvaluationOrder
{
    /// <summary>
    /// Says whether the expression is always evaluated, and before the statement has called or changed anything: then it
    /// may as well be evaluated in front of it.
    /// </summary>
    public static bool ComesFirst(ExpressionSyntax read, StatementSyntax statement)
    {
        SyntaxNode inner = read;
        foreach (SyntaxNode outer in read.Ancestors().TakeWhile(node => node != statement.Parent))
        {
            bool isUnderCondition = outer switch
            {
                BinaryExpressionSyntax binary => binary.Right == inner && binary.Kind() is SyntaxKind.LogicalAndExpression
                    or SyntaxKind.LogicalOrExpression or SyntaxKind.CoalesceExpression,
                ConditionalExpressionSyntax choice => choice.Condition != inner,
                SwitchExpressionSyntax choice => choice.GoverningExpression != inner,
                ConditionalAccessExpressionSyntax access => access.Expression != inner,
                IfStatementSyntax choice => choice.Condition != inner,
                StatementSyntax => outer != statement,
                _ => false,
            };
            if (isUnderCondition)
            {
                return false;
            }

            inner = outer;
        }

        return !statement.DescendantNodes().Any(node => node.SpanStart < read.SpanStart && !node.Contains(read)
            && node is InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax or AssignmentExpressionSyntax
                or PostfixUnaryExpressionSyntax or PrefixUnaryExpressionSyntax
                {
                    RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression,
                });
    }
}
