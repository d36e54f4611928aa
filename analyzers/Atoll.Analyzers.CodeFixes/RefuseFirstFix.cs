using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0506: what a peer sent is refused where it is no index, or no member of its enum.</summary>
/// <remarks>
/// In functions named <c>Try…</c> that answer with a bool: <c>false</c> is how these refuse. The bound is that of what is
/// indexed; a pointer has none. A switch must name every member already, so that only nameless values are refused.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class RefuseFirstFix() : KernelCodeFix("ATL0506", "Refuse it first")
{
    private const string InlineArray = "System.Runtime.CompilerServices.InlineArrayAttribute";

    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        if (target.Find<ExpressionSyntax>() is not { } value || value.Span != target.Span || !CanRefuse(target.Model, value))
        {
            return null;
        }

        Document? changed = value.Parent is SwitchStatementSyntax choice && choice.Expression == value
            ? FixSwitch(target, choice)
            : FixIndex(target, value);
        return Outcome.IfCompiles(target, changed, cancellationToken);
    }

    private static bool CanRefuse(SemanticModel model, ExpressionSyntax place) =>
        model.GetEnclosingSymbol(place.SpanStart) is IMethodSymbol
        {
            ReturnType.SpecialType: SpecialType.System_Boolean,
            RefKind: RefKind.None,
            MethodKind: MethodKind.Ordinary or MethodKind.LocalFunction,
        } method && method.Name.StartsWith("Try", StringComparison.Ordinal);

    private static Document? FixSwitch(FixTarget target, SwitchStatementSyntax choice)
    {
        ITypeSymbol? type = target.Model.GetTypeInfo(choice.Expression).Type;
        var named = new HashSet<object?>(choice.Sections.SelectMany(static section => section.Labels)
            .OfType<CaseSwitchLabelSyntax>().Select(label => target.Model.GetConstantValue(label.Value).Value));
        bool namesAll = type is { TypeKind: TypeKind.Enum } && type.GetMembers().OfType<IFieldSymbol>()
            .Where(static member => member.HasConstantValue).All(member => named.Contains(member.ConstantValue));
        return namesAll
            ? target.Replace(choice, choice.AddSections(SyntaxFactory.SwitchSection(
                    [SyntaxFactory.DefaultSwitchLabel()], [SyntaxFactory.ParseStatement("return false;\n")])
                .WithAdditionalAnnotations(Formatter.Annotation)))
            : null;
    }

    private static Document? FixIndex(FixTarget target, ExpressionSyntax index)
    {
        if (index.Parent is not ArgumentSyntax { Parent.Parent: ElementAccessExpressionSyntax { ArgumentList.Arguments.Count: 1 } access }
            || index.DescendantNodesAndSelf().Any(static node => node.IsKind(SyntaxKind.PointerMemberAccessExpression)
                || node.IsKind(SyntaxKind.PointerIndirectionExpression))
            || Bound(target.Model, access.Expression) is not { } bound
            || index.FirstAncestorOrSelf<StatementSyntax>() is not { Parent: BlockSyntax } statement
            || statement is not (ExpressionStatementSyntax or LocalDeclarationStatementSyntax or ReturnStatementSyntax
                or IfStatementSyntax)
            || !EvaluationOrder.ComesFirst(index, statement))
        {
            return null;
        }

        StatementSyntax check = SyntaxFactory.ParseStatement($"if ({Unsigned(target.Model, index)} >= {bound})\n{{\nreturn false;\n}}\n")
            .WithLeadingTrivia(statement.GetLeadingTrivia()).WithAdditionalAnnotations(Formatter.Annotation);
        IEnumerable<SyntaxTrivia> indent = statement.GetLeadingTrivia().Reverse()
            .TakeWhile(static trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia));
        return target.Replace(statement, [check, statement.WithLeadingTrivia(indent)]);
    }

    // How many elements there are, to be compared with an unsigned number.
    private static string? Bound(SemanticModel model, ExpressionSyntax indexed)
    {
        ITypeSymbol? type = model.GetTypeInfo(indexed).Type;
        AttributeData? inline = type?.GetAttributes().FirstOrDefault(static data => data.AttributeClass.IsNamed(InlineArray));
        if (inline is not null)
        {
            return inline.ConstructorArguments[0].Value?.ToString();
        }

        bool hasLength = type is IArrayTypeSymbol { Rank: 1 }
            || type.IsNamed("System.Span`1") || type.IsNamed("System.ReadOnlySpan`1");
        return hasLength && indexed is IdentifierNameSyntax or MemberAccessExpressionSyntax
            ? $"(uint){indexed.WithoutTrivia()}.Length"
            : null;
    }

    // What is narrowed to an index must fit before that.
    private static string Unsigned(SemanticModel model, ExpressionSyntax index)
    {
        ExpressionSyntax wide = index is CastExpressionSyntax { Expression: var operand }
            && model.GetTypeInfo(index).Type?.SpecialType == SpecialType.System_Int32 ? operand : index;
        return model.GetTypeInfo(wide).Type?.SpecialType switch
        {
            SpecialType.System_Byte or SpecialType.System_UInt16 or SpecialType.System_UInt32 or SpecialType.System_UInt64 =>
                wide.WithoutTrivia().ToString(),
            SpecialType.System_Int64 when wide == index => $"(ulong){index.WithoutTrivia()}",
            _ => $"(uint){index.WithoutTrivia()}",
        };
    }
}
