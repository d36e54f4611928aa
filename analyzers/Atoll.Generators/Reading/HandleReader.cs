using Atoll.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Atoll.Generators.Reading;

/// <summary>Which types stand for a capability.</summary>
internal static class HandleReader
{
    private const string Attribute = "Atoll.Services.Lib.CapabilityAttribute";

    // What is in no slot of a program, or has one capability that can only be moved: a grant is a copy.
    private static readonly ImmutableHashSet<string> s_stay = ["Null", "PageTable", "Dying"];

    /// <summary>The handle that a type is; null: it is none.</summary>
    public static HandleType? Read(ITypeSymbol type) =>
        Mark(type) is { } mark ? new HandleType(type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), KindOf(mark)) : null;

    /// <summary>What is wrong with the type of a handle; null: nothing.</summary>
    public static string? Refuse(ITypeSymbol type)
    {
        string kind = Mark(type) is { } mark ? KindOf(mark) : "";
        bool isMade = type is INamedTypeSymbol named && named.InstanceConstructors.Any(constructor =>
            constructor.DeclaredAccessibility == Accessibility.Public && constructor.Parameters.Length == 1
            && constructor.Parameters[0].Type.SpecialType == SpecialType.System_UInt64);
        bool isRead = type.GetMembers("Address").OfType<IPropertySymbol>().Any(property =>
            property.DeclaredAccessibility == Accessibility.Public && property.Type.SpecialType == SpecialType.System_UInt64);
        return kind.Length == 0 ? "its kind is no member of CapabilityType"
            : s_stay.Contains(kind) ? $"a capability of kind {kind} cannot be granted"
            : !isMade ? "it has no public constructor that takes the address, a ulong"
            : !isRead ? "it has no public property 'ulong Address'"
            : null;
    }

    private static AttributeData? Mark(ITypeSymbol type) =>
        type.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass?.ToDisplayString() == Attribute);

    // The name of the member with the value that is written in the attribute.
    private static string KindOf(AttributeData mark)
    {
        TypedConstant kind = mark.ConstructorArguments.FirstOrDefault();
        return kind.Type?.GetMembers().OfType<IFieldSymbol>()
            .FirstOrDefault(member => member.HasConstantValue && Equals(member.ConstantValue, kind.Value))?.Name ?? "";
    }
}
