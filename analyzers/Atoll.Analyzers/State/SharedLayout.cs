using Microsoft.CodeAnalysis;

namespace Atoll.Analyzers.State;

/// <summary>Whether each word of shared memory lies so that one access is enough for it.</summary>
/// <remarks>
/// A word at a multiple of its size is inside of one cache line and is read and written at once (Intel SDM Vol. 3A, "Guaranteed
/// Atomic Operations"; AMD64 APM Vol. 2, "Access Atomicity"). Anywhere else it may be two accesses, Volatile or not.
/// </remarks>
internal static class SharedLayout
{
    // As ValueExtent.
    private const int DepthMax = 32;

    /// <summary>The fields of a struct that lie wrong, each with where it is and what it should be a multiple of.</summary>
    public static IEnumerable<(IFieldSymbol Field, long Offset, int Needed)> Misplaced(INamedTypeSymbol type)
    {
        bool isShared = SharedTypes.IsShared(type);
        return (ValueExtent.Lay(type) ?? [])
            .Where(place => isShared || HoldsShared(place.Field.Type, DepthMax))
            .Select(static place => (place.Field, place.Offset, Needed: Word(place.Field, DepthMax)))
            .Where(static place => place.Offset % place.Needed != 0 || HoldsMisplaced(place.Field.Type, DepthMax));
    }

    /// <summary>What the addresses of a struct's values are a multiple of, and what they should be, where that is more.</summary>
    public static (int Given, int Needed)? Unaligned(INamedTypeSymbol type)
    {
        int needed = Word(type, DepthMax);
        (int size, int given) = ValueExtent.Of(type, ValueExtent.WordBytes);
        return given < needed ? (given, needed) : size % needed != 0 ? (size, needed) : null;
    }

    // The size of the largest word in it.
    private static int Word(IFieldSymbol field, int depth) =>
        field.RefKind != RefKind.None ? ValueExtent.WordBytes
        : field is { IsFixedSizeBuffer: true, Type: IPointerTypeSymbol { PointedAtType: { } element } } ? Word(element, depth)
        : Word(field.Type, depth);

    private static int Word(ITypeSymbol type, int depth) =>
        IsStruct(type)
            ? ValueExtent.Fields(type).Select(field => depth == 0 ? 1 : Word(field, depth - 1)).DefaultIfEmpty(1).Max()
            : Math.Max(1, ValueExtent.SizeOf(type));

    // Of a shared one it is reported where that is declared.
    private static bool HoldsMisplaced(ITypeSymbol type, int depth) =>
        depth > 0 && IsStruct(type) && !SharedTypes.IsShared(type)
            && (ValueExtent.Lay(type) ?? []).Any(place =>
                place.Offset % Word(place.Field, DepthMax) != 0
                || ValueExtent.Count(type) > 1 && place.Size % Word(place.Field, DepthMax) != 0
                || HoldsMisplaced(place.Field.Type, depth - 1));

    private static bool HoldsShared(ITypeSymbol type, int depth) =>
        SharedTypes.IsShared(type)
            || depth > 0 && IsStruct(type) && ValueExtent.Fields(type).Any(field => HoldsShared(field.Type, depth - 1));

    private static bool IsStruct(ITypeSymbol type) => type is { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None };
}
