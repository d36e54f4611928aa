using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>Names for the bytes of a message that no field names.</summary>
internal sealed class ReservedFields
{
    private readonly string _offsetAttribute;
    private readonly HashSet<string> _names;

    public ReservedFields(SemanticModel model, StructDeclarationSyntax declaration)
    {
        _offsetAttribute = LayoutAttribute.Name(model, declaration.OpenBraceToken.Span.End, "FieldOffsetAttribute");
        _names = [.. ((INamedTypeSymbol)model.GetDeclaredSymbol(declaration)!).MemberNames];
    }

    /// <summary>The fields to add: each hole gets the largest aligned integers that fit.</summary>
    /// <param name="fields">At least one, in the order of their offsets.</param>
    /// <param name="sizeBytes">Of the message.</param>
    public IEnumerable<TextChange> Fill(IReadOnlyList<LaidField> fields, int sizeBytes)
    {
        int end = 0;
        LaidField? last = null;
        foreach (LaidField field in fields)
        {
            if (field.Offset > end)
            {
                yield return last is { } before
                    ? Behind(before.Syntax, Pieces(end, field.Offset))
                    : InFrontOf(field.Syntax, Pieces(end, field.Offset));
            }

            last = field.End > end ? field : last;
            end = Math.Max(end, field.End);
        }

        if (end < sizeBytes)
        {
            yield return Behind(last!.Value.Syntax, Pieces(end, sizeBytes));
        }
    }

    private static TextChange Behind(FieldDeclarationSyntax field, IEnumerable<string> pieces)
    {
        string between = Between(field);
        int place = SourceLine.IsFirst(field) ? SourceLine.End(field) : field.Span.End;
        return new TextChange(new TextSpan(place, 0), string.Concat(pieces.Select(piece => between + piece)));
    }

    private static TextChange InFrontOf(FieldDeclarationSyntax field, IEnumerable<string> pieces)
    {
        string between = Between(field);
        return new TextChange(
            new TextSpan(field.SpanStart, 0), string.Concat(pieces.Select(piece => piece + between)));
    }

    private static string Between(FieldDeclarationSyntax field) =>
        SourceLine.IsFirst(field) ? SourceLine.Break(field) : " ";

    private IEnumerable<string> Pieces(int start, int end)
    {
        int offset = start;
        while (offset < end)
        {
            (int size, string type) = offset % 8 == 0 && offset + 8 <= end ? (8, "ulong")
                : offset % 4 == 0 && offset + 4 <= end ? (4, "uint")
                : offset % 2 == 0 && offset + 2 <= end ? (2, "ushort")
                : (1, "byte");
            yield return $"[{_offsetAttribute}({offset})] public {type} {Name()};";
            offset += size;
        }
    }

    private string Name()
    {
        int number = 0;
        while (!_names.Add($"Reserved{number}"))
        {
            number++;
        }

        return $"Reserved{number}";
    }
}
