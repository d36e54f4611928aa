using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>Where lines of source begin and end.</summary>
internal static class SourceLine
{
    /// <summary>Says whether nothing but space stands before the node on its line.</summary>
    public static bool IsFirst(SyntaxNode node)
    {
        SourceText text = node.SyntaxTree.GetText();
        TextLine line = text.Lines.GetLineFromPosition(node.SpanStart);
        return string.IsNullOrWhiteSpace(text.ToString(TextSpan.FromBounds(line.Start, node.SpanStart)));
    }

    /// <summary>A line break in the file's way, and the indent of the node's line.</summary>
    public static string Break(SyntaxNode node)
    {
        SourceText text = node.SyntaxTree.GetText();
        TextLine line = text.Lines.GetLineFromPosition(node.SpanStart);
        string content = line.ToString();
        string indent = content.Substring(0, content.Length - content.TrimStart().Length);
        string end = text.ToString(TextSpan.FromBounds(line.End, line.EndIncludingLineBreak));
        return (end.Length > 0 ? end : "\n") + indent;
    }

    /// <summary>The end of the node's last line, with a comment that follows it there.</summary>
    public static int End(SyntaxNode node) =>
        node.SyntaxTree.GetText().Lines.GetLineFromPosition(node.Span.End).End;
}
