using Microsoft.CodeAnalysis;

namespace Atoll.Analyzers;

/// <summary>Fields of explicit layouts that lie on each other.</summary>
internal static class Overlays
{
    /// <summary>Another field that has a byte of this one, or null.</summary>
    public static IFieldSymbol? Other(IFieldSymbol field)
    {
        if (field.IsStatic || field.IsConst || field.ContainingType is not { TypeKind: TypeKind.Struct } type
            || !ValueExtent.IsExplicit(type))
        {
            return null;
        }

        (long start, long end) = Place(field);
        return ValueExtent.Fields(type).FirstOrDefault(other =>
            !SymbolEqualityComparer.Default.Equals(other, field) && Place(other) is var (otherStart, otherEnd)
                && otherStart < end && start < otherEnd);
    }

    // What has no size here, such as a type parameter, has one of its own at least.
    private static (long Start, long End) Place(IFieldSymbol field)
    {
        long start = ValueExtent.Offset(field) ?? 0;
        return (start, start + Math.Max(1, ValueExtent.Of(field, ValueExtent.WordBytes).Size));
    }
}
