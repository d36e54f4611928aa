using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace Atoll.Analyzers;

/// <summary>What <c>[assembly: Atoll.KernelProfile]</c> and <c>[Atoll.Trusted]</c> say about a compilation.</summary>
/// <remarks>
/// Attributes are recognised by name: the image and a host build declare them in different assemblies.
/// Every body of a profiled assembly is checked, so a call is proved when the callee's assembly is profiled.
/// </remarks>
internal sealed class KernelProfile
{
    private const string ProfileAttribute = "Atoll.KernelProfileAttribute";
    private const string TrustedAttribute = "Atoll.TrustedAttribute";

    // Whatever is found is looked up, and a type is around each of its members.
    private static readonly ConditionalWeakTable<ISymbol, StrongBox<bool>> s_trusted = new();

    private readonly ConcurrentDictionary<IAssemblySymbol, bool> _verified = new(SymbolEqualityComparer.Default);

    private KernelProfile(Compilation compilation)
    {
        Compilation = compilation;
        IsCoreLibrary = SymbolEqualityComparer.Default.Equals(
            compilation.GetSpecialType(SpecialType.System_Object).ContainingAssembly, compilation.Assembly);
    }

    public Compilation Compilation { get; }

    /// <summary>
    /// Says whether this compilation defines <c>System.Object</c>: only there intrinsics are recognised by ILC.
    /// </summary>
    public bool IsCoreLibrary { get; }

    /// <summary>The profile of a compilation, or null when it has not opted in.</summary>
    public static KernelProfile? Of(Compilation compilation) =>
        compilation.Assembly.HasAttribute(ProfileAttribute) ? new KernelProfile(compilation) : null;

    /// <summary>Says whether every body of the assembly is checked by these rules.</summary>
    public bool IsVerified(IAssemblySymbol assembly) =>
        _verified.GetOrAdd(assembly, static candidate => candidate.HasAttribute(ProfileAttribute));

    /// <summary>Says whether the symbol, or what it is declared in, is <c>[Trusted]</c> with a reason.</summary>
    /// <remarks>An empty <c>Safety</c> text gives no reason, so it ends no proof.</remarks>
    public static bool IsTrusted(ISymbol? symbol) =>
        symbol is not (null or INamespaceSymbol) && s_trusted.GetValue(symbol, static scope => new StrongBox<bool>(
            GivesReason(scope) || scope is IMethodSymbol { AssociatedSymbol: { } owner } && GivesReason(owner)
                || IsTrusted(scope.ContainingSymbol))).Value;

    private static bool GivesReason(ISymbol symbol)
    {
        foreach (AttributeData attribute in symbol.GetAttributes())
        {
            if (attribute.AttributeClass.IsNamed(TrustedAttribute))
            {
                return attribute.NamedArguments.Any(static argument =>
                    argument.Key == "Safety" && argument.Value.Value is string text
                        && !string.IsNullOrWhiteSpace(text));
            }
        }

        return false;
    }
}
