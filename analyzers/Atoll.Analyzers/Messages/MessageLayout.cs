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

/// <summary>Where the fields of a <c>[Atoll.Message]</c> struct are.</summary>
internal static class MessageLayout
{
    private const string Message = "Atoll.MessageAttribute";

    // An address has no size that both ends must share: it is not for a message.
    private const int AddressBytes = 0;

    public static bool IsMessage(ITypeSymbol? type) =>
        type is { TypeKind: TypeKind.Struct } && type.OriginalDefinition.HasAttribute(Message);

    /// <summary>The fields that take room: no constants, no statics.</summary>
    public static IEnumerable<IFieldSymbol> Fields(ITypeSymbol type) => ValueExtent.Fields(type);

    public static bool IsExplicit(ITypeSymbol type) => ValueExtent.IsExplicit(type);

    /// <summary>The fields that say where they are.</summary>
    public static IEnumerable<PlacedField> Placed(ITypeSymbol type)
    {
        foreach (IFieldSymbol field in Fields(type))
        {
            if (ValueExtent.Offset(field) is { } offset)
            {
                (int size, int alignment) = ValueExtent.Of(field, AddressBytes);
                yield return new PlacedField(field, offset, size, alignment);
            }
        }
    }

    /// <summary>Bytes of a value of the type; zero where that depends on the machine.</summary>
    public static int SizeOf(ITypeSymbol type) => ValueExtent.Of(type, AddressBytes).Size;
}
