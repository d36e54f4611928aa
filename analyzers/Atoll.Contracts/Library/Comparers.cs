using Atoll.Analyzers;
using Microsoft.CodeAnalysis;

namespace Atoll.Contracts.Library;

/// <summary>Who can have handed a collection a comparer of his own.</summary>
/// <remarks>
/// The call does not show it. But somebody must have written it, and the framework's own comparers do no more than compare.
/// So a look at every type of this compilation, and of referenced assemblies that are not the framework's, settles it.
/// </remarks>
internal sealed class Comparers(Compilation compilation)
{
    private readonly Lazy<ImmutableArray<INamedTypeSymbol>> _written = new(() => [.. Find(compilation)]);

    /// <summary>A type that compares values of this type and is not the framework's, or null.</summary>
    public INamedTypeSymbol? For(ITypeSymbol key) =>
        _written.Value.FirstOrDefault(type => type.AllInterfaces.Any(face => Compares(face, key)));

    private static bool Compares(INamedTypeSymbol face, ITypeSymbol key) =>
        IsComparer(face) && (SymbolEqualityComparer.Default.Equals(face.TypeArguments[0], key)
            || face.TypeArguments[0] is ITypeParameterSymbol or { SpecialType: SpecialType.System_Object });

    private static bool IsComparer(INamedTypeSymbol face) =>
        face is { Arity: 1, Name: "IEqualityComparer" or "IComparer" or "IAlternateEqualityComparer" } or { Arity: 2, Name: "IAlternateEqualityComparer" };

    private static IEnumerable<INamedTypeSymbol> Find(Compilation compilation)
    {
        IEnumerable<INamespaceSymbol> roots = compilation.SourceModule.ReferencedAssemblySymbols
            .Where(static assembly => !FrameworkAssemblies.Contains(assembly))
            .Select(static assembly => assembly.GlobalNamespace)
            .Concat([compilation.Assembly.GlobalNamespace]);
        return roots.SelectMany(Types).Where(static type => type.AllInterfaces.Any(IsComparer));
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

/// <summary>Which assemblies are .NET's own.</summary>
internal static class FrameworkAssemblies
{
    public static bool Contains(IAssemblySymbol assembly) =>
        assembly.Name is "mscorlib" or "netstandard" or "WindowsBase" or "Microsoft.CSharp" or "Microsoft.VisualBasic.Core" or "System"
        || assembly.Name.StartsWith("System.", StringComparison.Ordinal) && IsSigned(assembly)
        || assembly.Name.StartsWith("Microsoft.Win32.", StringComparison.Ordinal);

    // A package may be named System.Something; the framework's own keys are few.
    private static bool IsSigned(IAssemblySymbol assembly) =>
        assembly.Identity.PublicKeyToken is { Length: 8 } token
        && (token[0], token[1], token[7]) is (0xb0, 0x3f, 0x3a) or (0x7c, 0xec, 0x8e) or (0xb7, 0x7a, 0x89) or (0xcc, 0x7b, 0x51);
}
