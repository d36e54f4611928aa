using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>Adds attributes of Atoll to declarations.</summary>
internal static class AttributeLists
{
    /// <summary>Says whether code of the assembly can name the attribute, given by its full name.</summary>
    public static bool Knows(IAssemblySymbol assembly, string attribute) =>
        assembly.GetTypeByMetadataName(attribute) is not null
        || assembly.Modules.SelectMany(static module => module.ReferencedAssemblySymbols).Any(reference =>
            reference.GetTypeByMetadataName(attribute) is { DeclaredAccessibility: Accessibility.Public });

    /// <summary>
    /// The declaration with one more list in front: on a line of its own where the declaration begins one. Attributes are
    /// given as text with their namespace, which is dropped where the file does not need it. Null for a node that cannot
    /// have attributes.
    /// </summary>
    public static SyntaxNode? Add(SyntaxNode declaration, IEnumerable<string> attributes) =>
        Add(declaration, declaration, attributes);

    /// <summary>The same for a declaration that has been changed since it stood in the file.</summary>
    public static SyntaxNode? Add(SyntaxNode inFile, SyntaxNode declaration, IEnumerable<string> attributes)
    {
        SyntaxTriviaList leading = declaration.GetLeadingTrivia();
        AttributeListSyntax list = List(attributes).WithLeadingTrivia(leading)
            .WithTrailingTrivia(SyntaxFactory.TriviaList(
                BeginsLine(inFile) ? [EndOfLine(leading), .. Indent(leading)] : [SyntaxFactory.Space]));
        return declaration.WithoutLeadingTrivia() switch
        {
            MemberDeclarationSyntax member => member.WithAttributeLists(member.AttributeLists.Insert(0, list)),
            LocalFunctionStatementSyntax local => local.WithAttributeLists(local.AttributeLists.Insert(0, list)),
            AccessorDeclarationSyntax accessor => accessor.WithAttributeLists(accessor.AttributeLists.Insert(0, list)),
            _ => null,
        };
    }

    private static AttributeListSyntax List(IEnumerable<string> attributes)
    {
        SyntaxToken comma = SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space);
        List<AttributeSyntax> all = [.. attributes.Select(Attribute)];
        return SyntaxFactory.AttributeList(
            SyntaxFactory.SeparatedList(all, Enumerable.Repeat(comma, all.Count - 1)));
    }

    private static AttributeSyntax Attribute(string text)
    {
        int arguments = text.IndexOf('(');
        string name = arguments < 0 ? text : text.Substring(0, arguments);
        return SyntaxFactory.Attribute(
            SyntaxFactory.ParseName($"global::{name}").WithAdditionalAnnotations(Simplifier.Annotation),
            arguments < 0 ? null : SyntaxFactory.ParseAttributeArgumentList(text.Substring(arguments)));
    }

    private static bool BeginsLine(SyntaxNode declaration) =>
        declaration.GetFirstToken().GetPreviousToken() is var previous
        && (previous.IsKind(SyntaxKind.None)
            || declaration.SyntaxTree.GetLineSpan(previous.Span).EndLinePosition.Line
                < declaration.SyntaxTree.GetLineSpan(declaration.Span).StartLinePosition.Line);

    private static SyntaxTrivia EndOfLine(SyntaxTriviaList leading) =>
        leading.FirstOrDefault(static trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia)) is { RawKind: not 0 } given
            ? given
            : SyntaxFactory.LineFeed;

    private static IEnumerable<SyntaxTrivia> Indent(SyntaxTriviaList leading) =>
        leading.Reverse().TakeWhile(static trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)).Reverse();
}
