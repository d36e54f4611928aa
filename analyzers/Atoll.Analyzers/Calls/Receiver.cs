using Microsoft.CodeAnalysis;

namespace Atoll.Analyzers.Calls;

/// <summary>What the static type of a receiver says about the implementation that a call reaches.</summary>
internal static class Receiver
{
    /// <summary>Says whether a more derived type can provide another implementation.</summary>
    /// <remarks>
    /// ILC compiles generic code once per struct, so a type parameter is as good as the struct, unless its constraints
    /// admit only classes. Binding it to a class is ATL0007.
    /// </remarks>
    public static bool MayBeOverridden(ITypeSymbol receiver) =>
        receiver switch
        {
            ITypeParameterSymbol parameter => parameter.IsReferenceType,
            { IsValueType: true } => false,
            { IsSealed: true } => false,
            _ => true,
        };
}
