using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>
/// ATL0303: a span over the stack gets an inline array under it, or a list of its elements; a private fixed buffer becomes
/// an inline array.
/// </summary>
/// <remarks>For lengths that are constant, and where a buffer is only indexed.</remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class InlineArrayFix() : KernelCodeFix("ATL0303", "Use an inline array")
{
    private const string Attribute = "System.Runtime.CompilerServices.InlineArrayAttribute";

    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        Document? changed = target.Model.Compilation.GetTypeByMetadataName(Attribute) is null
            ? null
            : target.Find<VariableDeclaratorSyntax>() switch
            {
                { Parent.Parent: LocalDeclarationStatementSyntax statement } local =>
                    FixLocal(target, statement, local, cancellationToken),
                { Parent.Parent: FieldDeclarationSyntax declaration } field =>
                    FixBuffer(target, declaration, field, cancellationToken),
                _ => null,
            };
        return changed is null ? null : Outcome.IfCompiles(target, changed, cancellationToken);
    }

    private static Document? FixLocal(
        FixTarget target,
        LocalDeclarationStatementSyntax statement,
        VariableDeclaratorSyntax variable,
        CancellationToken cancellationToken)
    {
        if (variable.Initializer?.Value is not { } value || value.Span != target.Span
            || statement.Declaration.Variables.Count != 1 || statement.Parent is not BlockSyntax
            || target.Model.GetDeclaredSymbol(variable, cancellationToken) is not ILocalSymbol local
            || !(local.Type.IsNamed("System.Span`1") || local.Type.IsNamed("System.ReadOnlySpan`1")))
        {
            return null;
        }

        return value switch
        {
            StackAllocArrayCreationExpressionSyntax { Initializer: { } elements } => List(elements),
            ImplicitStackAllocArrayCreationExpressionSyntax { Initializer: { } elements } => List(elements),
            StackAllocArrayCreationExpressionSyntax { Type: ArrayTypeSyntax { RankSpecifiers.Count: 1 } array }
                when array.RankSpecifiers[0].Sizes[0] is var length
                    && target.Model.GetConstantValue(length, cancellationToken).Value is int and > 0 and var count
                    && InlineArray(target, variable, array.ElementType, length, count) is var (name, struct_) =>
                target.Change(
                [
                    Insertion(statement.SpanStart, $"{name} {Lower(name)} = default;{LineEnd(statement)}{Indent(statement)}"),
                    new TextChange(value.Span, Lower(name)),
                    struct_,
                ]),
            _ => null,
        };

        Document? List(InitializerExpressionSyntax elements) =>
            elements.Expressions.Count == 0
                ? null
                : target.Change(value.Span, $"[{elements.Expressions.ToString()}]");
    }

    private static Document? FixBuffer(
        FixTarget target,
        FieldDeclarationSyntax declaration,
        VariableDeclaratorSyntax variable,
        CancellationToken cancellationToken)
    {
        if (declaration.Declaration.Variables.Count != 1
            || variable.ArgumentList?.Arguments[0].Expression is not { } length
            || target.Model.GetDeclaredSymbol(variable, cancellationToken)
                is not IFieldSymbol { DeclaredAccessibility: Accessibility.Private } field
            || MemberUses.FindAll(target.Model, field, cancellationToken) is not { } uses
            || !uses.All(static use => use.Parent is ElementAccessExpressionSyntax element && element.Expression == use)
            || InlineArray(target, variable, declaration.Declaration.Type, length, field.FixedSize)
                is not var (name, struct_))
        {
            return null;
        }

        SyntaxToken modifier = declaration.Modifiers.First(static one => one.IsKind(SyntaxKind.FixedKeyword));
        return target.Change(
        [
            new TextChange(TextSpan.FromBounds(modifier.SpanStart, modifier.GetNextToken().SpanStart), ""),
            new TextChange(declaration.Declaration.Type.Span, name),
            new TextChange(variable.ArgumentList.Span, ""),
            struct_,
        ]);
    }

    // A struct named after the variable, behind the member that needs it.
    private static (string Name, TextChange Struct)? InlineArray(
        FixTarget target, VariableDeclaratorSyntax variable, TypeSyntax element, ExpressionSyntax length, int count)
    {
        SemanticModel model = target.Model;
        string name = Upper(variable.Identifier.ValueText.TrimStart('_')) + "Buffer";
        MemberDeclarationSyntax member = variable.Ancestors().OfType<MemberDeclarationSyntax>().First();
        if (model.GetTypeInfo(element).Type is not { TypeKind: TypeKind.Struct or TypeKind.Enum } type
            || MentionsMethodParameter(type)
            || !model.LookupSymbols(variable.SpanStart, name: name).IsEmpty
            || !model.LookupSymbols(variable.SpanStart, name: Lower(name)).IsEmpty)
        {
            return null;
        }

        bool isInScope = !model.LookupNamespacesAndTypes(variable.SpanStart, name: "InlineArrayAttribute").IsEmpty;
        string attribute = isInScope ? "InlineArray" : "System.Runtime.CompilerServices.InlineArray";
        string size = model.GetSymbolInfo(length).Symbol is IFieldSymbol ? $"{length}" : $"{count}";
        string end = LineEnd(member);
        string indent = Indent(member);
        string text = string.Join(end,
        [
            "", "", $"{indent}[{attribute}({size})]", $"{indent}private struct {name}", $"{indent}{{",
            $"{indent}    private {element} _element;", $"{indent}}}",
        ]);
        return (name, Insertion(member.Span.End, text));
    }

    private static bool MentionsMethodParameter(ITypeSymbol type) =>
        type is INamedTypeSymbol named && named.TypeArguments.Any(static argument =>
            argument is ITypeParameterSymbol { TypeParameterKind: TypeParameterKind.Method } || MentionsMethodParameter(argument));

    private static TextChange Insertion(int position, string text) => new(new TextSpan(position, 0), text);

    private static string Upper(string name) => char.ToUpperInvariant(name[0]) + name.Substring(1);

    private static string Lower(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);

    private static string Indent(SyntaxNode node) =>
        string.Concat(node.GetLeadingTrivia().Reverse()
            .TakeWhile(static trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)));

    private static string LineEnd(SyntaxNode node) =>
        node.SyntaxTree.GetText().ToString().Contains("\r\n") ? "\r\n" : "\n";
}
