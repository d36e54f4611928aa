using System.Reflection;
using Microsoft.CodeAnalysis;

namespace Atoll.Analyzers;

/// <summary>Questions about symbols that more than one rule asks.</summary>
internal static class SymbolFacts
{
    // TypeKind.Extension.
    private const TypeKind ExtensionKind = (TypeKind)14;

    private static readonly PropertyInfo? s_extensionParameter = typeof(INamedTypeSymbol).GetProperty("ExtensionParameter");

    /// <summary>
    /// Compares with a full metadata name without nesting, such as <c>System.ThreadStaticAttribute</c>.
    /// </summary>
    public static bool IsNamed(this ITypeSymbol? type, string fullName)
    {
        if (type is not { ContainingType: null })
        {
            return false;
        }

        // From the right, part by part, so that no string is built for the types that differ (nearly all of them).
        int end = fullName.Length;
        for (INamespaceOrTypeSymbol part = type; ; part = part.ContainingNamespace)
        {
            int start = end - part.MetadataName.Length;
            if (start < 0
                || string.CompareOrdinal(fullName, start, part.MetadataName, 0, part.MetadataName.Length) != 0)
            {
                return false;
            }

            if (part.ContainingNamespace is not { IsGlobalNamespace: false })
            {
                return start == 0;
            }

            if (start == 0 || fullName[start - 1] != '.')
            {
                return false;
            }

            end = start - 1;
        }
    }

    public static bool HasAttribute(this ISymbol symbol, string fullName)
    {
        foreach (AttributeData attribute in symbol.GetAttributes())
        {
            if (attribute.AttributeClass.IsNamed(fullName))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Says whether the type derives from <c>System.Attribute</c>: such code is metadata and never runs.
    /// </summary>
    public static bool IsAttributeClass(this ITypeSymbol? type)
    {
        for (ITypeSymbol? ancestor = type; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if (ancestor.IsNamed("System.Attribute"))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Says whether values of the type are object references, or may be once a type parameter is bound.
    /// </summary>
    public static bool IsReference(this ITypeSymbol? type) =>
        type is { IsReferenceType: true } and not { TypeKind: TypeKind.Error };

    /// <summary>Says whether a conversion from the type to a reference type makes a box.</summary>
    public static bool IsBoxable(this ITypeSymbol? type) =>
        type is { IsValueType: true } or ITypeParameterSymbol { IsReferenceType: false };

    /// <summary>
    /// The symbol that a body belongs to: the declaration, the unsubstituted form, the defining part.
    /// </summary>
    public static IMethodSymbol Body(this IMethodSymbol method)
    {
        IMethodSymbol unreduced = (method.ReducedFrom ?? method).OriginalDefinition;
        return unreduced.PartialDefinitionPart ?? unreduced;
    }

    /// <summary>Says whether ILC replaces the body: a self-call there is how an intrinsic is written.</summary>
    public static bool IsIntrinsic(this IMethodSymbol method)
    {
        const string Intrinsic = "System.Runtime.CompilerServices.IntrinsicAttribute";
        return method.HasAttribute(Intrinsic)
            || method.AssociatedSymbol?.HasAttribute(Intrinsic) == true
            || method.ContainingType?.HasAttribute(Intrinsic) == true;
    }

    /// <summary>What a member of an <c>extension</c> block has as its receiver (C# 14), or null of any other.</summary>
    /// <remarks>The Roslyn that this is built against does not know it yet; the one that runs may.</remarks>
    public static IParameterSymbol? ExtendedAs(this ISymbol? member) =>
        member is { IsStatic: false, ContainingType: { TypeKind: ExtensionKind } block }
            ? s_extensionParameter?.GetValue(block) as IParameterSymbol
            : null;

    /// <summary>Where the symbol is declared: nowhere for what csc makes, such as the parameter of a program without a Main.</summary>
    public static Location Place(this ISymbol symbol) => symbol.Locations.FirstOrDefault() ?? Location.None;

    public static string Display(this ISymbol symbol) =>
        symbol.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);
}
