using Atoll.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Atoll.Generators.Reading;

/// <summary>Which types travel as one word.</summary>
internal static class ScalarReader
{
    private static readonly SymbolDisplayFormat s_qualified = SymbolDisplayFormat.FullyQualifiedFormat;

    /// <summary>The scalar that a type is; null: it is none.</summary>
    public static ScalarType? Read(ITypeSymbol type)
    {
        if (type.SpecialType == SpecialType.System_Boolean)
        {
            return new ScalarType("bool", "bool", 1, IsSigned: false, Enum: null);
        }

        if (type is INamedTypeSymbol { TypeKind: TypeKind.Enum, EnumUnderlyingType: { } underlying } enumeration)
        {
            return Number(underlying) is var (bits, isSigned) ? ReadEnum(enumeration, bits, isSigned) : null;
        }

        return Number(type) is var (width, signed)
            ? new ScalarType(type.ToDisplayString(s_qualified), NumberName(width, signed), width, signed, Enum: null)
            : null;
    }

    private static ScalarType ReadEnum(INamedTypeSymbol type, int bits, bool isSigned)
    {
        string name = type.ToDisplayString(s_qualified);
        bool isFlags = type.GetAttributes().Any(attribute => attribute.AttributeClass?.ToDisplayString() == "System.FlagsAttribute");
        IFieldSymbol[] members =
        [
            .. type.GetMembers().OfType<IFieldSymbol>()
                .Where(member => member.HasConstantValue)
                .GroupBy(member => member.ConstantValue)
                .Select(alike => alike.First()),
        ];
        string wire = $"{type.Name}:{NumberName(bits, isSigned)}{(isFlags ? " flags" : "")}"
            + $"{{{string.Join(" ", members.Select(member => $"{member.Name}={member.ConstantValue}"))}}}";
        return new ScalarType(name, wire, bits, isSigned, new EnumModel(isFlags, new(members.Select(member => $"{name}.{member.Name}"))));
    }

    private static string NumberName(int bits, bool isSigned) => $"{(isSigned ? 'i' : 'u')}{bits}";

    private static (int Bits, bool IsSigned)? Number(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_Byte => (8, false),
        SpecialType.System_UInt16 => (16, false),
        SpecialType.System_UInt32 => (32, false),
        SpecialType.System_UInt64 => (64, false),
        SpecialType.System_SByte => (8, true),
        SpecialType.System_Int16 => (16, true),
        SpecialType.System_Int32 => (32, true),
        SpecialType.System_Int64 => (64, true),
        _ => null,
    };
}
