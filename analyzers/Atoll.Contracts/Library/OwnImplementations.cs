using Atoll.Analyzers;
using Microsoft.CodeAnalysis;

namespace Atoll.Contracts.Library;

/// <summary>Who has written what the framework calls through a virtual method: comparers, cultures, memory managers.</summary>
/// <remarks>
/// The call does not show which one runs. But somebody must have written it, and the framework's own do no more than compare, format
/// or point at memory. So a look at every type of this compilation, and of referenced assemblies that are not the framework's, settles it.
/// </remarks>
internal sealed class OwnImplementations(Compilation compilation)
{
    private const string FormatProvider = "System.IFormatProvider";
    private const string MemoryManager = "System.Buffers.MemoryManager`1";

    private readonly Lazy<ImmutableArray<INamedTypeSymbol>> _written = new(() => [.. Find(compilation)]);

    /// <summary>A type that breaks an assumption and is not the framework's, or null. A comparer matters for its key only.</summary>
    public INamedTypeSymbol? Breaking(Assumptions assumed, ImmutableArray<ITypeSymbol> keys) =>
        assumed == Assumptions.None ? null : _written.Value.FirstOrDefault(type =>
            (assumed & Assumptions.Comparer) != 0 && type.AllInterfaces.Any(face => IsComparer(face) && keys.Any(key => Compares(face, key)))
            || (assumed & Assumptions.Format) != 0 && Formats(type)
            || (assumed & Assumptions.Memory) != 0 && ManagesMemory(type));

    private static bool Compares(INamedTypeSymbol face, ITypeSymbol key) =>
        SymbolEqualityComparer.Default.Equals(face.TypeArguments[0], key)
        || face.TypeArguments[0] is ITypeParameterSymbol or { SpecialType: SpecialType.System_Object };

    private static bool IsComparer(INamedTypeSymbol face) =>
        face is { Arity: 1, Name: "IEqualityComparer" or "IComparer" or "IAlternateEqualityComparer" } or { Arity: 2, Name: "IAlternateEqualityComparer" };

    private static bool Formats(INamedTypeSymbol type) => type.AllInterfaces.Any(static face => face.IsNamed(FormatProvider));

    private static bool ManagesMemory(INamedTypeSymbol type) => Bases(type).Any(static parent => parent.OriginalDefinition.IsNamed(MemoryManager));

    private static IEnumerable<INamedTypeSymbol> Bases(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            yield return parent;
        }
    }

    private static IEnumerable<INamedTypeSymbol> Find(Compilation compilation)
    {
        IEnumerable<INamespaceSymbol> roots = compilation.SourceModule.ReferencedAssemblySymbols
            .Where(static assembly => !FrameworkAssemblies.Contains(assembly))
            .Select(static assembly => assembly.GlobalNamespace)
            .Concat([compilation.Assembly.GlobalNamespace]);
        return roots.SelectMany(Types).Where(static type => type.AllInterfaces.Any(IsComparer) || Formats(type) || ManagesMemory(type));
    }

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol scope)
    {
        foreach (ISymbol member in scope.GetMembers())
        {
            if (member is INamedTypeSymbol type)
            {
                yield return type;
            }

            if (member is INamespaceOrTypeSymbol inner)
            {
                foreach (INamedTypeSymbol nested in Types(inner))
                {
                    yield return nested;
                }
            }
        }
    }
}
