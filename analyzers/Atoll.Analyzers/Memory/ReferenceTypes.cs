using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace Atoll.Analyzers.Memory;

/// <summary>Finds the object reference inside a type.</summary>
internal sealed class ReferenceTypes(KernelProfile profile)
{
    private readonly ConcurrentDictionary<ITypeSymbol, ITypeSymbol?> _found = new(SymbolEqualityComparer.Default);

    /// <summary>The reference type that a value of <paramref name="type"/> holds, or null when it holds none.</summary>
    public ITypeSymbol? Find(ITypeSymbol type) =>
        type switch
        {
            IPointerTypeSymbol pointer => Find(pointer.PointedAtType),
            IFunctionPointerTypeSymbol pointer => FindInSignature(pointer.Signature),
            { TypeKind: TypeKind.Error } or { SpecialType: SpecialType.System_Void } => null,
            { IsReferenceType: true } => type,
            INamedTypeSymbol named =>
                _found.GetOrAdd(named, _ => FindInArguments(named) ?? (HidesReference(named) ? named : null)),
            _ => null,
        };

    private ITypeSymbol? FindInSignature(IMethodSymbol signature) =>
        Find(signature.ReturnType)
        ?? signature.Parameters.Select(parameter => Find(parameter.Type)).FirstOrDefault(IsFound);

    private ITypeSymbol? FindInArguments(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? scope = type; scope is not null; scope = scope.ContainingType)
        {
            if (scope.TypeArguments.Select(Find).FirstOrDefault(IsFound) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    // A struct of a profiled assembly was checked field by field there. Of any other, the compiler knows the answer,
    // except for a ref struct (never unmanaged) and for one that depends on a type parameter.
    private bool HidesReference(INamedTypeSymbol type) =>
        type is { IsUnmanagedType: false, IsRefLikeType: false, IsValueType: true }
        && !profile.IsVerified(type.ContainingAssembly)
        && !MentionsTypeParameter(type);

    private static bool MentionsTypeParameter(INamedTypeSymbol type) =>
        type.TypeArguments.Any(static argument =>
            argument is ITypeParameterSymbol || argument is INamedTypeSymbol inner && MentionsTypeParameter(inner))
        || type.ContainingType is { } outer && MentionsTypeParameter(outer);

    private static bool IsFound(ITypeSymbol? type) => type is not null;
}
