using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Atoll.Mutants;

/// <summary>What each kind of expression is replaced by.</summary>
/// <remarks>The kinds are those of Stryker.NET's documentation, "Mutations", of the level "Standard", without those of text: messages are for people.</remarks>
internal static class Alternatives
{
    private static readonly Dictionary<SyntaxKind, SyntaxKind[]> s_binary = new()
    {
        [SyntaxKind.AddExpression] = [SyntaxKind.SubtractExpression],
        [SyntaxKind.SubtractExpression] = [SyntaxKind.AddExpression],
        [SyntaxKind.MultiplyExpression] = [SyntaxKind.DivideExpression],
        [SyntaxKind.DivideExpression] = [SyntaxKind.MultiplyExpression],
        [SyntaxKind.ModuloExpression] = [SyntaxKind.MultiplyExpression],
        [SyntaxKind.LessThanExpression] = [SyntaxKind.GreaterThanExpression, SyntaxKind.LessThanOrEqualExpression],
        [SyntaxKind.LessThanOrEqualExpression] = [SyntaxKind.GreaterThanExpression, SyntaxKind.LessThanExpression],
        [SyntaxKind.GreaterThanExpression] = [SyntaxKind.LessThanExpression, SyntaxKind.GreaterThanOrEqualExpression],
        [SyntaxKind.GreaterThanOrEqualExpression] = [SyntaxKind.LessThanExpression, SyntaxKind.GreaterThanExpression],
        [SyntaxKind.EqualsExpression] = [SyntaxKind.NotEqualsExpression],
        [SyntaxKind.NotEqualsExpression] = [SyntaxKind.EqualsExpression],
        [SyntaxKind.LogicalAndExpression] = [SyntaxKind.LogicalOrExpression],
        [SyntaxKind.LogicalOrExpression] = [SyntaxKind.LogicalAndExpression],
        [SyntaxKind.BitwiseAndExpression] = [SyntaxKind.BitwiseOrExpression],
        [SyntaxKind.BitwiseOrExpression] = [SyntaxKind.BitwiseAndExpression],
        [SyntaxKind.ExclusiveOrExpression] = [SyntaxKind.BitwiseAndExpression],
        [SyntaxKind.LeftShiftExpression] = [SyntaxKind.RightShiftExpression],
        [SyntaxKind.RightShiftExpression] = [SyntaxKind.LeftShiftExpression],
    };

    private static readonly Dictionary<SyntaxKind, SyntaxKind> s_assignments = new()
    {
        [SyntaxKind.AddAssignmentExpression] = SyntaxKind.SubtractAssignmentExpression,
        [SyntaxKind.SubtractAssignmentExpression] = SyntaxKind.AddAssignmentExpression,
        [SyntaxKind.MultiplyAssignmentExpression] = SyntaxKind.DivideAssignmentExpression,
        [SyntaxKind.DivideAssignmentExpression] = SyntaxKind.MultiplyAssignmentExpression,
        [SyntaxKind.AndAssignmentExpression] = SyntaxKind.OrAssignmentExpression,
        [SyntaxKind.OrAssignmentExpression] = SyntaxKind.AndAssignmentExpression,
        [SyntaxKind.LeftShiftAssignmentExpression] = SyntaxKind.RightShiftAssignmentExpression,
        [SyntaxKind.RightShiftAssignmentExpression] = SyntaxKind.LeftShiftAssignmentExpression,
    };

    /// <summary>The alternatives of an expression; none for most.</summary>
    internal static IEnumerable<ExpressionSyntax> Of(ExpressionSyntax expression) => expression switch
    {
        BinaryExpressionSyntax binary when s_binary.TryGetValue(binary.Kind(), out SyntaxKind[]? kinds) =>
            kinds.Select(kind => BinaryExpression(kind, Plain(binary.Left), Plain(binary.Right))),
        AssignmentExpressionSyntax assignment when s_assignments.TryGetValue(assignment.Kind(), out SyntaxKind kind) =>
            [AssignmentExpression(kind, Plain(assignment.Left), Plain(assignment.Right))],
        PrefixUnaryExpressionSyntax prefix => OfPrefix(prefix),
        PostfixUnaryExpressionSyntax postfix => OfPostfix(postfix),
        LiteralExpressionSyntax literal => OfLiteral(literal),
        ConditionalExpressionSyntax { WhenTrue: not RefExpressionSyntax } conditional => [Plain(conditional.WhenTrue), Plain(conditional.WhenFalse)],
        IsPatternExpressionSyntax pattern => [PrefixUnaryExpression(SyntaxKind.LogicalNotExpression, ParenthesizedExpression(Plain(pattern)))],
        InvocationExpressionSyntax or IdentifierNameSyntax or MemberAccessExpressionSyntax when IsCondition(expression) =>
            [PrefixUnaryExpression(SyntaxKind.LogicalNotExpression, ParenthesizedExpression(Plain(expression)))],
        _ => [],
    };

    private static IEnumerable<ExpressionSyntax> OfPrefix(PrefixUnaryExpressionSyntax prefix) => prefix.Kind() switch
    {
        SyntaxKind.LogicalNotExpression or SyntaxKind.BitwiseNotExpression or SyntaxKind.UnaryMinusExpression => [Plain(prefix.Operand)],
        SyntaxKind.PreIncrementExpression => [PrefixUnaryExpression(SyntaxKind.PreDecrementExpression, Plain(prefix.Operand))],
        SyntaxKind.PreDecrementExpression => [PrefixUnaryExpression(SyntaxKind.PreIncrementExpression, Plain(prefix.Operand))],
        _ => [],
    };

    private static IEnumerable<ExpressionSyntax> OfPostfix(PostfixUnaryExpressionSyntax postfix) => postfix.Kind() switch
    {
        SyntaxKind.PostIncrementExpression => [PostfixUnaryExpression(SyntaxKind.PostDecrementExpression, Plain(postfix.Operand))],
        SyntaxKind.PostDecrementExpression => [PostfixUnaryExpression(SyntaxKind.PostIncrementExpression, Plain(postfix.Operand))],
        _ => [],
    };

    private static IEnumerable<ExpressionSyntax> OfLiteral(LiteralExpressionSyntax literal) => literal.Kind() switch
    {
        SyntaxKind.TrueLiteralExpression => [LiteralExpression(SyntaxKind.FalseLiteralExpression)],
        SyntaxKind.FalseLiteralExpression => [LiteralExpression(SyntaxKind.TrueLiteralExpression)],
        _ => [],
    };

    // What decides alone; what compares or is negated has alternatives of its own.
    private static bool IsCondition(ExpressionSyntax expression) => expression.Parent switch
    {
        IfStatementSyntax statement => statement.Condition == expression,
        WhileStatementSyntax loop => loop.Condition == expression,
        BinaryExpressionSyntax binary => binary.Kind() is SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression,
        _ => false,
    };

    private static T Plain<T>(T node)
        where T : ExpressionSyntax => node.WithoutTrivia();
}
