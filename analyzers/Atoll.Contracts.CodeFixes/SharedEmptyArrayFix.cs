using System.Composition;
using Atoll.Analyzers.CodeFixes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.Contracts.CodeFixes;

/// <summary>ATL2002: an array without elements is the one that .NET keeps.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SharedEmptyArrayFix() : KernelCodeFix("ATL2002", "Use Array.Empty")
{
    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        if (target.Find<ArrayCreationExpressionSyntax>() is not { } creation || !IsEmpty(creation, target.Model)
            || target.Model.GetTypeInfo(creation, cancellationToken).Type is not IArrayTypeSymbol { Rank: 1, ElementType: { } element }
            || target.Model.Compilation.GetSpecialType(SpecialType.System_Array).GetMembers("Empty").IsEmpty)
        {
            return null;
        }

        string array = target.Model.Compilation.GetSpecialType(SpecialType.System_Array).ToMinimalDisplayString(target.Model, creation.SpanStart);
        string text = $"{array}.Empty<{element.ToMinimalDisplayString(target.Model, creation.SpanStart)}>()";
        return target.Replace(creation, SyntaxFactory.ParseExpression(text).WithTriviaFrom(creation));
    }

    private static bool IsEmpty(ArrayCreationExpressionSyntax creation, SemanticModel model) =>
        creation.Initializer is { } initializer
            ? initializer.Expressions.Count == 0
            : model.GetConstantValue(creation.Type.RankSpecifiers[0].Sizes[0]).Value is 0;
}
