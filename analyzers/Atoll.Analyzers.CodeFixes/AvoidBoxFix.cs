using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>
/// ATL0003: a struct that is passed as an interface gets a type parameter, and <c>HasFlag</c> becomes what it computes.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class AvoidBoxFix() : KernelCodeFix("ATL0003", "Avoid the box")
{
    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        if (target.Find<ExpressionSyntax>() is not { } value || value.Span != target.Span)
        {
            return null;
        }

        if (FlagTest(target.Model, value, cancellationToken) is { } test)
        {
            return FixFlagTest(target, test, cancellationToken);
        }

        return value.Parent is ArgumentSyntax argument
            && target.Model.GetOperation(argument, cancellationToken) is IArgumentOperation { Parameter: { } parameter }
            ? ConstrainedGeneric.Make(target, parameter.OriginalDefinition, cancellationToken)
            : null;
    }

    // Both the call and its argument are reported.
    private static InvocationExpressionSyntax? FlagTest(
        SemanticModel model, ExpressionSyntax value, CancellationToken cancellationToken) =>
        (value as InvocationExpressionSyntax ?? value.Parent?.Parent?.Parent as InvocationExpressionSyntax) is { } call
        && call.Expression is MemberAccessExpressionSyntax
        && model.GetSymbolInfo(call, cancellationToken).Symbol is IMethodSymbol
        {
            Name: "HasFlag", ContainingType.SpecialType: SpecialType.System_Enum,
        }
            ? call
            : null;

    // The flag is named twice. Of another enum, HasFlag would throw.
    private static Document? FixFlagTest(
        FixTarget target, InvocationExpressionSyntax call, CancellationToken cancellationToken)
    {
        ExpressionSyntax value = ((MemberAccessExpressionSyntax)call.Expression).Expression;
        ExpressionSyntax flag = call.ArgumentList.Arguments[0].Expression;
        bool mayBeRepeated = target.Model.GetConstantValue(flag, cancellationToken).HasValue
            || target.Model.GetSymbolInfo(flag, cancellationToken).Symbol is ILocalSymbol or IParameterSymbol;
        bool isSameEnum = target.Model.GetTypeInfo(value, cancellationToken).Type is { TypeKind: TypeKind.Enum } type
            && SymbolEqualityComparer.Default.Equals(type, target.Model.GetTypeInfo(flag, cancellationToken).Type);
        return mayBeRepeated && isSameEnum
            ? target.Replace(
                call,
                SyntaxFactory.ParseExpression($"(({value} & {Operand(flag)}) == {Operand(flag)})").WithTriviaFrom(call))
            : null;
    }

    private static string Operand(ExpressionSyntax flag) =>
        flag is NameSyntax or MemberAccessExpressionSyntax or ParenthesizedExpressionSyntax ? $"{flag}" : $"({flag})";
}
