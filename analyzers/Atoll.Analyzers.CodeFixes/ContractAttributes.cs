using Atoll.Analyzers.Contracts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>Adds promises to methods, wherever in the solution they are declared.</summary>
internal static class ContractAttributes
{
    /// <summary>What is to be added to a method: attributes as text, with their namespace and without their ending.</summary>
    public static IEnumerable<string> Of(Promises promises, int? stackBytes = null) =>
        Enum.GetValues(typeof(Promises)).Cast<Promises>()
            .Where(one => one != Promises.None && (promises & one) != 0)
            .Select(static one => $"Atoll.{one}")
            .Concat(stackBytes is { } bytes ? [$"Atoll.StackBound({bytes})"] : []);

    /// <summary>The solution with the attributes on the methods, or null where one is not to be edited.</summary>
    public static Solution? Add(FixTarget target, IReadOnlyCollection<(IMethodSymbol Method, string[] Attributes)> additions)
    {
        var edits = new Dictionary<SyntaxNode, string[]>();
        foreach ((IMethodSymbol method, string[] attributes) in additions)
        {
            if (Declaration(method) is not { } declaration || !attributes.All(attribute => IsKnown(method, attribute)))
            {
                return null;
            }

            edits[declaration] = attributes;
        }

        return edits.Count == 0
            ? null
            : target.ReplaceAnywhere(
                edits.Keys, (before, after) => AttributeLists.Add(before, after, edits[before]) ?? after);
    }

    private static bool IsKnown(IMethodSymbol method, string attribute) =>
        AttributeLists.Knows(method.ContainingAssembly, attribute.Split('(')[0] + "Attribute");

    // A property with one accessor makes the promise as a whole; with two, the accessor that is meant.
    private static SyntaxNode? Declaration(IMethodSymbol method)
    {
        IMethodSymbol body = method.Body();
        ISymbol declared = body.AssociatedSymbol is IPropertySymbol property
            && (property.GetMethod is null || property.SetMethod is null)
            ? property
            : body;
        return declared.DeclaringSyntaxReferences is { Length: 1 } references
            && references[0].GetSyntax() is var syntax
                and (BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax
                    or BasePropertyDeclarationSyntax)
            ? syntax
            : null;
    }
}
