using Atoll.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.Analyzers.Tests.Trust;

/// <summary>Finds every place that ends a proof: a declaration with <c>[Trusted]</c>.</summary>
public static class TrustedPlaces
{
    /// <summary>The places of one file: declaration and reason, in source order.</summary>
    public static IEnumerable<string> In(string text) =>
        CSharpSource.Parse(text).GetRoot().DescendantNodes().OfType<AttributeSyntax>()
            .Where(static attribute => LastName(attribute.Name) is "Trusted" or "TrustedAttribute")
            .Select(static attribute => $"{NameOf(attribute.Parent!.Parent!)}: {ReasonOf(attribute)}");

    private static string LastName(NameSyntax name) =>
        name switch
        {
            QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
            AliasQualifiedNameSyntax alias => alias.Name.Identifier.ValueText,
            SimpleNameSyntax simple => simple.Identifier.ValueText,
            _ => "",
        };

    // Types from the outside in, then the member; methods with their parameters, because overloads are trusted one by one.
    private static string NameOf(SyntaxNode declaration) =>
        string.Join('.', declaration.AncestorsAndSelf().Select(OwnName).Where(static name => name.Length > 0).Reverse());

    private static string OwnName(SyntaxNode node) =>
        node switch
        {
            TypeDeclarationSyntax type => type.Identifier.ValueText + type.TypeParameterList,
            MethodDeclarationSyntax method => method.Identifier.ValueText + method.TypeParameterList + Types(method),
            ConstructorDeclarationSyntax constructor => constructor.Identifier.ValueText + Types(constructor),
            OperatorDeclarationSyntax symbol => $"operator {symbol.OperatorToken.ValueText}" + Types(symbol),
            ConversionOperatorDeclarationSyntax conversion => $"operator {conversion.Type}" + Types(conversion),
            PropertyDeclarationSyntax property => property.Identifier.ValueText,
            IndexerDeclarationSyntax => "this[]",
            FieldDeclarationSyntax field => string.Join(", ", field.Declaration.Variables.Select(static one => one.Identifier.ValueText)),
            _ => "",
        };

    private static string Types(BaseMethodDeclarationSyntax method) =>
        $"({string.Join(", ", method.ParameterList.Parameters.Select(static one => one.Type))})";

    private static string ReasonOf(AttributeSyntax attribute) =>
        attribute.ArgumentList?.Arguments.FirstOrDefault(static argument => argument.NameEquals?.Name.Identifier.ValueText == "Safety")
            is { Expression: var reason } ? reason.ToString() : "";
}
