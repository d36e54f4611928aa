using Microsoft.CodeAnalysis;

namespace Atoll.Analyzers.Messages;

/// <summary>One field of a message with its place, in bytes from the start.</summary>
internal readonly struct PlacedField(IFieldSymbol symbol, int offset, int size, int alignment)
{
    public IFieldSymbol Field => symbol;

    public int Offset => offset;

    public int Alignment => alignment;

    public int End => offset + size;
}

/// <summary>Where the fields of a <c>[Atoll.Message]</c> struct are, as csc and ILC place them.</summary>
internal static class MessageLayout
{
    private const string Message = "Atoll.MessageAttribute";
    private const string StructLayout = "System.Runtime.InteropServices.StructLayoutAttribute";
    private const string FieldOffset = "System.Runtime.InteropServices.FieldOffsetAttribute";
    private const string InlineArray = "System.Runtime.CompilerServices.InlineArrayAttribute";

    // LayoutKind.Explicit.
    private const int ExplicitKind = 2;

    public static bool IsMessage(ITypeSymbol? type) =>
        type is { TypeKind: TypeKind.Struct } && type.OriginalDefinition.HasAttribute(Message);

    /// <summary>The fields that take room: no constants, no statics.</summary>
    public static IEnumerable<IFieldSymbol> Fields(ITypeSymbol type) =>
        type.GetMembers().OfType<IFieldSymbol>().Where(static field => field is { IsStatic: false, IsConst: false });

    public static bool IsExplicit(ITypeSymbol type) =>
        Argument(type, StructLayout) is { } kind && Convert.ToInt32(kind) == ExplicitKind;

    /// <summary>The fields that say where they are.</summary>
    public static IEnumerable<PlacedField> Placed(ITypeSymbol type)
    {
        foreach (IFieldSymbol field in Fields(type))
        {
            if (Argument(field, FieldOffset) is int offset)
            {
                (int size, int alignment) = Extent(field);
                yield return new PlacedField(field, offset, size, alignment);
            }
        }
    }

    /// <summary>Bytes of a value of the type and its alignment; zero where that depends on the machine.</summary>
    public static (int Size, int Alignment) Extent(ITypeSymbol type)
    {
        int primitive = PrimitiveSize(type);
        if (primitive > 0 || type is not INamedTypeSymbol { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None })
        {
            return (primitive, primitive);
        }

        int end = 0;
        int alignment = 1;
        bool isExplicit = IsExplicit(type);
        foreach (IFieldSymbol field in Fields(type))
        {
            (int size, int needed) = Extent(field);
            int offset = isExplicit && Argument(field, FieldOffset) is int given
                ? given
                : needed == 0 ? end : (end + needed - 1) / needed * needed;
            end = Math.Max(end, offset + size);
            alignment = Math.Max(alignment, needed);
        }

        int count = Argument(type, InlineArray) as int? ?? 1;
        int rounded = (end + alignment - 1) / alignment * alignment;
        return (Math.Max(rounded * count, DeclaredSize(type)), alignment);
    }

    private static (int Size, int Alignment) Extent(IFieldSymbol field)
    {
        if (field is { IsFixedSizeBuffer: true, Type: IPointerTypeSymbol { PointedAtType: { } element } })
        {
            (int size, int alignment) = Extent(element);
            return (size * field.FixedSize, alignment);
        }

        return Extent(field.Type);
    }

    private static int DeclaredSize(ITypeSymbol type) =>
        Find(type, StructLayout)?.NamedArguments.FirstOrDefault(static argument => argument.Key == "Size")
            .Value.Value as int? ?? 0;

    private static int PrimitiveSize(ITypeSymbol type) =>
        (type is INamedTypeSymbol { EnumUnderlyingType: { } underlying } ? underlying : type).SpecialType switch
        {
            SpecialType.System_SByte or SpecialType.System_Byte or SpecialType.System_Boolean => 1,
            SpecialType.System_Int16 or SpecialType.System_UInt16 or SpecialType.System_Char => 2,
            SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Single => 4,
            SpecialType.System_Int64 or SpecialType.System_UInt64 or SpecialType.System_Double => 8,
            _ => 0,
        };

    private static object? Argument(ISymbol symbol, string attribute) =>
        Find(symbol, attribute)?.ConstructorArguments.FirstOrDefault().Value;

    private static AttributeData? Find(ISymbol symbol, string attribute) =>
        symbol.GetAttributes().FirstOrDefault(data => data.AttributeClass.IsNamed(attribute));
}
