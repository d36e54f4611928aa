using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0006: a literal becomes UTF-8 where bytes are accepted in its place.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class Utf8LiteralFix() : KernelCodeFix("ATL0006", "Use a UTF-8 literal")
{
    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken) =>
        target.Find<LiteralExpressionSyntax>() is { RawKind: (int)SyntaxKind.StringLiteralExpression } literal
        && literal.Span == target.Span && (IsLength(literal) || IsAcceptedAsBytes(target.Model, literal))
            ? target.Change(new TextSpan(literal.Span.End, 0), "u8")
            : null;

    // Bytes and UTF-16 units are as many only in ASCII.
    private static bool IsLength(LiteralExpressionSyntax literal) =>
        literal.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Length" } access
        && access.Expression == literal
        && literal.Token.ValueText.All(static unit => unit < 0x80);

    // Some overload takes a span of bytes there.
    private static bool IsAcceptedAsBytes(SemanticModel model, LiteralExpressionSyntax literal)
    {
        if (literal.Parent is not ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } argument)
        {
            return false;
        }

        ExpressionSyntax utf8 = SyntaxFactory.ParseExpression(literal.Token.Text + "u8");
        InvocationExpressionSyntax changed = call.ReplaceNode(literal, utf8);
        int index = call.ArgumentList.Arguments.IndexOf(argument);
        return model.GetSpeculativeSymbolInfo(call.SpanStart, changed, SpeculativeBindingOption.BindAsExpression).Symbol
                is IMethodSymbol method
            && Parameter(method, argument, index)?.Type is INamedTypeSymbol { Name: "ReadOnlySpan" } span
            && span.TypeArguments[0].SpecialType == SpecialType.System_Byte;
    }

    private static IParameterSymbol? Parameter(IMethodSymbol method, ArgumentSyntax argument, int index) =>
        argument.NameColon is { } name
            ? method.Parameters.FirstOrDefault(parameter => parameter.Name == name.Name.Identifier.ValueText)
            : method.Parameters.ElementAtOrDefault(index);
}
