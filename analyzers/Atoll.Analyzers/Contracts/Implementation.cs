using Microsoft.CodeAnalysis;

namespace Atoll.Analyzers.Contracts;

/// <summary>A method that is reached by the name of another.</summary>
internal sealed class Implementation(IMethodSymbol method, IMethodSymbol promised, Location place)
{
    public IMethodSymbol Method => method;

    /// <summary>The member that callers name.</summary>
    public IMethodSymbol Promised => promised;

    /// <summary>The method, or the type that chose an inherited one for its interface.</summary>
    public Location Place => place;

    /// <summary>What a class or struct has for the members of its interfaces.</summary>
    public static IEnumerable<Implementation> OfInterfaces(INamedTypeSymbol type)
    {
        if (type.TypeKind == TypeKind.Interface)
        {
            yield break;
        }

        foreach (IMethodSymbol promised in type.AllInterfaces.SelectMany(static one => one.GetMembers())
            .OfType<IMethodSymbol>())
        {
            if (type.FindImplementationForInterfaceMember(promised) is IMethodSymbol method)
            {
                bool isHere = SymbolEqualityComparer.Default.Equals(method.ContainingType, type);
                yield return new Implementation(method, promised, (isHere ? (ISymbol)method : type).Place());
            }
        }
    }

    /// <summary>What the overrides of a type stand for.</summary>
    public static IEnumerable<Implementation> OfBases(INamedTypeSymbol type) =>
        type.GetMembers().OfType<IMethodSymbol>().Where(static method => method.OverriddenMethod is not null)
            .Select(static method => new Implementation(method, method.OverriddenMethod!, method.Place()));
}
