using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace Atoll.Analyzers.State;

/// <summary>Which structs are declared to be touched by more than one core.</summary>
internal static class SharedTypes
{
    private const string Shared = "Atoll.SharedAttribute";

    // Asked at every field of every struct. Forgets a type when its compilation goes.
    private static readonly ConditionalWeakTable<ITypeSymbol, StrongBox<bool>> s_shared = new();

    /// <summary>Says whether values of the type lie where another core writes or reads.</summary>
    public static bool IsShared(ITypeSymbol? type) =>
        type is { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None }
            && s_shared.GetValue(type.OriginalDefinition, static one => new StrongBox<bool>(one.HasAttribute(Shared))).Value;
}
