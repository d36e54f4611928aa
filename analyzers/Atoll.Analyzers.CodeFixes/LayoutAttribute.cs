using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>What a struct's <c>[StructLayout]</c> says in its source.</summary>
internal static class LayoutAttribute
{
    private const string Namespace = "System.Runtime.InteropServices";

    public static AttributeSyntax? Find(SemanticModel model, TypeDeclarationSyntax type) =>
        type.AttributeLists.SelectMany(static list => list.Attributes).FirstOrDefault(attribute =>
            model.GetTypeInfo(attribute).Type.IsNamed($"{Namespace}.StructLayoutAttribute"));

    /// <summary>The attribute with this size, or null where it says more than a kind and a number of bytes.</summary>
    public static AttributeSyntax? WithSize(AttributeSyntax layout, int sizeBytes)
    {
        if (layout.ArgumentList is not { } list || list.Arguments.Any(static argument => !IsKind(argument) && !IsSize(argument)))
        {
            return null;
        }

        string text = $"0, Size = {sizeBytes}";
        AttributeArgumentSyntax size = SyntaxFactory.ParseAttributeArgumentList($"({text})")!.Arguments[1];
        return list.Arguments.FirstOrDefault(IsSize) is { } given
            ? layout.ReplaceNode(given, size.WithTriviaFrom(given))
            : layout.WithArgumentList(list.AddArguments(size.WithLeadingTrivia(SyntaxFactory.Space)));
    }

    /// <summary>The attribute with <c>Explicit</c> in place of the kind that it names, or null where it names none.</summary>
    public static AttributeSyntax? WithExplicit(AttributeSyntax layout) =>
        layout.ArgumentList?.Arguments.FirstOrDefault(IsKind)?.Expression is MemberAccessExpressionSyntax kind
            ? layout.ReplaceNode(kind.Name, SyntaxFactory.IdentifierName("Explicit").WithTriviaFrom(kind.Name))
            : null;

    /// <summary>A name of the attributes' namespace, as the place must write it.</summary>
    public static string Name(SemanticModel model, int position, string type)
    {
        bool isInScope = model.LookupNamespacesAndTypes(position, name: type).OfType<ITypeSymbol>()
            .Any(found => found.IsNamed($"{Namespace}.{type}"));
        string full = isInScope ? type : $"{Namespace}.{type}";
        const string Ending = "Attribute";
        return full.EndsWith(Ending, StringComparison.Ordinal) ? full.Substring(0, full.Length - Ending.Length) : full;
    }

    private static bool IsKind(AttributeArgumentSyntax argument) => argument is { NameEquals: null, NameColon: null };

    private static bool IsSize(AttributeArgumentSyntax argument) =>
        argument is { NameEquals.Name.Identifier.ValueText: "Size", Expression: LiteralExpressionSyntax };
}
