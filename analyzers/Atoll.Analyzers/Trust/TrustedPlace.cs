using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.Analyzers.Trust;

/// <summary>A declaration with <c>[Trusted]</c>, as the list of trusted places writes it.</summary>
internal static class TrustedPlace
{
    /// <summary>Name of the list.</summary>
    public const string ListName = "Trusted.txt";

    /// <summary>Says whether the attribute is written as <c>[Trusted]</c>, under any of its names.</summary>
    public static bool IsTrusted(AttributeSyntax attribute) => LastName(attribute.Name) is "Trusted" or "TrustedAttribute";

    /// <summary>Says whether a reason is written, be it a good one.</summary>
    public static bool GivesReason(AttributeSyntax attribute) => ReasonOf(attribute).Trim('"', ' ').Length > 0;

    /// <summary>The line of the list: assembly, declaration with its parameters' types, reason.</summary>
    public static string Line(string assembly, AttributeSyntax attribute) =>
        $"{assembly} {NameOf(attribute.Parent!.Parent!)}: {ReasonOf(attribute)}".TrimEnd();

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

    // On one line, whatever the source does.
    private static string ReasonOf(AttributeSyntax attribute) =>
        attribute.ArgumentList?.Arguments
            .FirstOrDefault(static argument => argument.NameEquals?.Name.Identifier.ValueText == "Safety")
            is { Expression: var reason }
            ? string.Join(" ", reason.ToString().Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(static part => part.Trim()))
            : "";
}
