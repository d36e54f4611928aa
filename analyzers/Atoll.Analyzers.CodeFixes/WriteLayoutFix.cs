using System.Composition;
using Atoll.Analyzers.Messages;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0503: a message's fields get the offsets that they have, and its holes get names.</summary>
/// <remarks>
/// The offsets are those of sequential layout: each field at the next multiple of its alignment. A message that already
/// says where its fields are keeps them there. Fields that overlap or are misaligned need a decision, so then nothing is
/// offered.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class WriteLayoutFix() : KernelCodeFix("ATL0503", "Write down the layout")
{
    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        if (target.Find<StructDeclarationSyntax>() is not { } declaration
            || declaration.Modifiers.Any(SyntaxKind.PartialKeyword)
            || target.Model.GetDeclaredSymbol(declaration, cancellationToken) is not { } type
            || Place(target.Model, declaration, type) is not { Count: > 0 } fields)
        {
            return null;
        }

        bool isExplicit = MessageLayout.IsExplicit(type);
        int end = Math.Max(MessageLayout.SizeOf(type), fields.Max(static field => field.End));
        int size = isExplicit ? end : RoundUpSizeFix.WholeLines(end);
        var changes = new List<TextChange>();
        if (!isExplicit)
        {
            if (Layout(target.Model, declaration, size) is not { } layout)
            {
                return null;
            }

            string offset = LayoutAttribute.Name(target.Model, declaration.OpenBraceToken.Span.End, "FieldOffsetAttribute");
            changes.Add(layout);
            changes.AddRange(fields.Select(field =>
                new TextChange(new TextSpan(field.Syntax.SpanStart, 0), $"[{offset}({field.Offset})] ")));
        }

        changes.AddRange(new ReservedFields(target.Model, declaration).Fill(fields, size));
        return target.Change(changes);
    }

    // In the order of their offsets, or null where something is not in order.
    private static List<LaidField>? Place(SemanticModel model, StructDeclarationSyntax declaration, INamedTypeSymbol type)
    {
        var fields = new List<LaidField>();
        int end = 0;
        foreach (IFieldSymbol field in MessageLayout.Fields(type))
        {
            (int size, int alignment) = ValueExtent.Of(field, wordBytes: 0);
            FieldDeclarationSyntax? syntax = declaration.Members.OfType<FieldDeclarationSyntax>().FirstOrDefault(one =>
                one.Declaration.Variables.Count == 1
                && SymbolEqualityComparer.Default.Equals(model.GetDeclaredSymbol(one.Declaration.Variables[0]), field));
            if (syntax is null || size == 0)
            {
                return null;
            }

            int offset = MessageLayout.IsExplicit(type)
                ? ValueExtent.Offset(field) ?? 0
                : (end + alignment - 1) / alignment * alignment;
            end = offset + size;
            fields.Add(new LaidField(syntax, offset, end, alignment, field.HasAttribute("Atoll.OverlayAttribute")));
        }

        fields.Sort(static (one, other) => one.Offset.CompareTo(other.Offset));
        return IsInOrder(fields) ? fields : null;
    }

    private static bool IsInOrder(List<LaidField> fields)
    {
        int end = 0;
        foreach (LaidField field in fields)
        {
            if (field.Offset % field.Alignment != 0 || field.Offset < end && !field.IsOverlay)
            {
                return false;
            }

            end = Math.Max(end, field.End);
        }

        return true;
    }

    private static TextChange? Layout(SemanticModel model, StructDeclarationSyntax declaration, int size)
    {
        if (LayoutAttribute.Find(model, declaration) is { } given)
        {
            return LayoutAttribute.WithExplicit(given) is { } kind && LayoutAttribute.WithSize(kind, size) is { } sized
                ? new TextChange(given.Span, sized.ToString())
                : null;
        }

        int place = declaration.SpanStart;
        string text = $"[{LayoutAttribute.Name(model, place, "StructLayoutAttribute")}"
            + $"({LayoutAttribute.Name(model, place, "LayoutKind")}.Explicit, Size = {size})]";
        return declaration.AttributeLists.LastOrDefault() is { } last
            ? new TextChange(new TextSpan(last.Span.End, 0), SourceLine.IsFirst(last) ? SourceLine.Break(last) + text : " " + text)
            : new TextChange(new TextSpan(place, 0), text + SourceLine.Break(declaration));
    }
}
