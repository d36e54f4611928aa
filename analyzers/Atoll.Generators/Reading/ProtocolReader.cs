using System.Threading;
using Atoll.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Atoll.Generators.Reading;

/// <summary>Reads an interface that is marked as a protocol.</summary>
internal static class ProtocolReader
{
    /// <summary>The attribute's full name.</summary>
    public const string Attribute = "Atoll.Services.Lib.ProtocolAttribute";

    /// <summary>Reads it.</summary>
    public static ProtocolModel Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        var type = (INamedTypeSymbol)context.TargetSymbol;
        List<Finding> findings = [];
        AttributeData attribute = context.Attributes[0];
        string wireName = Argument(attribute, 0) as string ?? "";
        int version = Argument(attribute, 1) as int? ?? 0;
        FindBadDeclaration(type, wireName, version, findings);

        List<MethodModel> methods = [];
        foreach (ISymbol member in type.GetMembers())
        {
            cancellation.ThrowIfCancellationRequested();
            if (Refuse(member, methods) is { } reason)
            {
                findings.Add(Finding.Of(ProtocolRules.Member, SourcePlace.Of(member), member.Name, reason));
            }
            else if (member is IMethodSymbol method && method.MethodKind == MethodKind.Ordinary)
            {
                methods.Add(MethodReader.Read(method, findings));
            }
        }

        string name = type.Name.StartsWith("I", StringComparison.Ordinal) ? type.Name.Substring(1) : type.Name;
        return new ProtocolModel(
            type.ContainingNamespace.ToDisplayString(), name, wireName, version, new(methods), SourcePlace.Of(type), new(findings));
    }

    private static object? Argument(AttributeData attribute, int index) =>
        attribute.ConstructorArguments.Length > index ? attribute.ConstructorArguments[index].Value : null;

    private static void FindBadDeclaration(INamedTypeSymbol type, string wireName, int version, List<Finding> findings)
    {
        string? reason =
            type.DeclaredAccessibility != Accessibility.Public ? "it is not public, so that no other program could speak it"
            : type.ContainingType is not null ? "it is declared inside a type"
            : type.ContainingNamespace.IsGlobalNamespace ? "it is in no namespace"
            : type.IsGenericType ? "it has type parameters"
            : type.AllInterfaces.Length > 0 ? "it has bases; a protocol lists its own methods"
            : type.Name.Length < 2 || type.Name[0] != 'I' || !char.IsUpper(type.Name[1]) ? "its name is not I and a name, from which the generated names are made"
            : !IsWireName(wireName) ? $"its name '{wireName}' is not lower case: a letter, then letters, digits and '-', 32 at most"
            : version < 1 ? $"its version {version} is not 1 or more"
            : null;
        if (reason is not null)
        {
            findings.Add(Finding.Of(ProtocolRules.Declaration, SourcePlace.Of(type), type.Name, reason));
        }
    }

    private static bool IsWireName(string name) =>
        name.Length is > 0 and <= 32 && name[0] is >= 'a' and <= 'z' && name.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');

    private static string? Refuse(ISymbol member, List<MethodModel> methods) => member switch
    {
        IMethodSymbol { AssociatedSymbol: not null } => null,
        IMethodSymbol { IsStatic: true } => "it is static",
        IMethodSymbol { IsAbstract: false } => "it has a body",
        IMethodSymbol { IsGenericMethod: true } => "it has type parameters",
        IMethodSymbol method when methods.Any(other => other.Name == method.Name) => "another method has the same name",
        IMethodSymbol => null,
        _ => "a protocol has methods only",
    };
}
