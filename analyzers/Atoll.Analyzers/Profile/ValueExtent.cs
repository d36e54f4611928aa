using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace Atoll.Analyzers;

/// <summary>How many bytes a value takes, as csc and ILC place its fields.</summary>
internal static class ValueExtent
{
    /// <summary>Bytes of an address on x86-64.</summary>
    public const int WordBytes = 8;

    private const string StructLayout = "System.Runtime.InteropServices.StructLayoutAttribute";
    private const string FieldOffset = "System.Runtime.InteropServices.FieldOffsetAttribute";
    private const string InlineArray = "System.Runtime.CompilerServices.InlineArrayAttribute";

    // LayoutKind.Explicit.
    private const int ExplicitKind = 2;

    // The same few structs are asked about at every use.
    private static readonly ConditionalWeakTable<ITypeSymbol, StrongBox<int>> s_sizes = new();

    // Deeper than any struct that means something.
    private const int DepthMax = 32;

    /// <summary>Bytes of a value of the type in memory of this machine; a type parameter counts as nothing.</summary>
    public static int SizeOf(ITypeSymbol type) =>
        PrimitiveSize(type, WordBytes) is > 0 and var bytes
            ? bytes
            : s_sizes.GetValue(type, static one => new StrongBox<int>(Of(one, WordBytes).Size)).Value;

    /// <summary>Bytes and alignment, where an address counts as so many bytes: zero if it has no place in the layout.</summary>
    /// <remarks>A struct that contains itself has no size. csc refuses it, but rules run while it is being typed.</remarks>
    public static (int Size, int Alignment) Of(ITypeSymbol type, int wordBytes) => Of(type, wordBytes, DepthMax) ?? (0, 1);

    /// <summary>Bytes and alignment of a field, which may be a buffer or a reference.</summary>
    public static (int Size, int Alignment) Of(IFieldSymbol field, int wordBytes) => Of(field, wordBytes, DepthMax) ?? (0, 1);

    // Null as soon as one path is too deep, so that no other is followed: of a generic one there may be very many.
    private static (int Size, int Alignment)? Of(ITypeSymbol type, int wordBytes, int depth)
    {
        int primitive = PrimitiveSize(type, wordBytes);
        if (primitive > 0 || type is not INamedTypeSymbol { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None })
        {
            return (primitive, primitive);
        }

        if (Lay(type, wordBytes, depth) is not { } places)
        {
            return null;
        }

        int alignment = places.Select(static place => place.Alignment).DefaultIfEmpty(1).Max();
        long end = places.Select(static place => place.Offset + place.Size).DefaultIfEmpty(0).Max();
        return (Math.Max(Bounded(RoundUp(end, alignment) * Count(type)), DeclaredSize(type)), alignment);
    }

    /// <summary>Where each field of a struct lies, its bytes, and what its place is a multiple of; null when it contains itself.</summary>
    public static IReadOnlyList<(IFieldSymbol Field, long Offset, int Size, int Alignment)>? Lay(ITypeSymbol type) =>
        Lay(type, WordBytes, DepthMax);

    private static List<(IFieldSymbol Field, long Offset, int Size, int Alignment)>? Lay(ITypeSymbol type, int wordBytes, int depth)
    {
        var places = new List<(IFieldSymbol, long, int, int)>();
        long end = 0;
        bool isExplicit = IsExplicit(type);
        int pack = Named(type, "Pack") is > 0 and var bytes ? bytes : int.MaxValue;
        foreach (IFieldSymbol field in Fields(type))
        {
            if (depth == 0 || Of(field, wordBytes, depth - 1) is not (int size, int natural))
            {
                return null;
            }

            int needed = Math.Min(natural, pack);
            long offset = isExplicit && Offset(field) is { } given ? given : RoundUp(end, needed);
            end = Math.Max(end, offset + size);
            places.Add((field, offset, size, needed));
        }

        return places;
    }

    /// <summary>How many times an inline array has its one field, else 1.</summary>
    public static int Count(ITypeSymbol type) => Argument(type, InlineArray) as int? ?? 1;

    private static (int Size, int Alignment)? Of(IFieldSymbol field, int wordBytes, int depth)
    {
        if (field.RefKind != RefKind.None)
        {
            return (wordBytes, wordBytes);
        }

        if (field is { IsFixedSizeBuffer: true, Type: IPointerTypeSymbol { PointedAtType: { } element } })
        {
            return Of(element, wordBytes, depth) is (int size, int alignment)
                ? (Bounded((long)size * field.FixedSize), alignment)
                : null;
        }

        return Of(field.Type, wordBytes, depth);
    }

    /// <summary>The fields that take room: no constants, no statics.</summary>
    public static IEnumerable<IFieldSymbol> Fields(ITypeSymbol type) =>
        type.GetMembers().OfType<IFieldSymbol>().Where(static field => field is { IsStatic: false, IsConst: false });

    public static bool IsExplicit(ITypeSymbol type) =>
        Argument(type, StructLayout) is { } kind && Convert.ToInt32(kind) == ExplicitKind;

    /// <summary>Where a field says that it is, in bytes from the start.</summary>
    public static int? Offset(IFieldSymbol field) => Argument(field, FieldOffset) as int?;

    private static long RoundUp(long bytes, int alignment) =>
        alignment == 0 ? bytes : (bytes + alignment - 1) / alignment * alignment;

    // csc takes lengths that no memory has.
    private static int Bounded(long bytes) => (int)Math.Min(bytes, int.MaxValue);

    private static int DeclaredSize(ITypeSymbol type) => Named(type, "Size");

    private static int Named(ITypeSymbol type, string name) =>
        Find(type, StructLayout)?.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value.Value as int? ?? 0;

    private static int PrimitiveSize(ITypeSymbol type, int wordBytes) =>
        (type is INamedTypeSymbol { EnumUnderlyingType: { } underlying } ? underlying : type) switch
        {
            { SpecialType: SpecialType.System_SByte or SpecialType.System_Byte or SpecialType.System_Boolean } => 1,
            { SpecialType: SpecialType.System_Int16 or SpecialType.System_UInt16 or SpecialType.System_Char } => 2,
            { SpecialType: SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Single } => 4,
            { SpecialType: SpecialType.System_Int64 or SpecialType.System_UInt64 or SpecialType.System_Double } => 8,
            { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr } => wordBytes,
            { TypeKind: TypeKind.Pointer or TypeKind.FunctionPointer } or { IsReferenceType: true } => wordBytes,
            _ => 0,
        };

    private static object? Argument(ISymbol symbol, string attribute) =>
        Find(symbol, attribute)?.ConstructorArguments.FirstOrDefault().Value;

    private static AttributeData? Find(ISymbol symbol, string attribute) =>
        symbol.GetAttributes().FirstOrDefault(data => data.AttributeClass.IsNamed(attribute));
}
