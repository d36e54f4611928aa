using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Exceptions;

/// <summary>What is wrong with a value as a divisor, as far as it is not disproved.</summary>
[Flags]
internal enum DivisorFault
{
    None = 0,

    /// <summary>It may be zero.</summary>
    Zero = 1,

    /// <summary>It may be -1, by which the lowest number cannot be divided.</summary>
    MinusOne = 2,
}

/// <summary>What types, constants and comparisons say about a divisor.</summary>
internal static class Divisors
{
    public static bool IsInteger(ITypeSymbol? type) =>
        type?.SpecialType is >= SpecialType.System_SByte and <= SpecialType.System_UInt64
            or SpecialType.System_IntPtr or SpecialType.System_UIntPtr;

    /// <summary>All that may be wrong with any value of the type.</summary>
    public static DivisorFault OfType(ITypeSymbol? type) =>
        IsSigned(type) ? DivisorFault.Zero | DivisorFault.MinusOne : DivisorFault.Zero;

    public static DivisorFault OfConstant(object value) =>
        Number(value) switch
        {
            0 => DivisorFault.Zero,
            -1 => DivisorFault.MinusOne,
            _ => DivisorFault.None,
        };

    /// <summary>What stays wrong after a conversion: a value that may be cut may be anything.</summary>
    public static DivisorFault Convert(DivisorFault faults, ITypeSymbol? from, ITypeSymbol? to)
    {
        if (!IsInteger(from) || !IsInteger(to) || Bytes(from!) > Bytes(to!))
        {
            return OfType(to);
        }

        // The highest number of an unsigned type is -1 in a signed one of the same size.
        return !IsSigned(to) ? faults & DivisorFault.Zero
            : !IsSigned(from) && Bytes(from!) == Bytes(to!) ? faults | DivisorFault.MinusOne
            : faults;
    }

    /// <summary>What a comparison with a constant disproves when it holds.</summary>
    public static DivisorFault Disproved(BinaryOperatorKind comparison, object constant)
    {
        decimal number = Number(constant);
        return comparison switch
        {
            BinaryOperatorKind.Equals => ~OfConstant(constant),
            BinaryOperatorKind.NotEquals => OfConstant(constant),
            BinaryOperatorKind.GreaterThan => Above(number + 1),
            BinaryOperatorKind.GreaterThanOrEqual => Above(number),
            BinaryOperatorKind.LessThan => Below(number - 1),
            BinaryOperatorKind.LessThanOrEqual => Below(number),
            _ => DivisorFault.None,
        };
    }

    /// <summary>The comparison that holds when this one does not.</summary>
    public static BinaryOperatorKind Opposite(BinaryOperatorKind comparison) =>
        comparison switch
        {
            BinaryOperatorKind.Equals => BinaryOperatorKind.NotEquals,
            BinaryOperatorKind.NotEquals => BinaryOperatorKind.Equals,
            BinaryOperatorKind.GreaterThan => BinaryOperatorKind.LessThanOrEqual,
            BinaryOperatorKind.GreaterThanOrEqual => BinaryOperatorKind.LessThan,
            BinaryOperatorKind.LessThan => BinaryOperatorKind.GreaterThanOrEqual,
            BinaryOperatorKind.LessThanOrEqual => BinaryOperatorKind.GreaterThan,
            _ => BinaryOperatorKind.None,
        };

    /// <summary>The comparison with its sides exchanged.</summary>
    public static BinaryOperatorKind Mirrored(BinaryOperatorKind comparison) =>
        comparison switch
        {
            BinaryOperatorKind.GreaterThan => BinaryOperatorKind.LessThan,
            BinaryOperatorKind.GreaterThanOrEqual => BinaryOperatorKind.LessThanOrEqual,
            BinaryOperatorKind.LessThan => BinaryOperatorKind.GreaterThan,
            BinaryOperatorKind.LessThanOrEqual => BinaryOperatorKind.GreaterThanOrEqual,
            _ => comparison,
        };

    /// <summary>Bytes of a value; an address counts as on this machine.</summary>
    public static int Bytes(ITypeSymbol type) => ValueExtent.SizeOf(type);

    public static bool IsSigned(ITypeSymbol? type) =>
        type?.SpecialType is SpecialType.System_SByte or SpecialType.System_Int16 or SpecialType.System_Int32
            or SpecialType.System_Int64 or SpecialType.System_IntPtr;

    private static DivisorFault Above(decimal lowest) =>
        (lowest > 0 ? DivisorFault.Zero : DivisorFault.None) | (lowest > -1 ? DivisorFault.MinusOne : DivisorFault.None);

    private static DivisorFault Below(decimal highest) =>
        (highest < 0 ? DivisorFault.Zero : DivisorFault.None) | (highest < -1 ? DivisorFault.MinusOne : DivisorFault.None);

    private static decimal Number(object value) => value is char character ? character : System.Convert.ToDecimal(value);
}
