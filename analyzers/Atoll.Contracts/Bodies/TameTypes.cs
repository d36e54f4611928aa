using Atoll.Analyzers;
using Microsoft.CodeAnalysis;

namespace Atoll.Contracts.Bodies;

/// <summary>Types of the framework whose equality, hash code, order and formatting into a span do nothing but compute.</summary>
internal static class TameTypes
{
    private static readonly ImmutableArray<string> s_names =
    [
        "System.Guid", "System.TimeSpan", "System.DateTimeOffset", "System.DateOnly", "System.TimeOnly", "System.Int128", "System.UInt128",
        "System.Half", "System.Text.Rune", "System.Index", "System.Range",
    ];

    public static bool Contains(ITypeSymbol type) =>
        type.SpecialType is >= SpecialType.System_Boolean and <= SpecialType.System_String
            or SpecialType.System_IntPtr or SpecialType.System_UIntPtr or SpecialType.System_DateTime
        || type.TypeKind == TypeKind.Enum
        || s_names.Any(name => type.IsNamed(name));
}
