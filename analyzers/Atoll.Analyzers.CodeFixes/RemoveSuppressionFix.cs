using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL1003: a suppression that does nothing can go. A pragma keeps the codes that are not ATL rules.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class RemoveSuppressionFix() : KernelCodeFix("ATL1003", "Remove the suppression")
{
    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        // What csc says of references has to be mended first, and an interceptor is more than a suppression.
        string reported = target.Root.GetText().ToString(target.Span);
        if (reported.StartsWith("CS", StringComparison.OrdinalIgnoreCase) || reported.All(char.IsDigit) || reported.Contains("Intercepts"))
        {
            return null;
        }

        SyntaxNode node = target.Root.FindNode(target.Span, findInsideTrivia: true, getInnermostNodeForTie: true);
        if (node.FirstAncestorOrSelf<PragmaWarningDirectiveTriviaSyntax>() is { } pragma)
        {
            return FixPragma(target, pragma);
        }

        return node.FirstAncestorOrSelf<AttributeSyntax>() is { Parent: AttributeListSyntax list } attribute
            ? FixAttribute(target, list, attribute)
            : null;
    }

    // All ATL codes at once, so that fixing each of them is the same edit.
    private static Document FixPragma(FixTarget target, PragmaWarningDirectiveTriviaSyntax pragma)
    {
        List<string> kept =
        [
            .. pragma.ErrorCodes.Select(static code => code.ToString())
                .Where(static code => !code.StartsWith("ATL", StringComparison.OrdinalIgnoreCase)),
        ];
        if (kept.Count > 0)
        {
            TextSpan codes = TextSpan.FromBounds(
                pragma.ErrorCodes.First().SpanStart, pragma.ErrorCodes.Last().Span.End);
            return target.Change(codes, string.Join(", ", kept));
        }

        SourceText text = pragma.SyntaxTree.GetText();
        return target.Change(text.Lines.GetLineFromPosition(pragma.SpanStart).SpanIncludingLineBreak, "");
    }

    private static Document FixAttribute(FixTarget target, AttributeListSyntax list, AttributeSyntax attribute)
    {
        if (list.Attributes.Count > 1)
        {
            return target.Replace(list, list.WithAttributes(list.Attributes.Remove(attribute)));
        }

        // Up to the next token: its line and indentation take the place of the list's.
        int end = list.GetLastToken().GetNextToken(includeZeroWidth: true).SpanStart;
        return target.Change(TextSpan.FromBounds(list.SpanStart, end), "");
    }
}
