using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace Atoll.Analyzers.Ownership;

/// <summary>Which types have one owner, and where they are made and ended.</summary>
internal static class Owned
{
    private const string Linear = "Atoll.LinearAttribute";
    private const string NonCopyable = "Atoll.NonCopyableAttribute";
    private const string AllowLinear = "Atoll.AllowLinearAttribute";
    private const string Consumes = "Atoll.ConsumesAttribute";

    // Deeper than any struct that means something; one that contains itself has no end.
    private const int DepthMax = 32;

    private static readonly ConditionalWeakTable<ITypeSymbol, StrongBox<Kind>> s_kinds = new();

    private enum Kind
    {
        Free,
        NonCopyable,
        Linear,
    }

    /// <summary>Says whether values of the type must not be copied.</summary>
    /// <remarks>A type parameter that admits them is held to the same, as nobody knows what it will be.</remarks>
    public static bool IsOwned(ITypeSymbol? type) =>
        type switch
        {
            ITypeParameterSymbol parameter => parameter.HasAttribute(AllowLinear),
            INamedTypeSymbol { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None } =>
                KindOf(type) is not Kind.Free,
            _ => false,
        };

    /// <summary>Says whether values of the type must also be consumed.</summary>
    public static bool IsLinear(ITypeSymbol? type) =>
        type is INamedTypeSymbol { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None } && KindOf(type) is Kind.Linear;

    // Asked of the type of every operation there is.
    private static Kind KindOf(ITypeSymbol type) =>
        s_kinds.GetValue(type.OriginalDefinition, static one => new StrongBox<Kind>(
            one.HasAttribute(Linear) ? Kind.Linear : one.HasAttribute(NonCopyable) ? Kind.NonCopyable : Kind.Free)).Value;

    /// <summary>Says whether calling the method ends its receiver.</summary>
    public static bool EndsReceiver(IMethodSymbol method) => method.OriginalDefinition.HasAttribute(Consumes);

    /// <summary>Says whether the symbol is a member of the type, at any depth: there its values are made and ended.</summary>
    public static bool IsMint(ISymbol? symbol, ITypeSymbol type)
    {
        for (INamedTypeSymbol? scope = symbol?.ContainingType; scope is not null; scope = scope.ContainingType)
        {
            if (SymbolEqualityComparer.Default.Equals(scope.OriginalDefinition, type.OriginalDefinition))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The owned type itself, or the first one among the fields of a struct.</summary>
    public static ITypeSymbol? In(ITypeSymbol? type) => In(type, DepthMax);

    private static ITypeSymbol? In(ITypeSymbol? type, int depth) =>
        IsOwned(type) ? type
        : depth > 0 && type is { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None }
            ? ValueExtent.Fields(type).Select(field => In(field.Type, depth - 1)).FirstOrDefault(static inside => inside is not null)
        : null;

    /// <summary>The owned type that this one keeps where it can be copied: in an array, or as a type argument.</summary>
    public static ITypeSymbol? KeptIn(ITypeSymbol? type) =>
        type switch
        {
            IArrayTypeSymbol array => IsOwned(array.ElementType) ? array.ElementType : KeptIn(array.ElementType),
            INamedTypeSymbol { IsTupleType: true } tuple => tuple.TupleElements
                .Select(static element => IsOwned(element.Type) ? element.Type : KeptIn(element.Type))
                .FirstOrDefault(static kept => kept is not null),
            INamedTypeSymbol named =>
                Refused(named.TypeParameters, named.TypeArguments) ?? KeptIn(named.ContainingType),
            IPointerTypeSymbol pointer => KeptIn(pointer.PointedAtType),
            _ => null,
        };

    /// <summary>The first owned type that is bound to a parameter which does not admit it.</summary>
    public static ITypeSymbol? Refused(
        ImmutableArray<ITypeParameterSymbol> parameters, ImmutableArray<ITypeSymbol> arguments)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            ITypeSymbol? kept = IsOwned(arguments[i]) ? arguments[i] : KeptIn(arguments[i]);
            bool isInDefinition = SymbolEqualityComparer.Default.Equals(parameters[i], arguments[i]);
            if (kept is not null && !isInDefinition && !parameters[i].HasAttribute(AllowLinear))
            {
                return kept;
            }
        }

        return null;
    }
}
