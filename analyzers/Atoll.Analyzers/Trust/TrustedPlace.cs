using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.Analyzers.Trust;

/// <summary>A declaration with <c>[Trusted]</c>, as the list of trusted places writes it.</summary>
internal static class TrustedPlace
{
    /// <summary>Name of the list.</summary>
    public const string ListName = "Trusted.txt";

    private const string Attribute = "Atoll.TrustedAttribute";

    /// <summary>Says whether the attribute is <c>[Trusted]</c>, under whatever name.</summary>
    public static bool IsTrusted(AttributeSyntax attribute, SemanticModel model, CancellationToken cancellationToken) =>
        model.GetSymbolInfo(attribute, cancellationToken).Symbol is { ContainingType: var type } && type.IsNamed(Attribute);

    /// <summary>Its reason, empty when it gives none. Constants count for what they are.</summary>
    public static string Reason(AttributeSyntax attribute, SemanticModel model, CancellationToken cancellationToken) =>
        attribute.ArgumentList?.Arguments
            .FirstOrDefault(static argument => argument.NameEquals?.Name.Identifier.ValueText == "Safety")
            is { Expression: var reason }
            && model.GetConstantValue(reason, cancellationToken).Value is string text
            ? text
            : "";

    /// <summary>The line of the list: assembly, declaration with its parameters' types, reason.</summary>
    public static string Line(string assembly, AttributeSyntax attribute, string reason) =>
        $"{assembly} {NameOf(attribute.Parent!.Parent!)}: \"{OnOneLine(reason)}\"";

    private static string OnOneLine(string reason) =>
        string.Join(" ", reason.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(static part => part.Trim()));

    // Types from the outside in, then the member; methods with their parameters, because overloads are trusted one by one.
    private static string NameOf(SyntaxNode declaration) =>
        string.Join(
            ".",
            declaration.AncestorsAndSelf().Select(OwnName).Where(static name => name.Length > 0).Reverse());

    private static string OwnName(SyntaxNode node) =>
        node switch
        {
            TypeDeclarationSyntax type => type.Identifier.ValueText + type.TypeParameterList,
            MethodDeclarationSyntax method =>
                method.Identifier.ValueText + method.TypeParameterList + Types(method.ParameterList),
            LocalFunctionStatementSyntax local =>
                local.Identifier.ValueText + local.TypeParameterList + Types(local.ParameterList),
            ConstructorDeclarationSyntax constructor =>
                constructor.Identifier.ValueText + Types(constructor.ParameterList),
            OperatorDeclarationSyntax symbol => $"operator {symbol.OperatorToken.ValueText}{Types(symbol.ParameterList)}",
            ConversionOperatorDeclarationSyntax conversion => $"operator {conversion.Type}{Types(conversion.ParameterList)}",
            PropertyDeclarationSyntax property => property.Identifier.ValueText,
            IndexerDeclarationSyntax => "this[]",
            FieldDeclarationSyntax field =>
                string.Join(", ", field.Declaration.Variables.Select(static one => one.Identifier.ValueText)),
            _ => "",
        };

    private static string Types(ParameterListSyntax parameters) =>
        $"({string.Join(", ", parameters.Parameters.Select(static one => one.Type))})";
}
