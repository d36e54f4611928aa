using System.Composition;
using Atoll.Analyzers.Ownership;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0408: takes away from an owned type's declaration what the rules could not hold against.</summary>
/// <remarks>
/// Only where no file of the project used it. What ends a value nobody but its author knows, so a type without an end
/// is left alone.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class DeclareOwnedFix() : KernelCodeFix("ATL0408", "Declare it so that it has one owner")
{
    private const string Consumes = "Atoll.Consumes";

    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        target.Diagnostic.Properties.TryGetValue(OwnedDeclarationAnalyzer.Fault, out string? fault);
        SyntaxNode? declaration = target.Find<MemberDeclarationSyntax>();
        Document? changed = (fault, declaration) switch
        {
            (OwnedDeclarationAnalyzer.IsRecord, RecordDeclarationSyntax { ParameterList: null } record) =>
                target.Change(Between(record.Keyword, record.ClassOrStructKeyword), ""),
            (OwnedDeclarationAnalyzer.HasEquality, TypeDeclarationSyntax type) => RemoveEquality(target, type),
            (OwnedDeclarationAnalyzer.HasOpenField, TypeDeclarationSyntax type) => CloseFields(target, type),
            (OwnedDeclarationAnalyzer.StaticConsumes, MethodDeclarationSyntax method) => RemoveConsumes(target, method),
            (OwnedDeclarationAnalyzer.DisposeDoesNotConsume, MethodDeclarationSyntax method)
                when AttributeLists.Knows(target.Model.Compilation.Assembly, Consumes + "Attribute")
                    && AttributeLists.Add(method, [Consumes]) is { } consuming => target.Replace(method, consuming),
            _ => null,
        };
        return Outcome.IfAllCompile(target, changed, cancellationToken);
    }

    private static TextSpan Between(SyntaxToken from, SyntaxToken to) =>
        TextSpan.FromBounds(from.SpanStart, to.SpanStart);

    // A type of several parts may have more of it elsewhere.
    private static bool IsWhole(TypeDeclarationSyntax type) => !type.Modifiers.Any(SyntaxKind.PartialKeyword);

    private static Document? RemoveEquality(FixTarget target, TypeDeclarationSyntax type)
    {
        List<MemberDeclarationSyntax> equality =
        [
            .. type.Members.Where(member => target.Model.GetDeclaredSymbol(member) is IMethodSymbol method
                && OwnedDeclarationAnalyzer.IsEquality(method)),
        ];
        return IsWhole(type) && equality.Count > 0
            ? target.Replace(type, type.RemoveNodes(equality, SyntaxRemoveOptions.KeepUnbalancedDirectives)!)
            : null;
    }

    private static Document? CloseFields(FixTarget target, TypeDeclarationSyntax type)
    {
        IEnumerable<FieldDeclarationSyntax> open = type.Members.OfType<FieldDeclarationSyntax>()
            .Where(static field => field.Modifiers.Any(IsAccessibility) && !field.Modifiers.Any(SyntaxKind.PrivateKeyword)
                && !field.Modifiers.Any(SyntaxKind.StaticKeyword) && !field.Modifiers.Any(SyntaxKind.ConstKeyword));
        return IsWhole(type) ? target.Replace(type, type.ReplaceNodes(open, static (field, _) => Close(field))) : null;
    }

    private static FieldDeclarationSyntax Close(FieldDeclarationSyntax field)
    {
        SyntaxToken first = field.Modifiers.First(IsAccessibility);
        SyntaxToken keyword = SyntaxFactory.Token(SyntaxKind.PrivateKeyword).WithTriviaFrom(first);
        return field.WithModifiers([
            .. field.Modifiers.Where(modifier => modifier == first || !IsAccessibility(modifier))
                .Select(modifier => modifier == first ? keyword : modifier),
        ]);
    }

    private static bool IsAccessibility(SyntaxToken modifier) =>
        modifier.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.InternalKeyword or SyntaxKind.ProtectedKeyword
            or SyntaxKind.PrivateKeyword;

    private static Document? RemoveConsumes(FixTarget target, MethodDeclarationSyntax method)
    {
        AttributeSyntax? consumes = method.AttributeLists.SelectMany(static list => list.Attributes)
            .FirstOrDefault(attribute => target.Model.GetTypeInfo(attribute).Type.IsNamed(Consumes + "Attribute"));
        if (consumes?.Parent is not AttributeListSyntax list)
        {
            return null;
        }

        if (list.Attributes.Count > 1)
        {
            return target.Replace(list, list.WithAttributes(list.Attributes.Remove(consumes)));
        }

        // Up to the next token: its line and indentation take the place of the list's.
        return target.Change(Between(list.GetFirstToken(), list.GetLastToken().GetNextToken()), "");
    }
}
