using System.Collections.Concurrent;
using Atoll.Analyzers;
using Microsoft.CodeAnalysis;

namespace Atoll.Contracts;

/// <summary>What the attributes on a method, and on all that it is in or implements, say.</summary>
/// <param name="Guarantees">What it promises.</param>
/// <param name="AllowsAllocation">It carries <c>[AllowAlloc]</c> with a reason.</param>
internal readonly record struct DeclaredContract(Guarantees Guarantees, bool AllowsAllocation);

/// <summary>Reads contracts from attributes. They are recognised by name: each assembly has its own.</summary>
internal sealed class DeclaredContracts(Guarantees forced)
{
    private const string AllowAlloc = "Atoll.AllowAllocAttribute";

    private readonly ConcurrentDictionary<ISymbol, DeclaredContract> _methods = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, Guarantees> _scopes = new(SymbolEqualityComparer.Default);

    public DeclaredContract Of(IMethodSymbol method) => _methods.GetOrAdd(method.Body(), symbol => Read((IMethodSymbol)symbol));

    /// <summary>Says whether an <c>[AllowAlloc]</c> stands here without a reason.</summary>
    public static Location? AllowanceWithoutReason(ISymbol symbol)
    {
        foreach (AttributeData attribute in symbol.GetAttributes())
        {
            if (attribute.AttributeClass.IsNamed(AllowAlloc) && !GivesReason(attribute))
            {
                return attribute.ApplicationSyntaxReference?.GetSyntax().GetLocation() ?? symbol.Locations[0];
            }
        }

        return null;
    }

    private DeclaredContract Read(IMethodSymbol method)
    {
        Guarantees found = Own(method);
        bool allows = Allows(method);
        if (method.AssociatedSymbol is { } owner)
        {
            found |= Own(owner);
            allows |= Allows(owner);
        }

        found |= method.ContainingSymbol switch
        {
            // A local function is a part of the text of its method. A lambda runs when somebody invokes it.
            IMethodSymbol outer when method.MethodKind == MethodKind.LocalFunction => Of(outer).Guarantees,
            INamedTypeSymbol type => OfScope(method, type),
            _ => Guarantees.None,
        };
        foreach (IMethodSymbol promised in Promised(method))
        {
            found |= Of(promised).Guarantees;
        }

        if (method.MethodKind == MethodKind.LocalFunction && method.ContainingSymbol is IMethodSymbol around && Of(around).AllowsAllocation)
        {
            allows = true;
        }

        return new DeclaredContract(allows ? found & ~Guarantees.NoGC : found, allows);
    }

    // Making an object of a class is an allocation whatever its constructor does, and a static constructor runs once.
    private Guarantees OfScope(IMethodSymbol method, INamedTypeSymbol type)
    {
        Guarantees scope = Scope(type);
        return method.MethodKind switch
        {
            MethodKind.StaticConstructor => Guarantees.None,
            MethodKind.Constructor when type.IsReferenceType => scope & ~Guarantees.NoGC,
            MethodKind.Destructor => Guarantees.None,
            _ => scope,
        };
    }

    private Guarantees Scope(ISymbol scope) =>
        _scopes.GetOrAdd(scope, symbol => Own(symbol) | symbol switch
        {
            INamedTypeSymbol { ContainingType: { } outer } => Scope(outer),
            INamedTypeSymbol { ContainingAssembly: { } assembly } => Scope(assembly),
            _ => Guarantees.None,
        } | (symbol.Locations.FirstOrDefault() is { IsInSource: true } ? forced : Guarantees.None));

    private static Guarantees Own(ISymbol symbol)
    {
        var found = Guarantees.None;
        foreach (AttributeData attribute in symbol.GetAttributes())
        {
            if (attribute.AttributeClass is { ContainingNamespace: { Name: "Atoll", ContainingNamespace.IsGlobalNamespace: true } } marker)
            {
                foreach ((Guarantees guarantee, _, string name) in GuaranteeNames.Each)
                {
                    found |= marker.IsNamed(name) ? guarantee : Guarantees.None;
                }
            }
        }

        return found;
    }

    private static bool Allows(ISymbol symbol) =>
        symbol.GetAttributes().Any(static attribute => attribute.AttributeClass.IsNamed(AllowAlloc) && GivesReason(attribute));

    private static bool GivesReason(AttributeData attribute) =>
        !attribute.ConstructorArguments.IsEmpty && attribute.ConstructorArguments[0].Value is string reason && !string.IsNullOrWhiteSpace(reason);

    // What a caller through the base or the interface counts on.
    private static IEnumerable<IMethodSymbol> Promised(IMethodSymbol method)
    {
        if (method.OverriddenMethod is { } overridden)
        {
            yield return overridden;
        }

        if (method.ContainingType is not { TypeKind: TypeKind.Class or TypeKind.Struct } type || method.MethodKind == MethodKind.LocalFunction)
        {
            yield break;
        }

        foreach (INamedTypeSymbol face in type.AllInterfaces)
        {
            foreach (ISymbol member in face.GetMembers())
            {
                if (member is IMethodSymbol promised && MayImplement(method, promised)
                    && SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(promised), method))
                {
                    yield return promised;
                }
            }
        }
    }

    // A cheap question before a dear one.
    private static bool MayImplement(IMethodSymbol method, IMethodSymbol promised) =>
        promised.Parameters.Length == method.Parameters.Length
        && (promised.Name == method.Name || !method.ExplicitInterfaceImplementations.IsEmpty);
}
